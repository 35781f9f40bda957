/**
Makes the tests of events, processes and rows of kills from chips. An event is decoded only for a chip about its verb.
*/

import {table} from '../runtime/table.js';
import type {Process} from '../store/processes/process.js';
import type {FeedFilter} from '../store/ring/feed.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import type {AlertGroup} from '../store/snapshot.js';
import {decodeFrame} from '../tetragon/decode-frame.js';
import type {Chip} from './chip.js';
import {type TermTest, testOf} from './term-test.js';
import type {Around} from './text-test.js';

type Matcher = {
	/** undefined: all events pass. */
	readonly event: FeedFilter | undefined;
	/** For the tree. Chips about events let every process pass. undefined: all pass. */
	readonly process: ((process: Process) => boolean) | undefined;
	readonly kill: ((group: AlertGroup) => boolean) | undefined;
};

type ChipTest = {readonly negate: boolean; readonly terms: readonly TermTest[]};

/**
@param nodeName of a node id, as Store.nodeName gives it.
@param around what a text, `parent:` and `anc:` read beside the event.
*/
export function matcherOf(chips: readonly Chip[], nodeName: (node: number) => string, around: Around = {}): Matcher {
	if (chips.length === 0) {
		return {event: undefined, process: undefined, kill: undefined};
	}

	const tests: ChipTest[] = chips.map(({terms, negate}) => ({negate, terms: terms.map(term => testOf(term, around))}));

	function matches(candidate: FilterRow) {
		return tests.every(({terms, negate}) => terms.some(({event}) => event(candidate)) !== negate);
	}

	const costly = tests.some(({terms}) => terms.some(term => term.costly));
	return {
		event: Object.assign(matches, {costly}),
		process: processTest(tests, nodeName),
		kill: group => variantsOf(group).some(variant => matches(candidateOf(group, variant, nodeName))),
	};
}

function processTest(tests: readonly ChipTest[], nodeName: (node: number) => string) {
	// A chip with one term about events lets every process pass.
	const asked = tests.filter(({terms}) => terms.every(({process}) => process !== undefined));
	if (asked.length === 0) {
		return undefined;
	}

	return (process: Process) => {
		const node = nodeName(process.node);
		return asked.every(({terms, negate}) => terms.some(term => term.process!(process, node)) !== negate);
	};
}

/** A kill whose event reports POST was a SIGKILL, too. */
const actions: Readonly<Record<string, number>> = table<number>({
	SIGKILL: 3,
	OVERRIDE: 5,
	SIGNAL: 10,
	NOTIFYENFORCER: 13,
	POST: 3,
});

type Variant = {readonly process: Process | undefined; readonly policy: string};

/** A death has several policies, and an UNSEEN several processes that it may have been: a row passes when one of them does. */
function variantsOf({kills, policies, state}: AlertGroup): readonly Variant[] {
	const newest = kills.at(-1);
	const candidates = state === 'UNSEEN' ? (newest?.candidates ?? []) : [];
	const processes = candidates.length > 0 ? candidates : [newest?.process];
	return (policies.length > 0 ? policies : ['']).flatMap(policy => processes.map(process => ({process, policy})));
}

/** A row of kills is tested as its newest event. */
function candidateOf(group: AlertGroup, {process, policy}: Variant, nodeName: (node: number) => string): FilterRow {
	const newest = group.kills.at(-1);
	const action = group.state === 'UNSEEN' ? 3 : (actions[newest?.action ?? ''] ?? 0);
	return {
		seq: newest?.seq ?? -1,
		process,
		nodeName: nodeName(group.node),
		kind: newest?.kind ?? 'unknown',
		policy,
		functionName: newest?.functionName ?? '',
		killState: group.state,
		action,
		returnAction: 0,
		timeMs: group.lastMs,
		raw: () => undefined,
		event: () => newest?.frame && decodeFrame(newest.frame, newest.format),
	};
}
