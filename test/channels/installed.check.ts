/** What every installation answers, whatever channel it came by. Run by test/channels/run.ts. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {startProgram} from '../program/program.js';

test('the version names the commit and the runtime', async () => {
	const {code, stdout, stderr} = await startProgram(['version']).ended;
	assert.deepEqual({code, stderr}, {code: 0, stderr: ''});
	assert.match(
		stdout,
		/^tetratop \d+\.\d+\.\d+ \(commit [0-9a-f]{12} of \d{4}-\d\d-\d\d, (Node|Bun) \d[\d.]+ \w+-\w+\)\n$/,
	);
});

test('the licences of all that it contains are printed', async () => {
	const {code, stdout} = await startProgram(['licenses']).ended;
	assert.equal(code, 0);
	for (const part of [
		'Copyright 2026 The tetratop authors',
		'Apache License',
		'@grpc/grpc-js',
		'yoga-layout',
		'ink ',
	]) {
		assert.ok(stdout.includes(part), part);
	}

	const isExecutable = process.env['TEST_PROGRAM'] !== undefined;
	assert.equal(
		stdout.includes('GNU LESSER GENERAL PUBLIC LICENSE'),
		isExecutable,
		'the runtime is in the executable only',
	);
});

test('the man page and the completions are part of it', async () => {
	assert.match((await startProgram(['man']).ended).stdout, /^\.TH TETRATOP 1/im);
	for (const shell of ['bash', 'zsh', 'fish']) {
		assert.match((await startProgram(['completion', shell]).ended).stdout, /__complete/);
	}
});
