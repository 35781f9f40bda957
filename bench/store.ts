/**
The store alone: what an event of fork-storm costs on its way in, and whether memory stays flat when millions came.
`node --expose-gc --import=tsx bench/store.ts [MILLIONS]`; frames are copied from the recording again and again, with new
exec_ids, so that the process table sees new processes as it would live.
*/
import process from 'node:process';
import {Store} from '../source/store/store.js';
import {framesOf} from '../test/agent/recordings.js';

export type StoreBench = {
	readonly microsecondsPerEvent: number;
	readonly heapMiB: readonly number[];
	readonly rssMiB: readonly number[];
};

const perMillion = 1_000_000;

/** Takes in `millions` of events at 20 000 a second of the store's clock. */
export function benchStore(millions: number, report: (line: string) => void = () => {}): StoreBench {
	// Part of the recording is enough: its own bytes must not weigh in the measured memory.
	const frames = framesOf('fork-storm')
		.slice(0, 6000)
		.map(frame => renumbered(frame));
	const store = new Store();
	const node = store.openNode('minikube');
	const feed = store.openFeed();
	const heapMiB: number[] = [];
	const rssMiB: number[] = [];
	/** Microseconds of CPU, garbage collection and the renumbering of frames included. */
	let spent = 0;
	let nowMs = 0;
	for (let million = 0; million < millions; million++) {
		const start = process.cpuUsage();
		for (let index = 0; index < perMillion; index++) {
			const at = million * perMillion + index;
			const frame = frames[at % frames.length]!;
			frame.renumber(Math.floor(at / frames.length));
			nowMs += 0.05;
			store.takeFrame(node, frame.bytes, nowMs);
			if (index % 5000 === 0) {
				store.tick(nowMs);
				feed.at(feed.length - 1);
			}
		}

		const {user, system} = process.cpuUsage(start);
		spent += user + system;
		globalThis.gc?.();
		const {heapUsed, rss} = process.memoryUsage();
		heapMiB.push(heapUsed / 2 ** 20);
		rssMiB.push(rss / 2 ** 20);
		report(
			`${million + 1} M events: ${(spent / (million + 1) / perMillion).toFixed(2)} µs an event, ` +
				`heap ${heapMiB.at(-1)!.toFixed(0)} MiB, RSS ${rssMiB.at(-1)!.toFixed(0)} MiB, ` +
				`${store.totals().bufferedEvents} events and ${(store.totals().bufferedBytes / 2 ** 20).toFixed(0)} MiB in the ring`,
		);
	}

	return {microsecondsPerEvent: spent / millions / perMillion, heapMiB, rssMiB};
}

/** The frame with places in its exec_ids that can be overwritten: base64 of `node:time:pid`, whose time is the same length. */
function renumbered(frame: Buffer): {readonly bytes: Buffer; readonly renumber: (round: number) => void} {
	const bytes = Buffer.from(frame);
	const places: number[] = [];
	// 'bWluaWt1YmU6' is `minikube:`; the digits of the time follow.
	for (let at = bytes.indexOf('bWluaWt1YmU6'); at >= 0; at = bytes.indexOf('bWluaWt1YmU6', at + 1)) {
		places.push(at + 12);
	}

	let last = 0;
	return {
		bytes,
		renumber: round => {
			if (round === last) {
				return;
			}

			last = round;
			const digits = Buffer.from(String(100 + (round % 900))).toString('base64');
			for (const place of places) {
				bytes.write(digits, place, 'latin1');
			}
		},
	};
}

if (process.argv[1]?.endsWith('store.ts')) {
	benchStore(Number(process.argv[2] ?? 5), line => console.log(line));
}
