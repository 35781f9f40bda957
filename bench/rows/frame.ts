/** One frame of 200x60 with the feed scrolling, without ingest: Ink, and a painter written by hand. */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {promisify} from 'node:util';
import {bundled} from '../bundle.js';
import type {Row} from '../row.js';

type Cost = {readonly ms: number; readonly rowsMs: number; readonly bytes: number};

export const frameRow: Row = {
	name: 'frame',
	async measure({tiny}) {
		const frames = await bundled('frames.tsx');
		try {
			const runs: Array<{ink: Cost; hand: Cost}> = [];
			for (let run = 0; run < (tiny ? 1 : 2); run++) {
				const {stdout} = await promisify(execFile)(process.execPath, [frames.file, tiny ? '4' : '80']);
				runs.push(JSON.parse(stdout) as {ink: Cost; hand: Cost});
			}

			const [best] = runs.toSorted((a, b) => a.ink.ms - b.ink.ms);
			const {ink, hand} = best!;
			const shared = {
				row: 'frame',
				absolute: `${ink.ms.toFixed(1)} ms of CPU (${ink.rowsMs.toFixed(1)} of it the panes' rows), ${Math.round(ink.bytes).toLocaleString('en')} bytes`,
				value: ink.ms,
			};
			return [
				{
					...shared,
					what: 'Ink, 200x60, feed scrolling by 3',
					against: 'the limit, 12 ms',
					ratio: ink.ms / 12,
					must: '≤ 12 ms',
					reached: ink.ms <= 12,
				},
				{
					...shared,
					what: 'Ink beside a painter written by hand',
					against: `${hand.ms.toFixed(1)} ms (${hand.rowsMs.toFixed(1)} of it the panes' rows), ${Math.round(hand.bytes).toLocaleString('en')} bytes`,
					ratio: ink.ms / hand.ms,
					must: '≤ 5 ×',
					reached: ink.ms / hand.ms <= 5,
				},
			];
		} finally {
			frames.remove();
		}
	},
};
