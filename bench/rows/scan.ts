/** The scanner beside protobufjs' decode of the whole event, in frames per second of CPU time. */
import process from 'node:process';
import {typeOf} from '../../source/tetragon/encode.js';
import {newFacts, scanFrame} from '../../source/tetragon/scan.js';
import {framesOf} from '../../test/agent/recordings.js';
import {perSecond, type Row} from '../row.js';

/** Frames per second of CPU time, the best of a few rounds: other programs may be at work here. */
function speedOf(frames: readonly Buffer[], tiny: boolean, read: (bytes: Buffer) => unknown): number {
	let best = 0;
	for (let round = 0; round < (tiny ? 1 : 6); round++) {
		const start = process.cpuUsage();
		let count = 0;
		for (let spent = 0; spent < (tiny ? 5000 : 500_000); ) {
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

export const scanRow: Row = {
	name: 'scan',
	async measure({tiny}) {
		const frames = framesOf('fork-storm').slice(0, tiny ? 50 : 10_000);
		const type = typeOf('GetEventsResponse');
		const facts = newFacts();
		const decode = speedOf(frames, tiny, bytes => type.decode(bytes));
		const scan = speedOf(frames, tiny, bytes => scanFrame(bytes, facts));
		const ratio = scan / decode;
		return [
			{
				row: 'scan',
				what: 'fork-storm frames',
				against: `full protobufjs decode, ${perSecond(decode)}`,
				ratio,
				absolute: perSecond(scan),
				value: scan,
				must: '≥ 10 ×',
				reached: ratio >= 10,
			},
		];
	},
};
