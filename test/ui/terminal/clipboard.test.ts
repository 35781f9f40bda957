import assert from 'node:assert/strict';
import {test} from 'node:test';
import xterm from '@xterm/headless';
import {own, safe} from '../../../source/text/safe.js';
import {Bell} from '../../../source/ui/terminal/bell.js';
import {copySequence} from '../../../source/ui/terminal/clipboard.js';
import {titleSequence} from '../../../source/ui/terminal/title.js';

/** What OSC 52 a terminal understands in the bytes, decoded. */
async function copied(bytes: string): Promise<string[]> {
	const terminal = new xterm.Terminal({allowProposedApi: true});
	const found: string[] = [];
	terminal.parser.registerOscHandler(52, data => {
		found.push(Buffer.from(data.replace(/^c;/, ''), 'base64').toString());
		return true;
	});
	await new Promise<void>(resolve => terminal.write(bytes, resolve));
	assert.equal(terminal.buffer.active.cursorX, 0, 'nothing is printed');
	terminal.dispose();
	return found;
}

const lines = [own('kubectl get pod'), safe('naïve\n日')];

test('what is copied is what was shown, on as many lines', async () => {
	assert.deepEqual(await copied(copySequence(lines, {}) ?? ''), ['kubectl get pod\nnaïve\\n日']);
});

test('inside tmux it goes both ways: to tmux, and through it to the terminal', async () => {
	const bytes = copySequence(lines, {TMUX: '/tmp/tmux-0/default,1,0'}) ?? '';
	assert.deepEqual(await copied(bytes.slice(0, bytes.indexOf('\u001BP'))), ['kubectl get pod\nnaïve\\n日']);
	const passed = bytes.slice(bytes.indexOf('\u001BPtmux;') + 7, -2).replaceAll('\u001B\u001B', '\u001B');
	assert.deepEqual(await copied(passed), ['kubectl get pod\nnaïve\\n日']);
});

test('inside GNU screen it goes in pieces that screen hands on', async () => {
	const bytes = copySequence([safe('x'.repeat(2000))], {STY: '1.pts'}) ?? '';
	const pieces = bytes.split('\u001B\\').slice(0, -1);
	assert.ok(pieces.length > 5);
	for (const piece of pieces) {
		assert.ok(piece.startsWith('\u001BP') && piece.length < 768);
	}
	assert.deepEqual(await copied(pieces.map(piece => piece.slice(2)).join('')), ['x'.repeat(2000)]);
});

test('what terminals would drop without a word is refused', () => {
	assert.equal(copySequence([safe('x'.repeat(60_000))], {}), undefined);
	assert.ok(copySequence([safe('x'.repeat(50_000))], {}));
});

test('a title is set where there are titles, and an attacker cannot end it early', async () => {
	const foreign = safe('tetratop \u0007\u001B]52;c;AAAA\u0007');
	const terminal = new xterm.Terminal({allowProposedApi: true});
	const titles: string[] = [];
	terminal.onTitleChange(title => titles.push(title));
	await new Promise<void>(resolve => terminal.write(titleSequence(foreign, {TERM: 'xterm'}), resolve));
	terminal.dispose();
	assert.deepEqual(titles, ['tetratop \\x07\\x1b]52;c;AAAA\\x07']);
	for (const TERM of ['linux', 'dumb', 'vt100', '']) {
		assert.equal(titleSequence(foreign, {TERM}), '');
	}
});

test('a flood of alerts rings once in ten seconds', () => {
	const bell = new Bell({TERM: 'xterm'});
	assert.equal(bell.ring(0, own('2 kills')), '\u0007');
	assert.equal(bell.ring(9999, own('9 kills')), '');
	assert.equal(bell.ring(10_000, own('9 kills')), '\u0007');
	assert.ok(new Bell({TERM_PROGRAM: 'WezTerm'}).ring(0, own('2 kills')).includes('2 kills'));
});
