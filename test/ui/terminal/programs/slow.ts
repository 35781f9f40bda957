/** For output.test.ts: writes frames whenever the last one has left, and says on stderr's file how the event loop fared. */
import {writeFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {createOutput} from '../../../../source/ui/terminal/output.js';

const [file = '', milliseconds = '1000'] = process.argv.slice(2);
let gone = '';
const output = createOutput({
	onGone: error => {
		gone = error.code ?? 'unknown';
	},
});
const delay = monitorEventLoopDelay({resolution: 5});
delay.enable();
let frames = 0;
let skipped = 0;
let ticks = 0;
const frame = `${'x'.repeat(20_000)}\r\n`;
const timer = setInterval(() => {
	ticks++;
	if (!output.drained) {
		skipped++;
		return;
	}
	frames++;
	output.write(`frame ${frames} ${frame}`);
}, 20);
setTimeout(() => {
	clearInterval(timer);
	delay.disable();
	const started = performance.now();
	output.stop();
	output.writeNow('\u001B[0mEND');
	const endMs = performance.now() - started;
	output.release();
	writeFileSync(
		file,
		JSON.stringify({frames, skipped, ticks, bytes: output.bytes, gone, endMs, maxMs: delay.max / 1e6}),
	);
	process.exit(0);
}, Number(milliseconds));
