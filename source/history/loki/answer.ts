/** The answer of query_range as entries, by time. */
import type {Entry} from '../store-record.js';

export type Answer = {
	readonly entries: readonly Entry[];
	/** Characters of the longest line. */
	readonly longest: number;
};

type Stream = {readonly stream?: unknown; readonly values?: unknown};

/** Labels that Loki makes: they split what one writer wrote. */
const made = new Set(['__stream_shard__', 'detected_level', '__error__', '__error_details__']);
/** Metadata that tells one writer from another where the labels do not. */
const writerKeys = ['pod', 'k8s_pod_name', 'filename'];

/**
The list of streams is in no order of time, and one stored stream may come as several. `isBackward`: entries of one stream with
one time come in reverse. Throws an Error in words for what is no such answer.
*/
export function entriesOf(text: string, isBackward: boolean): Answer {
	const entries: Array<Entry & {readonly order: number}> = [];
	let longest = 0;
	for (const {stream, values} of streamsOf(text)) {
		const labels = labelsOf(stream);
		const list = Array.isArray(values) ? values : [];
		for (const value of isBackward ? list.toReversed() : list) {
			const [ns, line, extra] = value as [unknown, unknown, unknown];
			if (typeof ns !== 'string' || typeof line !== 'string' || !/^-?\d{1,19}$/.test(ns)) {
				throw new Error('its answer has an entry without a time or a line');
			}

			longest = Math.max(longest, line.length);
			entries.push({ns: BigInt(ns), stream: labels + writerOf(extra), line, order: entries.length});
		}
	}

	// The first part of a line before its end: two shards of one stream have no order among them.
	entries.sort((one, other) =>
		one.ns === other.ns ? partOf(one.line) - partOf(other.line) || one.order - other.order : one.ns < other.ns ? -1 : 1,
	);
	return {entries, longest};
}

function streamsOf(text: string): readonly Stream[] {
	let value: {readonly data?: {readonly resultType?: unknown; readonly result?: unknown}};
	try {
		value = JSON.parse(text) as typeof value;
	} catch {
		throw new Error('its answer is not JSON');
	}

	const result = value?.data?.result;
	if (value?.data?.resultType !== undefined && value.data.resultType !== 'streams') {
		throw new Error('the query gives numbers, not lines');
	}

	if (result === null || result === undefined) {
		return [];
	}

	if (!Array.isArray(result) || result.some(one => typeof one !== 'object' || one === null)) {
		throw new Error('its answer has no list of streams');
	}

	return result as Stream[];
}

function labelsOf(stream: unknown): string {
	const labels = typeof stream === 'object' && stream !== null ? Object.entries(stream) : [];
	return JSON.stringify(
		labels.filter(([name]) => !made.has(name)).toSorted(([one], [other]) => (one < other ? -1 : 1)),
	);
}

function writerOf(extra: unknown): string {
	const metadata = (extra as {readonly structuredMetadata?: Readonly<Record<string, unknown>>} | undefined)
		?.structuredMetadata;
	return metadata === undefined
		? ''
		: writerKeys
				.map(key => metadata[key] ?? '')
				.join(' ')
				.trim();
}

/** CRI: P is a part whose end comes later. Lines of another form keep their order. */
function partOf(line: string): number {
	const mark = /^\S+ (?:stdout|stderr) ([FP])[: ]/.exec(line.slice(0, 60))?.[1];
	return mark === 'F' ? 1 : 0;
}
