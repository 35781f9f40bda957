/** How fast events come in: on a screen, as compact lines, as JSON lines; beside a bare client and beside tetra. */
import path from 'node:path';
import process from 'node:process';
import {cpuSeconds, Lines, launcher, Program, root, sleep} from '../program.js';
import {perSecond, type Result, type Row, type Scale} from '../row.js';
import {Sending} from '../sending.js';
import {type Output, type Recording, tetraYardstick} from '../tetra.js';

type Speed = {readonly perSecond: number; readonly cpuMicroseconds: number};

const sizes: Readonly<Record<Recording, {readonly warm: number; readonly count: number}>> = {
	'fork-storm': {warm: 150_000, count: 600_000},
	'realistic-mix': {warm: 20_000, count: 100_000},
};

function sizeOf(recording: Recording, {tiny}: Scale) {
	return tiny ? {warm: 500, count: 2000} : sizes[recording];
}

/** Floods the client that `connect` starts; the best of a few runs, since other programs may be at work here. */
async function flooded(
	recording: Recording,
	scale: Scale,
	connect: (sending: Sending) => {readonly pid: number; readonly close: () => Promise<void>},
	check: (client: never) => Promise<void>,
): Promise<Speed> {
	const {warm, count} = sizeOf(recording, scale);
	let best: Speed | undefined;
	for (let run = 0; run < (scale.tiny ? 1 : 2); run++) {
		const sending = await Sending.start(recording);
		const client = connect(sending);
		try {
			await sending.wait('subscribed');
			await sleep(scale.tiny ? 50 : 500);
			sending.order({type: 'flood', warm, count});
			await sending.wait('warm');
			const cpu = cpuSeconds(client.pid);
			const {milliseconds, counted} = await sending.wait('flooded');
			const speed = {
				perSecond: (counted / milliseconds) * 1000,
				cpuMicroseconds: ((cpuSeconds(client.pid) - cpu) / counted) * 1e6,
			};
			await check(client as never);
			best = best && best.perSecond > speed.perSecond ? best : speed;
		} finally {
			await client.close();
			await sending.stop();
		}
	}

	return best!;
}

const bareSpeeds = new Map<string, Promise<Speed>>();

/** The bare client, measured once in a run and shared by the rows. */
export function bareSpeed(recording: Recording, scale: Scale): Promise<Speed> {
	const known = bareSpeeds.get(recording);
	if (known) {
		return known;
	}

	const measured = flooded(
		recording,
		scale,
		sending =>
			new Lines([
				process.execPath,
				// Not patched-tsx.js: the bare client runs plain packages.
				'--import=tsx',
				path.join(root, 'bench/bare-client.ts'),
				path.join(sending.folder, '0'),
			]),
		async () => {},
	);
	bareSpeeds.set(recording, measured);
	return measured;
}

/** What the screen itself let go stands in the header behind `LOST`: with an agent that publishes no metrics, `?` alone. */
async function nothingShed(program: Program): Promise<void> {
	await sleep(500);
	await program.waitFor(/LOST \?(?!\S)/);
}

export function screenSpeed(recording: Recording, scale: Scale): Promise<Speed> {
	return flooded(
		recording,
		scale,
		sending => Program.tetratop(['--server-address', sending.address()]),
		(program: Program) => nothingShed(program),
	);
}

export function linesSpeed(recording: Recording, output: Output, scale: Scale): Promise<Speed> {
	return flooded(
		recording,
		scale,
		sending => new Lines([process.execPath, launcher, '--server-address', sending.address(), '-o', output]),
		async (lines: Lines) => {
			await sleep(200);
			if (lines.complaints.includes('not written')) {
				throw new Error(lines.complaints);
			}
		},
	);
}

type Wanted = {readonly row: string; readonly recording: Recording; readonly form: 'screen' | Output};
type Multiples = {readonly bare?: number; readonly tetra: number};

async function ingest({row, recording, form}: Wanted, {bare, tetra}: Multiples, scale: Scale): Promise<Result[]> {
	const bareHere = await bareSpeed('fork-storm', scale);
	const reference = await bareSpeed(recording, scale);
	const speed = form === 'screen' ? await screenSpeed(recording, scale) : await linesSpeed(recording, form, scale);
	const output = form === 'screen' ? 'compact' : form;
	const yardstick = await tetraYardstick(recording, output, bareHere.perSecond, scale);
	const absolute = `${perSecond(speed.perSecond)}, ${speed.cpuMicroseconds.toFixed(1)} µs of CPU an event`;
	const shared = {row, what: `${recording}, ${form}`, absolute, value: speed.perSecond};
	const results: Result[] = [];
	const ofBare = speed.perSecond / reference.perSecond;
	if (bare !== undefined) {
		results.push({
			...shared,
			against: `bare grpc-js client, ${perSecond(reference.perSecond)}, ${reference.cpuMicroseconds.toFixed(1)} µs`,
			ratio: ofBare,
			must: `≥ ${bare} ×`,
			reached: ofBare >= bare,
		});
	}

	const ofTetra = speed.perSecond / yardstick.perSecond;
	results.push({
		...shared,
		against: `tetra getevents -o ${output}, ${perSecond(yardstick.perSecond)}`,
		ratio: ofTetra,
		must: `≥ ${tetra} ×`,
		reached: ofTetra >= tetra,
		note: yardstick.note,
	});
	return results;
}

const storm = 'fork-storm';
const mix = 'realistic-mix';

export const ingestRows: readonly Row[] = [
	{
		name: 'ingest',
		measure: scale => ingest({row: 'ingest', recording: storm, form: 'screen'}, {bare: 0.6, tetra: 10}, scale),
	},
	{
		name: 'ingest-compact',
		measure: scale =>
			ingest({row: 'ingest headless compact', recording: storm, form: 'compact'}, {bare: 0.25, tetra: 5}, scale),
	},
	{
		name: 'ingest-json',
		measure: scale =>
			ingest({row: 'ingest headless json', recording: storm, form: 'json'}, {bare: 0.15, tetra: 2}, scale),
	},
	{
		name: 'ingest-mix',
		async measure(scale) {
			const row = 'ingest realistic-mix';
			return [
				...(await ingest({row, recording: mix, form: 'screen'}, {tetra: 10}, scale)),
				...(await ingest({row, recording: mix, form: 'compact'}, {tetra: 5}, scale)),
				...(await ingest({row, recording: mix, form: 'json'}, {tetra: 2}, scale)),
			];
		},
	},
];
