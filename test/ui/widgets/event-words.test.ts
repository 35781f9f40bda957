import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {charset, setCharset} from '../../../source/text/charset.js';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import {detailWords} from '../../../source/ui/widgets/event-words.js';

const before = charset();
after(() => setCharset(before));

const connection = {
	process_kprobe: {
		process: {binary: '/usr/bin/curl'},
		function_name: 'tcp_connect',
		args: [{sock_arg: {saddr: '10.0.0.1', sport: 4000, daddr: '10.0.0.2', dport: 80}}],
	},
};

test('a connection has the arrow of the screen, and that of ASCII where the screen is', () => {
	setCharset('unicode');
	assert.equal(detailWords(connection, unicodeGlyphs, 200), 'curl → 10.0.0.2:80');
	setCharset('ascii');
	assert.equal(detailWords(connection, asciiGlyphs, 200), 'curl -> 10.0.0.2:80');
});

test('an arrow in a command line stays as it was typed', () => {
	setCharset('unicode');
	const exec = {process_exec: {process: {binary: '/bin/echo', arguments: 'a -> b <- c'}}};
	assert.equal(detailWords(exec, unicodeGlyphs, 200), '/bin/echo a -> b <- c');
});
