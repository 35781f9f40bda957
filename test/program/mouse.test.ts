import assert from 'node:assert/strict';
import test from 'node:test';
import {openProgram} from './program.js';

test('--mouse begins with the mouse, M gives it back, and a click on an alert takes the focus there', async () => {
	const pty = openProgram(['demo', '--mouse']);
	try {
		await pty.waitFor(/KILLED/);
		assert.equal(pty.mode(1000), true);
		const y = pty.screen().findIndex(row => row.includes('[3 KILLS]')) + 2;
		pty.write(`\u001B[<0;10;${y}M\u001B[<0;10;${y}m`);
		await pty.waitFor(/A ack|A:ack/);
		pty.write('\r');
		await pty.waitFor(/KILLED by policy/);
		pty.write('M');
		await pty.waitFor(() => pty.mode(1000) === false);
	} finally {
		await pty.close();
	}
});
