/** Draws a fixed series of hostile and plain frames through Ink and prints every byte that Ink wrote, as one JSON string. */
import process from 'node:process';
import {Writable} from 'node:stream';
import {render} from 'ink';
import {App, type Frame} from '../../source/ui/frame/app.js';

const columns = 60;
const rows = 12;

class Recorder extends Writable {
	readonly columns = columns;
	readonly rows = rows;
	readonly isTTY = true;
	text = '';

	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.text += chunk.toString();
		done();
	}
}

// The same numbers in every run, so that both bundles draw the same frames.
let seed = 7;
function random(below: number): number {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return seed % below;
}

const pieces = [
	'plain text ',
	'│ ├─ └─ ',
	'▁▂▃▅▇█',
	'\u001B[31mred\u001B[39m',
	'\u001B[1mbold\u001B[22m ',
	'\u001B[7m reverse \u001B[27m',
	'漢字',
	'👍🏽',
	'⚠️',
	'e\u0301\u0302',
	'\u200Bzero',
	'…→×·●◌✖⇢',
	'○◐▲▼▶›⏎✕',
	'▶️ ✕\u0301',
	'ｶﾞ',
	'\u0915\u094D\u0937',
	'   ',
	'\ttab',
	'👨‍👩‍👧',
];

function row(): string {
	return Array.from({length: random(9)}, () => pieces[random(pieces.length)]).join('');
}
let pane = Array.from({length: rows}, row);

function frame(): Frame {
	pane = random(3) === 0 ? pane.slice(1).concat(row()) : pane.with(random(rows), row());
	return {
		columns,
		rows,
		bands: [
			{id: 'top', height: 1, columns: [{width: columns, rows: [row()]}]},
			{
				id: 'body',
				height: rows - 1,
				columns: [
					{width: 20, rows: pane.slice(1)},
					{width: 40, rows: pane.slice(1).map(text => text + row())},
				],
			},
		],
	};
}

const recorder = new Recorder();
let current = frame();
let changed: () => void = () => {};
const instance = render(
	<App
		source={{
			subscribe(listener) {
				changed = listener;
				return () => {};
			},
			current: () => current,
		}}
	/>,
	{
		stdout: recorder as unknown as NodeJS.WriteStream,
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 1000,
	},
);

for (let count = 0; count < 150; count++) {
	current = frame();
	changed();
	// Ink's throttle must not skip a frame: in the other bundle it would skip another one.
	await instance.waitUntilRenderFlush();
}

process.stdout.write(JSON.stringify(recorder.text), () => process.exit(0));
