import assert from 'node:assert/strict';
import test from 'node:test';
import {openProgram} from './program.js';

test('a terminal that draws the glyphs two cells wide gets ASCII, and :set ascii turns it off and on', async () => {
	const pty = openProgram(['demo'], {answers: false});

	function isAscii(text: string): boolean {
		return /KILLED/.test(text) && !/[^ -~]/.test(text.replaceAll('\n', ''));
	}

	try {
		await pty.waitFor(/KILLED/);
		assert.match(pty.text(), /─/);
		// The cursor stands in the third column after a glyph that was drawn in the first.
		pty.write('\u001B[1;3R');
		await pty.waitFor(isAscii);
		pty.write(':set ascii=off\r');
		await pty.waitFor(/─.*─/);
		pty.write(':set ascii=on\r');
		await pty.waitFor(isAscii);
	} finally {
		await pty.close();
	}
});
