import assert from 'node:assert/strict';
import test from 'node:test';
import {openProgram} from './program.js';

test('the title counts the alerts that nobody has acknowledged, and the one from before comes back at the end', async () => {
	const pty = openProgram(['demo']);
	try {
		await pty.waitFor(/KILLED/);
		await pty.waitFor(() => pty.raw().includes('\u001B]2;tetratop ✖'));
		pty.write('A');
		await pty.waitFor(
			() => pty.raw().lastIndexOf('\u001B]2;tetratop\u0007') > pty.raw().lastIndexOf('\u001B]2;tetratop ✖'),
		);
		pty.write('q');
		assert.equal((await pty.exited).exitCode, 0);
		const raw = pty.raw();
		assert.ok(raw.lastIndexOf('\u001B[23;0t') > raw.lastIndexOf('\u001B]2;'), 'given back after the last title');
	} finally {
		await pty.close();
	}
});
