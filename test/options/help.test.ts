import assert from 'node:assert/strict';
import test from 'node:test';
import {helpText} from '../../source/options/help.js';
import {loadOptions, programName} from '../../source/options/load.js';
import {manPage} from '../../source/options/man.js';
import {commands, flags} from '../../source/options/table.js';
import {parseBytes, parseDuration, parseSpeed} from '../../source/options/values.js';

test('the help of a command names every flag that goes with it, and no other', () => {
	for (const {name} of commands) {
		const text = helpText(name);

		for (const flag of flags) {
			const isNamed = new RegExp(`(^|[ ,])--${flag.name}( [A-Z]|\\s)`, 'm').test(text);
			assert.equal(isNamed, (flag.commands as readonly string[]).includes(name), `--${flag.name} in ${name} --help`);
		}
	}
});

test('no line of the help is wider than the terminal', () => {
	for (const width of [56, 60, 80, 200]) {
		const widest = Math.max(
			...helpText('live', 'kubectl tetratop', width)
				.split('\n')
				.map(line => line.length),
		);
		assert.ok(widest <= width, `${widest} at ${width}`);
	}
});

test('as a plugin of kubectl the program calls itself so', async () => {
	assert.equal(programName('/usr/local/bin/kubectl-tetratop'), 'kubectl tetratop');
	assert.equal(programName('/usr/local/bin/tetratop'), 'tetratop');
	assert.match(helpText('live', 'kubectl tetratop'), /^ {2}kubectl tetratop \[TARGET\]/m);
});

test('no text of the table begins a roff request', () => {
	const requests = new Set(['.TH', '.SH', '.SS', '.TP', '.br', '.BR', '.\\"']);

	for (const line of manPage('1').split('\n')) {
		assert.ok(!/^[.']/.test(line) || requests.has(line.split(' ', 1)[0] ?? ''), line);
	}
});

test('sizes, times and speeds are read as Kubernetes and Go write them', () => {
	assert.equal(parseBytes('128MiB'), 134_217_728);
	assert.equal(parseBytes('1k'), 1024);
	assert.equal(parseBytes('1KB'), 1000);
	assert.equal(parseBytes('1TiB'), undefined);
	assert.equal(parseBytes('-1'), undefined);
	assert.equal(parseDuration('500ms'), 500);
	assert.equal(parseDuration('1h2m3s'), 3_723_000);
	assert.equal(parseDuration('1 day'), undefined);
	assert.equal(parseSpeed('x'), undefined);
	assert.equal(parseSpeed('2x'), 2);
	assert.equal(parseSpeed('.5'), 0.5);
});

test('a configuration that was named and is not there ends the program, the usual one may be missing', async () => {
	const missing = await loadOptions(['--config', '/nowhere/config.yaml'], {});
	assert.match(missing.error?.what ?? '', /\/nowhere\/config\.yaml cannot be read/);
	const usual = await loadOptions([], {HOME: '/nowhere'});
	assert.equal(usual.error, undefined);
	assert.deepEqual(usual.options && usual.mistakes, []);
});
