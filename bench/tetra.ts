/**
The yardstick `tetra getevents`: run beside us where it is installed; else the figures taken of v1.8.0-pre.0 on the same
frames on another machine, on which the bare client of this bench read 218 000 events/s, scaled by how fast it is here.
*/
import {spawnSync} from 'node:child_process';
import {cpuSeconds, Lines, peakMiB} from './program.js';
import type {Scale} from './row.js';
import {Sending} from './sending.js';

export type Output = 'compact' | 'json';
export type Recording = 'fork-storm' | 'realistic-mix';

const bareThere = 218_000;
const eventsThere: Readonly<Record<Recording, Readonly<Record<Output, number>>>> = {
	'fork-storm': {compact: 10_300, json: 18_700},
	'realistic-mix': {compact: 1900, json: 3300},
};

export function hasTetra(): boolean {
	return spawnSync('tetra', ['version', '--client'], {stdio: 'ignore'}).status === 0;
}

export type Cost = {readonly cpuMicroseconds: number; readonly peakMiB: number};

/** CPU an event and the most memory of tetra; undefined where it is not installed. */
export async function tetraCost(recording: Recording, output: Output, {tiny}: Scale): Promise<Cost | undefined> {
	if (!hasTetra()) {
		return undefined;
	}

	const sending = await Sending.start(recording);
	const tetra = new Lines(['tetra', '--server-address', sending.address(), 'getevents', '-o', output]);
	try {
		await sending.wait('subscribed');
		sending.order({type: 'flood', warm: tiny ? 100 : 5000, count: tiny ? 1000 : 30_000});
		await sending.wait('warm');
		const before = cpuSeconds(tetra.pid);
		const {counted} = await sending.wait('flooded');
		return {cpuMicroseconds: ((cpuSeconds(tetra.pid) - before) / counted) * 1e6, peakMiB: peakMiB(tetra.pid)};
	} finally {
		await tetra.close();
		await sending.stop();
	}
}

export type Yardstick = {readonly perSecond: number; readonly note: string};

/** `bareHere`: what the bare client reads of fork-storm in this run. */
export async function tetraYardstick(
	recording: Recording,
	output: Output,
	bareHere: number,
	{tiny}: Scale,
): Promise<Yardstick> {
	if (!hasTetra()) {
		const there = eventsThere[recording][output];
		return {
			perSecond: (there * bareHere) / bareThere,
			note:
				`tetra is not installed here: ${there.toLocaleString('en')}/s of another machine, scaled by the bare client ` +
				`(${Math.round(bareHere).toLocaleString('en')}/s here, ${bareThere.toLocaleString('en')}/s there)`,
		};
	}

	const sending = await Sending.start(recording);
	const tetra = new Lines(['tetra', '--server-address', sending.address(), 'getevents', '-o', output]);
	try {
		await sending.wait('subscribed');
		return {perSecond: await sending.flood(tiny ? 100 : 5000, tiny ? 1000 : 30_000), note: 'tetra on this machine'};
	} finally {
		await tetra.close();
		await sending.stop();
	}
}
