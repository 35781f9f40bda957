/** The memory of the screen: idle, and after five million events at full speed with two sizes of the buffer. */
import process from 'node:process';
import {Program, peakMiB, rssMiB, sleep} from '../program.js';
import type {Result, Row} from '../row.js';
import {Sending} from '../sending.js';

const floods = [
	{buffer: '128MiB', mostMiB: 240},
	{buffer: '32MiB', mostMiB: 140},
] as const;
const idleMiB = 75;
const count = 5_000_000;

function result(what: string, value: number, limit: number): Result {
	return {
		row: 'resident',
		what,
		against: `${limit} MiB`,
		ratio: value / limit,
		absolute: `${value.toFixed(0)} MiB, Node ${process.versions.node}`,
		value,
		must: `≤ ${limit} MiB`,
		reached: value <= limit,
	};
}

async function onScreen(
	parameters: readonly string[],
	work: (sending: Sending, pid: number) => Promise<number>,
): Promise<number> {
	const sending = await Sending.start('fork-storm');
	const program = Program.tetratop(['--server-address', sending.address(), ...parameters]);
	try {
		await sending.wait('subscribed');
		await program.waitFor(/nodes 1\/1/);
		return await work(sending, program.pid);
	} finally {
		await program.close();
		await sending.stop();
	}
}

export const residentRow: Row = {
	name: 'resident',
	async measure({tiny}) {
		const idle = await onScreen([], async (_sending, pid) => {
			await sleep(tiny ? 100 : 10_000);
			return rssMiB(pid);
		});
		const results = [result('idle, one node', idle, idleMiB)];
		for (const {buffer, mostMiB} of floods) {
			const peak = await onScreen(['--buffer', buffer], async (sending, pid) => {
				sending.order({type: 'flood', warm: tiny ? 100 : 50_000, count: tiny ? 1000 : count});
				await sending.wait('flooded', 1_200_000);
				return peakMiB(pid);
			});
			results.push(result(`5 M events, --buffer ${buffer}`, peak, mostMiB));
		}

		return results;
	},
};
