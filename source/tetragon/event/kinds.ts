/**
The kinds of event: one row for each case of the oneof `event` of GetEventsResponse. A new kind needs proto/, a row here, and
its words in describe/describe.ts and compact/compact.ts, which the compiler asks for.
*/

/** A row of the table. */
type Kind = {
	/** The key in JSON; in capitals it is the name of the EventType. */
	readonly name: string;
	/** The field number in GetEventsResponse, which is also the number of the EventType. */
	readonly number: number;
	/** Short names, for the filter `ev:`. */
	readonly words: readonly string[];
	/** The fields whose texts, joined by `/`, name the kernel function or probe of a hook; none: the event is of no hook. */
	readonly functionName: readonly string[];
};

export const kinds = [
	{name: 'process_exec', number: 1, words: ['exec'], functionName: []},
	{name: 'process_exit', number: 5, words: ['exit'], functionName: []},
	{name: 'process_kprobe', number: 9, words: ['kprobe'], functionName: ['function_name']},
	{name: 'process_tracepoint', number: 10, words: ['tracepoint', 'tp'], functionName: ['subsys', 'event']},
	{name: 'process_loader', number: 11, words: ['loader', 'load'], functionName: []},
	{name: 'process_uprobe', number: 12, words: ['uprobe'], functionName: ['symbol']},
	{name: 'process_throttle', number: 27, words: ['throttle', 'thr'], functionName: []},
	{name: 'process_lsm', number: 28, words: ['lsm'], functionName: ['function_name']},
	{name: 'process_usdt', number: 29, words: ['usdt'], functionName: ['provider', 'name']},
	{name: 'test', number: 40_000, words: ['test'], functionName: []},
	{name: 'rate_limit_info', number: 40_001, words: ['rate_limit', 'limit'], functionName: []},
] as const satisfies readonly Kind[];

export type KnownKind = (typeof kinds)[number]['name'];

/** Names of tetragon.EventType, as requests have them: `PROCESS_EXEC`. */
export const eventTypes: readonly string[] = kinds.map(({name}) => name.toUpperCase());

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map(kind => [kind.name, kind]));

/** The row of a kind; undefined for `unknown`. */
export function kindNamed(name: string): Kind | undefined {
	return byName.get(name);
}

/** Whether events of the kind come from a hook: a kernel function, LSM hook, tracepoint or probe that a policy names. */
export function isHook(kind: string): boolean {
	return (kindNamed(kind)?.functionName.length ?? 0) > 0;
}

/** The EventType that a person means by `PROCESS_EXEC`, `process-exec` or `exec`, in any case; undefined: there is none. */
export function eventTypeOf(text: string): string | undefined {
	const name = text.trim().toUpperCase().replaceAll('-', '_');
	return eventTypes.find(type => type === name || type === `PROCESS_${name}`);
}

/** Whether a field number of GetEventsResponse can be that of a kind: those from 1000 to 39 999 are fields of the envelope. */
export function isKindNumber(number: number): boolean {
	return number < 1000 || number >= 40_000;
}
