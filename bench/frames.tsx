/**
What a frame of 200x60 costs with the feed scrolling, in a process of its own and bundled as the program is: once with Ink,
once with a painter written by hand (compare rows, address the cursor, write what changed). Both make their rows with the
program's own panes and paint ten times a second, as a program does that mostly waits: in a tight loop both are quicker,
and the painter, which then does nothing but compare strings, by far the more. No ingest: three events come between two
frames, outside of what is measured. frames.tsx COUNT prints one JSON line.
*/

import {PassThrough, Writable} from 'node:stream';
import {setTimeout as sleep} from 'node:timers/promises';
import {render} from 'ink';
import {Arrival} from '../source/store/arrival.js';
import {Store} from '../source/store/store.js';
import {setCharset} from '../source/text/charset.js';
import {App, type Frame} from '../source/ui/frame/app.js';
import {glyphsFor} from '../source/ui/frame/glyphs.js';
import {chooseTheme} from '../source/ui/frame/theme.js';
import {frameOf, type Look} from '../source/ui/screen.js';
import {initialState} from '../source/ui/state/initial.js';
import {View} from '../source/ui/state/view.js';
import {RecordedMessages} from './recorded-blocks.js';

const count = Number(process.argv[2]);
const [columns, rows] = [200, 60];
setCharset('unicode');

type Scene = {readonly next: () => void; readonly frame: () => Frame};

/** A screen over a store of its own; `next` lets three events in. */
function scene(): Scene {
	const store = new Store();
	const node = store.openNode('minikube');
	store.setNode(node, {state: 'streaming', via: 'unix', sinceMs: 0});
	const view = new View(store);
	const look: Look = {
		glyphs: glyphsFor('unicode'),
		theme: chooseTheme({TERM: 'xterm-256color'}, {color: 'always', theme: 'default'}),
		program: {version: '0', insecure: false},
	};
	const ui = initialState({columns, rows, targetName: 'bench', mode: 'live', allowWrite: false, chips: []});
	const messages = new RecordedMessages('realistic-mix', 1500);
	let nowMs = 1_700_000_000_000;

	function take(events: number): void {
		for (let index = 0; index < events; index++) {
			nowMs += 30;
			store.take(node, new Arrival().frame(messages.next(1, nowMs).bytes.subarray(5)), nowMs);
		}

		store.tick(nowMs);
	}

	take(600);
	return {next: () => take(3), frame: () => frameOf(ui, view.picture(ui, nowMs), look)};
}

class Sink extends Writable {
	readonly isTTY = true;
	readonly columns = columns;
	readonly rows = rows;
	bytes = 0;

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.bytes += chunk.length;
		done();
	}
}

function cpuMs(): number {
	const {user, system} = process.cpuUsage();
	return (user + system) / 1000;
}

type Cost = {readonly ms: number; readonly rowsMs: number; readonly bytes: number};

/** The mean of the second half of the frames, one every 100 ms. */
async function paced(sink: Sink, {next, frame}: Scene, paint: (frame: Frame) => void): Promise<Cost> {
	const warm = Math.floor(count / 2);
	let [ms, rowsMs, bytes] = [0, 0, 0];
	for (let index = 0; index < count; index++) {
		next();
		const [cpu, written] = [cpuMs(), sink.bytes];
		const made = frame();
		const after = cpuMs();
		paint(made);
		// Ink paints in a timer of its own.
		await sleep(100);
		if (index >= warm) {
			ms += cpuMs() - cpu;
			rowsMs += after - cpu;
			bytes += sink.bytes - written;
		}
	}

	const painted = count - warm;
	return {ms: ms / painted, rowsMs: rowsMs / painted, bytes: bytes / painted};
}

async function ink(): Promise<Cost> {
	const screen = scene();
	let frame = screen.frame();
	let publish: () => void = () => {};
	const source = {
		subscribe(listener: () => void) {
			publish = listener;
			return () => {};
		},
		current: () => frame,
	};
	const sink = new Sink();
	const app = render(<App source={source} />, {
		stdout: sink as unknown as NodeJS.WriteStream,
		stdin: new PassThrough() as unknown as NodeJS.ReadStream,
		incrementalRendering: true,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 60,
	});
	const cost = await paced(sink, screen, next => {
		frame = next;
		publish();
	});
	app.unmount();
	return cost;
}

/** The rows of the screen, each as long as the terminal is wide. */
function screenRows({bands}: Frame): string[] {
	return bands.flatMap(band =>
		Array.from({length: band.height}, (_, row) => band.columns.map(column => column.rows[row] ?? '').join('')),
	);
}

async function byHand(): Promise<Cost> {
	const sink = new Sink();
	let shown: string[] = [];
	return paced(sink, scene(), frame => {
		const next = screenRows(frame);
		let text = '\u001B[?2026h';
		for (const [index, row] of next.entries()) {
			if (row !== shown[index]) {
				text += `\u001B[${index + 1};1H${row}`;
			}
		}

		shown = next;
		sink.write(`${text}\u001B[?2026l`);
	});
}

const hand = await byHand();
console.log(JSON.stringify({hand, ink: await ink()}));
