/**
What a frame of 200x60 costs with the feed scrolling, in a process of its own and bundled as the program is: Ink, and a
painter written by hand (compare rows, address the cursor, write what changed), on the very same rows. No ingest: the
frames are made beforehand. frames.tsx COUNT prints one JSON line.
*/

import process from 'node:process';
import {PassThrough, Writable} from 'node:stream';
import {setImmediate as turn} from 'node:timers/promises';
import {render} from 'ink';
import {Store} from '../source/store/store.js';
import {setCharset} from '../source/text/charset.js';
import {App, type Frame} from '../source/ui/app.js';
import {glyphsFor} from '../source/ui/glyphs.js';
import {initialState} from '../source/ui/initial.js';
import {frameOf, type Look} from '../source/ui/screen.js';
import {chooseTheme} from '../source/ui/theme.js';
import {View} from '../source/ui/view.js';
import {RecordedMessages} from './recorded-blocks.js';

const count = Number(process.argv[2]);
const [columns, rows] = [200, 60];
setCharset('unicode');

/** Real frames: the screen after every third event. */
function frames(): Frame[] {
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
	const made: Frame[] = [];
	const take = (events: number): void => {
		for (let index = 0; index < events; index++) {
			nowMs += 1;
			store.takeFrame(node, messages.next(1, nowMs).bytes.subarray(5), nowMs);
		}
	};
	take(600);
	for (let index = 0; index < count; index++) {
		take(3);
		store.tick(nowMs);
		made.push(frameOf(ui, view.picture(ui, nowMs), look));
	}

	return made;
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

const cpuMs = (): number => {
	const {user, system} = process.cpuUsage();
	return (user + system) / 1000;
};

async function ink(all: readonly Frame[]): Promise<{ms: number; bytes: number}> {
	let frame = all[0]!;
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
		// Every frame is painted: nothing is measured that Ink would have put off.
		maxFps: 100_000,
	});
	const paint = async (from: number, to: number): Promise<void> => {
		for (const next of all.slice(from, to)) {
			frame = next;
			publish();
			await app.waitUntilRenderFlush();
			await turn();
		}
	};
	const warm = Math.floor(all.length / 2);
	await paint(0, warm);
	const [cpu, bytes] = [cpuMs(), sink.bytes];
	await paint(warm, all.length);
	const painted = all.length - warm;
	const result = {ms: (cpuMs() - cpu) / painted, bytes: (sink.bytes - bytes) / painted};
	app.unmount();
	return result;
}

/** The rows of the screen, each as long as the terminal is wide. */
const screenRows = ({bands}: Frame): string[] =>
	bands.flatMap(band =>
		Array.from({length: band.height}, (_, row) => band.columns.map(column => column.rows[row] ?? '').join('')),
	);

function byHand(all: readonly Frame[]): {ms: number; bytes: number} {
	const sink = new Sink();
	let shown: string[] = [];
	const paint = (frame: Frame): void => {
		const next = screenRows(frame);
		let text = '\u001B[?2026h';
		for (const [index, row] of next.entries()) {
			if (row !== shown[index]) {
				text += `\u001B[${index + 1};1H${row}`;
			}
		}

		shown = next;
		sink.write(`${text}\u001B[?2026l`);
	};
	const warm = Math.floor(all.length / 2);
	for (const frame of all.slice(0, warm)) {
		paint(frame);
	}

	const [cpu, bytes] = [cpuMs(), sink.bytes];
	// Too quick for the clock of a process: the same frames several times.
	const times = 20;
	for (let time = 0; time < times; time++) {
		for (const frame of all.slice(warm)) {
			paint(frame);
		}
	}

	const painted = (all.length - warm) * times;
	return {ms: (cpuMs() - cpu) / painted, bytes: (sink.bytes - bytes) / painted};
}

const all = frames();
const hand = byHand(all);
const react = await ink(all);
console.log(JSON.stringify({ink: react, hand}));
