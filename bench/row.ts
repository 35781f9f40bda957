/** What a row of the table is, and the few numbers that all of them need. */

/** Everything as large as it must be to mean something; `tiny`: only to see that the measuring itself works. */
export type Scale = {readonly tiny: boolean};

export type Limit = {readonly comparison: '≥' | '≤'; readonly value: number};

export type Result = {
	readonly row: string;
	/** What exactly, where a row says more than one thing. */
	readonly what: string;
	/** Beside what the ratio is. */
	readonly against: string;
	/** undefined: the other side is not on this machine. */
	readonly ratio: number | undefined;
	readonly absolute: string;
	/** `absolute`, for comparing runs. */
	readonly value: number;
	/** What must be reached, in words. */
	readonly must: string;
	/** undefined: cannot be measured here. */
	readonly reached: boolean | undefined;
	readonly note?: string;
};

export type Row = {readonly name: string; readonly measure: (scale: Scale) => Promise<readonly Result[]>};

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function perSecond(value: number): string {
	return `${Math.round(value).toLocaleString('en')}/s`;
}
