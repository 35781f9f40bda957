/** From the start of the process to its first whole frame, beside the emptiest program of the same Node. */
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {launcher, Program, root} from '../program.js';
import {median, type Result, type Row} from '../row.js';

/** The key bar is the last row: when it stands, the frame is whole. */
const lastRow = Buffer.from('help');

async function firstFrame(command: readonly string[]): Promise<number> {
	const program = new Program(command);
	try {
		let seen = Buffer.alloc(0);
		return await new Promise<number>((resolve, reject) => {
			const limit = setTimeout(() => reject(new Error(`no frame of ${command.join(' ')}: ${seen}`)), 20_000);
			program.heard = (data, atMs) => {
				seen = Buffer.concat([seen, data]);
				if (seen.includes(lastRow)) {
					clearTimeout(limit);
					resolve(atMs - program.startedAt);
				}
			};
		});
	} finally {
		await program.close();
	}
}

async function emptyProgram(): Promise<number> {
	const program = new Program([process.execPath, '-e', '0']);
	await program.exited;
	const spent = performance.now() - program.startedAt;
	await program.close();
	return spent;
}

/** The single executable of these sources; made where it is missing. */
async function binary(): Promise<string> {
	const file = path.join(root, 'dist/bin', `tetratop-${process.platform}-${process.arch}`);
	if (!existsSync(file) || process.env['TETRATOP_BENCH_REBUILD']) {
		await promisify(execFile)(process.execPath, ['scripts/binary.js'], {cwd: root});
	}

	return file;
}

export const startRow: Row = {
	name: 'start',
	async measure({tiny}) {
		const nobody = ['--server-address', 'unix:///nobody/is/here'];
		const commands = {
			bundle: [process.execPath, launcher, ...nobody],
			...(tiny ? {} : {binary: [await binary(), ...nobody]}),
		};
		const times: Record<string, number[]> = {node: [], bundle: [], binary: []};
		for (let round = 0; round < (tiny ? 1 : 11); round++) {
			// In turns, so that what else happens on this machine happens to all of them.
			times['node']!.push(await emptyProgram());
			for (const [name, command] of Object.entries(commands)) {
				times[name]!.push(await firstFrame(command));
			}
		}

		const base = median(times['node']!);
		const limits: Readonly<Record<string, number>> = {bundle: 4.5, binary: 2.5};
		return Object.keys(commands).map((name): Result => {
			const value = median(times[name]!);
			const limit = limits[name]!;
			return {
				row: 'start',
				what: `${name}, process start to first frame at 120x40`,
				against: `node -e 0, ${base.toFixed(0)} ms`,
				ratio: value / base,
				absolute: `${value.toFixed(0)} ms`,
				value,
				must: `≤ ${limit} ×`,
				reached: value / base <= limit,
			};
		});
	},
};
