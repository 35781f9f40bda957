/** Five million events through the store: does memory stay where it is? */
import {execFile} from 'node:child_process';
import process from 'node:process';
import {promisify} from 'node:util';
import {bundled} from '../bundle.js';
import type {Row} from '../row.js';

type Report = {readonly heapMiB: number; readonly rssMiB: number; readonly cpuSeconds: number; readonly taken: number};

/** Growth that is noise: what one garbage collection more or less leaves behind. */
const flat = 1.05;

export const dayRow: Row = {
	name: 'day',
	async measure({tiny}) {
		const events = tiny ? 20_000 : 5_000_000;
		const flood = await bundled('store-flood.ts');
		try {
			const {stdout} = await promisify(execFile)(process.execPath, ['--expose-gc', flood.file, String(events), '5']);
			const reports = stdout
				.trim()
				.split('\n')
				.map(line => JSON.parse(line) as Report);

			function list(pick: (report: Report) => number): string {
				return reports.map(report => pick(report).toFixed(0)).join(', ');
			}

			const [, second = reports[0], , , last = reports.at(-1)] = reports;
			const heap = last!.heapMiB / second!.heapMiB;
			const rss = last!.rssMiB / second!.rssMiB;
			const highest = Math.max(...reports.map(report => report.rssMiB));
			const cost = (last!.cpuSeconds / last!.taken) * 1e6;
			return [
				{
					row: '24 h in a minute',
					what: `heap and RSS after each fifth of ${events.toLocaleString('en')} events`,
					against: 'the second fifth',
					ratio: Math.max(heap, rss),
					absolute: `heap ${list(report => report.heapMiB)} MiB, RSS ${list(report => report.rssMiB)} MiB, ${cost.toFixed(1)} µs an event`,
					value: highest,
					must: `flat (≤ ${flat} ×) from the second on`,
					reached: Math.max(heap, rss) <= flat,
				},
				{
					row: '24 h in a minute',
					what: 'highest RSS',
					against: 'the limit, 300 MB',
					ratio: (highest * 2 ** 20) / 300e6,
					absolute: `${highest.toFixed(0)} MiB (${((highest * 2 ** 20) / 1e6).toFixed(0)} MB)`,
					value: highest,
					must: '≤ 300 MB',
					reached: highest * 2 ** 20 <= 300e6,
				},
			];
		} finally {
			flood.remove();
		}
	},
};
