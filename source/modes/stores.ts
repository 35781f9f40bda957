/** What a recording is read from: files, or a store of events by its address. */
import process from 'node:process';
import type {StoreReading} from '../history/source-of.js';
import {isStoreAddress} from '../history/stores.js';
import type {Options} from '../options/options.js';
import {RecordingReader} from '../recording/reader.js';
import {type Source, sourcesOf} from '../recording/source.js';
import {type Span, spanOf} from './span.js';
import {asUsageError, UsageError} from './usage-error.js';

type Words = Pick<Options, 'since' | 'until' | 'last' | 'follow' | 'query' | 'orgId'>;
type Filters = Partial<
	Pick<
		Options,
		| 'pod'
		| 'process'
		| 'container'
		| 'eventTypes'
		| 'policyNames'
		| 'namespace'
		| 'deny'
		| 'labels'
		| 'namespaceRegex'
		| 'host'
	>
>;

export type Recording = {
	readonly sources: readonly Source[];
	/** What of the events is looked at again here: all, where a store was asked for the span by its own clock. */
	readonly span: Span;
	/** The stores among the sources. */
	readonly stores: readonly StoreReading[];
	/** The flags that the store runs. */
	readonly pushed: ReadonlySet<string>;
};

type RecordingOptions = {
	/** Newest first, so many bytes. */
	readonly newestBytes?: number;
	/** What is said while it is read: a store that does not answer. */
	readonly say: (text: string) => void;
};

const hourMs = 3_600_000;
/** Without --since; with --last the newest are looked for in more. */
const defaultSpanMs = hourMs;
const longestLookMs = 7 * 24 * hourMs;
const nsPerMs = 1_000_000n;

/** Throws a UsageError for a span, an address or a setting that cannot be, a Refusal for a file. */
export async function recordingOf(
	options: Words & Filters,
	operands: readonly string[],
	{newestBytes, say}: RecordingOptions,
): Promise<Recording> {
	const nowMs = Date.now();
	const span = spanOf(options, nowMs);
	if (!operands.some(isStoreAddress)) {
		const sources = sourcesOf(operands, undefined, {follow: options.follow === true});
		return {sources, span, stores: [], pushed: new Set()};
	}

	const [address, ...more] = operands;
	if (address === undefined || more.length > 0) {
		throw new UsageError(operands.join(' '), 'a store is read alone', 'give its address and nothing else', false);
	}

	const {wanted, pushed} = pushable(options);
	const store = await storeReading(address, options, {
		fromMs: span.fromMs === Number.NEGATIVE_INFINITY ? nowMs - lookMs(span) : span.fromMs,
		toMs: Math.min(span.toMs, nowMs),
		// What is asked for to the end of now may come a moment later by the clock of the store.
		slackMs: Number.isFinite(span.toMs) ? 0 : 600_000,
		newestBytes,
		last: Number.isFinite(span.last) && wanted.length === 0 && !isFiltered(options) ? span.last : undefined,
		wanted,
		say,
	});
	const whole = {...span, fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY};
	return {sources: [store.source()], span: whole, stores: [store], pushed};
}

function lookMs({last}: Span): number {
	return Number.isFinite(last) ? longestLookMs : defaultSpanMs;
}

type StoreWords = {
	readonly fromMs: number;
	readonly toMs: number;
	readonly slackMs?: number;
	readonly newestBytes?: number | undefined;
	readonly last?: number | undefined;
	readonly wanted?: ReadonlyArray<readonly string[]>;
	readonly say: (text: string) => void;
};

/** A span of a store, not yet asked for. Throws a UsageError for an address or a setting that cannot be. */
export async function storeReading(
	address: string,
	{query, orgId, follow}: Pick<Words, 'query' | 'orgId'> & {readonly follow?: boolean | undefined},
	{fromMs, toMs, slackMs = 0, newestBytes, last, wanted = [], say}: StoreWords,
): Promise<StoreReading> {
	const [{openStore}, {StoreReading: Reading}] = await Promise.all([
		import('../history/stores.js'),
		import('../history/source-of.js'),
	]);
	const span = {from: BigInt(Math.floor(fromMs)) * nsPerMs, to: BigInt(Math.ceil(toMs)) * nsPerMs};
	const slackNs = BigInt(slackMs) * nsPerMs;
	const controller = new AbortController();
	const {signal} = controller;
	const store = await openStore(address, {query, orgId, environment: process.env, span, signal, waits: say}).catch(
		(error: unknown) =>
			asUsageError(() => {
				throw error;
			}),
	);
	const reading = {
		span,
		slackNs,
		isFollowed: follow === true,
		filter: store.pushDown(wanted),
		last,
		newestBytes,
		failed: say,
	};
	function close(): void {
		controller.abort();
		store.close();
	}

	return new Reading({...store, close}, reading);
}

export type StorePast = {
	/** `events()`: oldest first, in pages; `close()` ends it. `nothing`, `malformed` and `problems` say what was missing. */
	readonly reader: RecordingReader;
	/** What is to be said after the reading. */
	readonly notes: () => readonly string[];
};

/**
The past before live agents connect: what a store has of a span, at most `bytes` of the newest. `address` as `--history` takes it:
`loki` ($LOKI_ADDR) or `loki+https://…`. Throws a UsageError.
*/
export async function pastOf(
	address: string,
	options: Pick<Words, 'query' | 'orgId'>,
	span: {readonly fromMs: number; readonly toMs: number; readonly bytes: number},
	say: (text: string) => void,
): Promise<StorePast> {
	const {fromMs, toMs, bytes} = span;
	const whole = address.replace(/^loki(?:=|$)(?:loki\+)?/, 'loki:');
	const store = await storeReading(whole, options, {fromMs, toMs, newestBytes: bytes, say});
	return {reader: new RecordingReader([store.source()]), notes: () => store.notes()};
}

/** An expression that is a word; its anchors do not matter, since the store looks for the word anywhere in the line. */
const word = /^\^?([\w-]{2,})\$?$/;

/** What the flags ask for as words that must be in the line, and the names of these flags. */
export function pushable(options: Filters): {
	readonly wanted: ReadonlyArray<readonly string[]>;
	readonly pushed: Set<string>;
} {
	const flags: ReadonlyArray<readonly [string, readonly string[] | undefined]> = [
		['pod', words(options.pod)],
		['process', words(options.process)],
		['container', words(options.container)],
		['policy-names', options.policyNames],
		['event-types', options.eventTypes?.map(type => type.toLowerCase())],
	];
	const found = flags.filter((flag): flag is readonly [string, readonly string[]] => (flag[1]?.length ?? 0) > 0);
	return {wanted: found.map(([, values]) => values), pushed: new Set(found.map(([name]) => name))};
}

/** undefined: one of them is no word. */
function words(values: readonly string[] | undefined): readonly string[] | undefined {
	const all = (values ?? []).map(value => word.exec(value)?.[1]);
	return all.every(value => value !== undefined) ? all : undefined;
}

function isFiltered({pod, process: binaries, container, eventTypes, policyNames, ...rest}: Filters): boolean {
	const {namespace, namespaceRegex, labels, deny, host} = rest;
	const lists = [pod, binaries, container, eventTypes, policyNames, namespace, namespaceRegex, labels, deny];
	return host === true || lists.some(list => (list?.length ?? 0) > 0);
}
