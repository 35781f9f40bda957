/** `tetratop doctor loki+https://…`: each step of the way to a store of events. */
import process from 'node:process';
import type {Options} from '../options/options.js';
import {refusalOf} from '../problem.js';
import {say} from './terminal/print.js';
import {asUsageError} from './usage-error.js';

const hourMs = 3_600_000;
const nsPerMs = 1_000_000n;
/** As for agents: all well, some, none. */
const codes = {well: 0, some: 1, none: 2} as const;

export async function examineStore({target = '', query, orgId}: Options): Promise<number> {
	const [{lokiSettings}, {examineLoki}] = await Promise.all([
		import('../history/loki/settings.js'),
		import('../history/loki/examine.js'),
	]);
	const settings = asUsageError(() => lokiSettings(target, {query, orgId}, process.env));
	const to = BigInt(Date.now()) * nsPerMs;
	const span = {from: to - BigInt(hourMs) * nsPerMs, to};
	const {signal} = new AbortController();
	let isWell = true;
	let isReached = false;
	try {
		const waits: (why: string) => void = why => say(`..   ${why}`);
		for await (const step of examineLoki(
			{...settings, retries: Math.min(settings.retries, 1)},
			{span, signal, waits},
		)) {
			isReached = true;
			isWell &&= step.isWell;
			say(`${step.isWell ? 'ok ' : 'bad'}  ${step.text}`);
		}
	} catch (error) {
		const {what, why, fix} = refusalOf(error);
		say(`bad  ${what}: ${why}; ${fix}`);
		return isReached ? codes.some : codes.none;
	}

	return isWell ? codes.well : codes.some;
}
