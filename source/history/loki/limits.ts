/** The limits of a tenant, where Loki tells them (3.6 and later). */

export type Limits = {
	/** Entries in one answer. */
	readonly entries: number | undefined;
	/** Milliseconds; 0: none. */
	readonly lookBackMs: number;
	/** As Loki writes them, for a person. */
	readonly shown: string;
};

/** Throws a SyntaxError for what is no JSON. */
export function limitsOf(text: string): Limits | undefined {
	const {limits} = JSON.parse(text) as {limits?: Readonly<Record<string, unknown>>};
	if (typeof limits !== 'object' || limits === null) {
		return undefined;
	}

	const entries = limits['max_entries_limit_per_query'];
	const names = ['max_entries_limit_per_query', 'max_query_length', 'max_query_lookback', 'query_timeout'];
	return {
		entries: typeof entries === 'number' && entries > 0 ? entries : undefined,
		lookBackMs: goMs(String(limits['max_query_lookback'] ?? '0s')),
		shown: names.flatMap(name => (limits[name] === undefined ? [] : [`${name} ${String(limits[name])}`])).join(', '),
	};
}

const units: ReadonlyMap<string, number> = new Map([
	['w', 604_800_000],
	['d', 86_400_000],
	['h', 3_600_000],
	['m', 60_000],
	['s', 1000],
]);

/** A duration as Prometheus writes it: `30d1h`. */
function goMs(text: string): number {
	return [...text.matchAll(/(\d+)([wdhms])(?!s)/g)].reduce(
		(sum, [, digits, unit = 's']) => sum + Number(digits) * (units.get(unit) ?? 0),
		0,
	);
}
