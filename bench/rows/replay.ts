/** Lines of JSON from standard input to compact lines, beside a bare JSON.parse of the same lines. */
import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {eventJson} from '../../source/tetragon/json/json-text.js';
import {framesOf} from '../../test/agent/recordings.js';
import {bundled} from '../bundle.js';
import {Lines, launcher} from '../program.js';
import {perSecond, type Row} from '../row.js';

async function seconds(command: readonly string[], file: string): Promise<number> {
	const input = openSync(file, 'r');
	const from = performance.now();
	const lines = new Lines(command, input);
	closeSync(input);
	const {code, complaints} = await lines.ended;
	if (code !== 0) {
		throw new Error(`${command.join(' ')} ended with ${code}: ${complaints}`);
	}

	return (performance.now() - from) / 1000;
}

export const replayRow: Row = {
	name: 'replay',
	async measure({tiny}) {
		const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-bench-'));
		const bare = await bundled('parse-lines.ts');
		try {
			const lines = framesOf('fork-storm')
				.slice(0, tiny ? 1000 : 50_000)
				.map(frame => eventJson(frame));
			const few = lines.slice(0, tiny ? 100 : 2000);
			const copies = tiny ? 1 : 3;
			const [manyFile, fewFile] = [path.join(folder, 'many'), path.join(folder, 'few')];
			writeFileSync(manyFile, `${lines.join('\n')}\n`.repeat(copies));
			writeFileSync(fewFile, `${few.join('\n')}\n`);
			const count = lines.length * copies - few.length;
			// The difference of a long and a short run is what lines cost without what a start costs.
			async function speedOf(command: readonly string[]): Promise<number> {
				let best = 0;
				for (let run = 0; run < (tiny ? 1 : 3); run++) {
					const short = await seconds(command, fewFile);
					const long = await seconds(command, manyFile);
					best = Math.max(best, count / Math.max(long - short, 0.001));
				}

				return best;
			}

			const parse = await speedOf([process.execPath, bare.file]);
			const replay = await speedOf([process.execPath, launcher, 'replay', '-', '-o', 'compact']);
			const ratio = replay / parse;
			return [
				{
					row: 'JSON replay',
					what: 'replay - -o compact of fork-storm',
					against: `bare JSON.parse of the same lines, ${perSecond(parse)}`,
					ratio,
					absolute: perSecond(replay),
					value: replay,
					must: '≥ 0.7 ×',
					reached: ratio >= 0.7,
				},
			];
		} finally {
			bare.remove();
			rmSync(folder, {recursive: true, force: true});
		}
	},
};
