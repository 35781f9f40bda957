/**
The scanner, and protobufjs' decode of the whole event, in frames per second of CPU time; the best of a few rounds, since
other programs may be at work here. In a process of its own: what ran before in the same one decides how V8 compiles the
two. scan-frames.ts FRAMES ROUND-MS ROUNDS prints one JSON line.
*/
import process from 'node:process';
import {typeOf} from '../source/tetragon/wire/encode.js';
import {newFacts} from '../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../source/tetragon/wire/scan.js';
import {framesOf} from '../test/agent/recordings.js';

const [most, roundMs = 0, rounds = 1] = process.argv.slice(2).map(Number);
const frames = framesOf('fork-storm').slice(0, most);

function speedOf(read: (bytes: Buffer) => unknown): number {
	let best = 0;
	for (let round = 0; round < rounds; round++) {
		const start = process.cpuUsage();
		let count = 0;
		for (let spent = 0; spent < roundMs * 1000; ) {
			for (const bytes of frames) {
				read(bytes);
			}

			count += frames.length;
			const {user, system} = process.cpuUsage(start);
			spent = user + system;
			best = Math.max(best, (count / spent) * 1e6);
		}
	}

	return best;
}

const facts = newFacts();
const type = typeOf('GetEventsResponse');
const decode = speedOf(bytes => type.decode(bytes));
const scan = speedOf(bytes => scanFrame(bytes, facts));
console.log(JSON.stringify({decode, scan}));
