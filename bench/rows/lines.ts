/** What a line costs, beside tetra in the same run: CPU, which other programs of the machine change least, and memory. */
import {once} from 'node:events';
import process from 'node:process';
import {cpuSeconds, Lines, launcher, peakMiB, sleep} from '../program.js';
import type {Result, Row, Scale} from '../row.js';
import {Sending} from '../sending.js';
import {type Cost, type Output, type Recording, tetraCost} from '../tetra.js';

const mostMiB = 110;
const multiples: Readonly<Record<Output, number>> = {compact: 15, json: 5};
/** fork-storm: twelve rounds; of the larger events as many bytes. */
const counts: Readonly<Record<Recording, number>> = {'fork-storm': 696_384, 'realistic-mix': 250_000};
const longCount = 5_000_000;
const runtime = `Node ${process.versions.node}`;

function linesOf(sending: Sending, output: Output, to?: 'pipe'): Lines {
	return new Lines([process.execPath, launcher, '--server-address', sending.address(), '-o', output], 'ignore', to);
}

/** CPU an event and the most memory, `count` events after a warm-up of a fifth; `warmMiB`: the most until then. */
async function cost(recording: Recording, output: Output, count: number): Promise<Cost & {readonly warmMiB: number}> {
	const sending = await Sending.start(recording);
	const lines = linesOf(sending, output);
	try {
		await sending.wait('subscribed');
		sending.order({type: 'flood', warm: Math.ceil(count / 5), count});
		await sending.wait('warm', 600_000);
		const warmMiB = peakMiB(lines.pid);
		const before = cpuSeconds(lines.pid);
		const {counted} = await sending.wait('flooded', 1_200_000);
		const cpuMicroseconds = ((cpuSeconds(lines.pid) - before) / counted) * 1e6;
		return {cpuMicroseconds, peakMiB: peakMiB(lines.pid), warmMiB};
	} finally {
		await lines.close();
		await sending.stop();
	}
}

/** The most memory while a reader takes 64 kB, waits, and takes again: far less than comes. */
async function slowReader(output: Output, seconds: number): Promise<number> {
	const sending = await Sending.start('fork-storm');
	const lines = linesOf(sending, output, 'pipe');
	const {stdout} = lines.child;
	try {
		await sending.wait('subscribed');
		sending.order({type: 'rate', perSecond: 20_000});
		const until = performance.now() + seconds * 1000;
		while (stdout !== null && performance.now() < until) {
			if (stdout.read() === null) {
				await Promise.race([once(stdout, 'readable'), sleep(1000)]);
			}

			await sleep(100);
		}

		return peakMiB(lines.pid);
	} finally {
		await lines.close();
		await sending.stop();
	}
}

function memoryResult(what: string, value: number, against: string): Result {
	return {
		row: 'lines',
		what,
		against,
		ratio: value / mostMiB,
		absolute: `${value.toFixed(0)} MiB at most, ${runtime}`,
		value,
		must: `≤ ${mostMiB} MiB`,
		reached: value <= mostMiB,
	};
}

async function ofRecording(recording: Recording, output: Output, scale: Scale): Promise<Result[]> {
	const tetra = await tetraCost(recording, output, scale);
	const {cpuMicroseconds, peakMiB: peak} = await cost(recording, output, scale.tiny ? 1000 : counts[recording]);
	const what = `${recording}, ${output}`;
	const ratio = tetra && tetra.cpuMicroseconds / Math.max(cpuMicroseconds, Number.EPSILON);
	const multiple = multiples[output];
	const cpu: Result = {
		row: 'lines',
		what: `${what}: CPU an event`,
		against: tetra ? `tetra -o ${output}, ${tetra.cpuMicroseconds.toFixed(1)} µs` : 'tetra is not installed here',
		ratio: scale.tiny ? undefined : ratio,
		absolute: `${cpuMicroseconds.toFixed(1)} µs, ${runtime}`,
		value: cpuMicroseconds,
		must: `≥ ${multiple} × less`,
		reached: ratio === undefined ? undefined : ratio >= multiple,
	};
	const beside = tetra ? `${mostMiB} MiB; tetra ${tetra.peakMiB.toFixed(0)} MiB` : `${mostMiB} MiB`;
	return [cpu, memoryResult(`${what}: memory`, peak, beside)];
}

export const linesRow: Row = {
	name: 'lines',
	async measure(scale) {
		const results: Result[] = [];
		for (const recording of scale.tiny ? (['fork-storm'] as const) : (['fork-storm', 'realistic-mix'] as const)) {
			for (const output of ['compact', 'json'] as const) {
				results.push(...(await ofRecording(recording, output, scale)));
			}
		}

		const long = await cost('fork-storm', 'json', scale.tiny ? 2000 : longCount);
		results.push(
			memoryResult('5 M events, json: memory', long.peakMiB, `${mostMiB} MiB`),
			{
				row: 'lines',
				what: '5 M events, json: growth after the first million',
				against: `${long.warmMiB.toFixed(0)} MiB`,
				ratio: long.peakMiB / long.warmMiB,
				absolute: `${long.peakMiB.toFixed(0)} MiB, ${runtime}`,
				value: long.peakMiB,
				must: '≤ 1.1 ×',
				reached: long.peakMiB <= long.warmMiB * 1.1,
			},
			memoryResult('a slow reader, json: memory', await slowReader('json', scale.tiny ? 0.3 : 20), `${mostMiB} MiB`),
		);
		return results;
	},
};
