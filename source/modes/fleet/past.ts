/** What is asked of the past of the nodes: by --since, --until and --last, or unasked for a target. */
import type {EventSink} from '../../fleet/event-sink.js';
import {PastJoiner} from '../../fleet/past/past-joiner.js';
import type {Options} from '../../options/options.js';
import {Keep} from '../../store/keep.js';
import type {EventsRequest} from '../../tetragon/agent/link.js';
import type {PastSpan} from '../../tetragon/agent/node-past.js';
import {textsFor} from '../../tetragon/past/texts.js';
import {spanOf} from '../span.js';
import type {FleetMode} from './mode.js';

/** Unasked: so far back, and so much of a node. */
const unaskedMs = 15 * 60_000;
const unaskedBytes = 5 * 1024 * 1024;
/** Milliseconds that live events wait: who asked for the past waits longer for it. */
const unaskedPatienceMs = 1500;
const askedPatienceMs = 10_000;

/** undefined: nothing is asked for. Throws a UsageError for a span that can have no event. */
export function askedPast(options: Options, nowMs: number): PastSpan | undefined {
	const {since, until, last, target, selector} = options;
	const isAsked = since !== undefined || until !== undefined || last !== undefined;
	const {fromMs, toMs} = spanOf(options, nowMs);
	if (since === '0') {
		return undefined;
	}

	if (isAsked) {
		return {fromMs, toMs, mostBytes: options.buffer};
	}

	return target === undefined && selector === undefined
		? undefined
		: {fromMs: nowMs - unaskedMs, toMs: Number.POSITIVE_INFINITY, mostBytes: unaskedBytes};
}

type Parts = {
	readonly store: EventSink;
	readonly request: EventsRequest;
	readonly nodeName: (node: number) => string;
	readonly settled?: () => void;
};

export function pastJoiner(mode: FleetMode, {store, request, nodeName, settled}: Parts): PastJoiner {
	const {options, isOwn, scope} = mode;
	const span = askedPast(options, Date.now());
	const keep = new Keep({request, isOwn, scope, nodeName});
	const isAsked = span !== undefined && span.mostBytes !== unaskedBytes;
	return new PastJoiner({
		store,
		span,
		last: options.last ?? Number.POSITIVE_INFINITY,
		isKept: (node, arrival) => {
			const verdict = keep.judge(node, arrival);
			if (verdict === 'own') {
				store.hide(node);
			}

			return verdict === 'kept';
		},
		texts: () => textsFor(scope?.()),
		heals: options.heal !== false,
		patienceMs: isAsked ? askedPatienceMs : unaskedPatienceMs,
		mostBytes: Math.floor(options.buffer / 4),
		onPlace: (node, past) => store.setNode(node, {past}),
		...(settled === undefined ? {} : {settled}),
	});
}
