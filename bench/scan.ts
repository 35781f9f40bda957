/**
The readers of the wire, one after the other on the same frames: `node --import=./scripts/patched-tsx.js bench/scan.ts [RECORDING …]`. Frames
per second of CPU time, since other programs may be at work here; the best of several rounds. All beside protobufjs'
decode of the whole event, which is what a client without a scanner would pay for each; JSON lines beside a bare JSON.parse.
*/
import {readFrames} from '../source/demo/recordings.js';
import {compactLine, compactLineOfFrame} from '../source/tetragon/compact/compact.js';
import {parseLine} from '../source/tetragon/json/json-lines.js';
import {eventJson} from '../source/tetragon/json/json-text.js';
import {decodeEvent} from '../source/tetragon/wire/decode.js';
import {typeOf} from '../source/tetragon/wire/encode.js';
import {newFacts} from '../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../source/tetragon/wire/scan.js';

const roundMs = 400;
const rounds = 7;

/** Frames per second of CPU time. */
function measure(frames: readonly Buffer[], read: (bytes: Buffer) => unknown): number {
	let best = 0;
	for (let round = 0; round < rounds; round++) {
		const start = process.cpuUsage();
		let count = 0;
		let spent = 0;
		while (spent < roundMs * 1000) {
			for (const bytes of frames) {
				read(bytes);
			}

			count += frames.length;
			const {user, system} = process.cpuUsage(start);
			spent = user + system;
		}

		best = Math.max(best, (count / spent) * 1_000_000);
	}

	return best;
}

const type = typeOf('GetEventsResponse');
const facts = newFacts();
const readers: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
	'protobufjs decode': bytes => type.decode(bytes),
	scan(bytes) {
		scanFrame(bytes, facts);
	},
	'scan + process'(bytes) {
		scanFrame(bytes, facts);
		return facts.readProcess();
	},
	decode: bytes => decodeEvent(bytes),
	compact: bytes => compactLineOfFrame(bytes),
	json: bytes => eventJson(bytes),
};

const lineReaders: Readonly<Record<string, (line: Buffer) => unknown>> = {
	'JSON.parse': line => JSON.parse(line.toString()),
	'line to compact': line => compactLine(parseLine(line) ?? {}),
};

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : ['fork-storm', 'realistic-mix']) {
	const frames = await readFrames(name);
	report(name, frames, readers);
	report(
		name,
		frames.slice(0, 20_000).map(bytes => Buffer.from(eventJson(bytes))),
		lineReaders,
	);
}

function report(
	name: string,
	items: readonly Buffer[],
	table: Readonly<Record<string, (bytes: Buffer) => unknown>>,
): void {
	let base: number | undefined;
	for (const [reader, read] of Object.entries(table)) {
		const speed = measure(items, read);
		base ??= speed;
		const ratio = (speed / base).toFixed(1).padStart(6);
		console.log(
			`${name.padEnd(14)} ${reader.padEnd(18)} ${Math.round(speed).toLocaleString('en').padStart(10)}/s ${ratio} x`,
		);
	}
}
