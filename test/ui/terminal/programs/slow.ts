/**
For output.test.ts: writes frames whenever the last one has left, until a count is reached (`frames`, `skipped` or `gone`),
and writes what it counted into a file.
*/
import {writeFileSync} from 'node:fs';
import {TerminalOutput} from '../../../../source/ui/terminal/output.js';

const [file = '', name = 'frames', enough = '1'] = process.argv.slice(2);
const counts = {frames: 0, skipped: 0, gone: 0};
let reason = '';
const output = new TerminalOutput({
	onGone: error => {
		counts.gone++;
		reason = error.code ?? 'unknown';
	},
});
const frame = `${'x'.repeat(20_000)}\r\n`;
const timer = setInterval(() => {
	if (counts[name as keyof typeof counts] >= Number(enough)) {
		clearInterval(timer);
		output.stop();
		output.writeNow('\u001B[0mEND');
		output.release();
		writeFileSync(file, JSON.stringify({...counts, reason, bytes: output.bytes}));
		process.exit(0);
	}

	if (output.drained) {
		counts.frames++;
		output.write(`frame ${counts.frames} ${frame}`);
	} else {
		counts.skipped++;
	}
}, 5);
