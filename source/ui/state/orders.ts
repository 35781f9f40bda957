/**
The orders that a list can be put into. By a value that moves it is sorted anew at most once a second, and not while
somebody is at the keys: nothing may jump away under a cursor.
*/

import type {PolicyRow} from '../../store/policies/policy-rows.js';
import type {AlertGroup, NodeStatus} from '../../store/snapshot.js';
import {TreeOrder, type TreeSort} from '../../store/tree/tree-order.js';
import {own, type SafeText} from '../../text/safe.js';
import {killWords} from '../widgets/kill-words.js';

/** `by` is the name of one of the list's choices. */
export type Sort = {readonly by: string; readonly isInverted: boolean};

/** A line of the sort menu of a list; the first one is the order that the list has by itself. */
export type SortChoice = {readonly by: string; readonly label: SafeText};

type Compare<Row> = (one: Row, other: Row) => number;
type Choice<Row> = SortChoice & {readonly compare: Compare<Row> | undefined};

const least = Number.NEGATIVE_INFINITY;

function most<Row>(numberOf: (row: Row) => number | undefined): Compare<Row> {
	return (one, other) => (numberOf(other) ?? least) - (numberOf(one) ?? least) || 0;
}

function alphabetical<Row>(nameOf: (row: Row) => string): Compare<Row> {
	return (one, other) => {
		const [left, right] = [nameOf(one), nameOf(other)];
		return left < right ? -1 : left > right ? 1 : 0;
	};
}

export const treeSorts: ReadonlyArray<SortChoice & {readonly by: TreeSort}> = [
	{by: 'name', label: own('name, start')},
	{by: 'rate', label: own('events a second')},
	{by: 'kills', label: own('alerts')},
	{by: 'newest', label: own('newest start')},
];

export const killSorts: ReadonlyArray<Choice<AlertGroup>> = [
	{by: 'last', label: own('last'), compare: undefined},
	{by: 'count', label: own('count'), compare: most(({count}) => count)},
	{by: 'state', label: own('state'), compare: most(({state}) => killWords[state].weight)},
	{by: 'pod', label: own('pod'), compare: alphabetical(({namespace, pod}) => `${namespace}/${pod}`)},
];

const wellness: Readonly<Record<NodeStatus['state'], number>> = {
	blocked: 6,
	retrying: 5,
	looking: 4,
	connecting: 3,
	ended: 2,
	quiet: 1,
	streaming: 0,
};

export const nodeSorts: ReadonlyArray<Choice<NodeStatus>> = [
	{by: 'first', label: own('as they came'), compare: undefined},
	{by: 'name', label: own('name'), compare: alphabetical(({name}) => name)},
	{by: 'state', label: own('state, worst first'), compare: most(({state}) => wellness[state])},
	{by: 'rate', label: own('events a second'), compare: most(({perSecond}) => perSecond)},
	{by: 'kills', label: own('kills'), compare: most(({kills}) => kills)},
	{by: 'lost', label: own('lost'), compare: most(({lostServer}) => lostServer)},
	{by: 'lag', label: own('lag'), compare: most(({lagMs}) => lagMs)},
];

export const policySorts: ReadonlyArray<Choice<PolicyRow>> = [
	{by: 'name', label: own('name'), compare: undefined},
	{by: 'mode', label: own('mode'), compare: alphabetical(({mode}) => mode)},
	{by: 'state', label: own('state'), compare: alphabetical(({state}) => state)},
	{by: 'posts', label: own('posts a second'), compare: most(({postsPerSecond}) => postsPerSecond)},
	{by: 'enforced', label: own('enforced'), compare: most(({enforced}) => enforced)},
	{by: 'seen', label: own('seen'), compare: most(({seen}) => seen)},
	{by: 'missed', label: own('missed'), compare: most(({missed}) => missed)},
];

/** The order of a list: the user's, or its own. */
export function sortOf(choices: readonly SortChoice[], sort: Sort | undefined): Sort {
	return sort ?? {by: choices[0]?.by ?? '', isInverted: false};
}

/** For the title of a pane; undefined: the list has its own order. */
export function sortWords(choices: readonly SortChoice[], sort: Sort | undefined): SafeText | undefined {
	const {by, isInverted} = sortOf(choices, sort);
	const label = choices.find(choice => choice.by === by)?.label;
	if (label === undefined || (by === choices[0]?.by && !isInverted)) {
		return undefined;
	}
	return isInverted ? own`by ${label}, inverted` : own`by ${label}`;
}

const handsOffMs = 3000;
const lookMs = 1000;

export class Orders {
	#touchedMs = Number.NEGATIVE_INFINITY;
	readonly #kept = new Map<object, {key: string; atMs: number; ranks: ReadonlyMap<string, number>}>();
	#tree: {key: string; atMs: number; order: TreeOrder} | undefined;

	/** A key was pressed. */
	touch(nowMs: number): void {
		this.#touchedMs = nowMs;
	}

	/** undefined: as the tree is kept. */
	tree(sort: Sort | undefined, nowMs: number): TreeOrder | undefined {
		const {by, isInverted} = sortOf(treeSorts, sort);
		if (by === 'name' && !isInverted) {
			this.#tree = undefined;
			return undefined;
		}

		const key = `${by} ${isInverted}`;
		if (this.#tree?.key !== key || this.#isDue(this.#tree.atMs, nowMs)) {
			this.#tree = {key, atMs: nowMs, order: new TreeOrder(by as TreeSort, isInverted)};
		}

		return this.#tree.order;
	}

	#isDue(atMs: number, nowMs: number): boolean {
		return Math.abs(nowMs - atMs) >= lookMs && Math.abs(nowMs - this.#touchedMs) >= handsOffMs;
	}

	/** The rows in the order that the user wants. `choices` is the list's own table: it also says which list this is. */
	arrange<Row>(
		rows: readonly Row[],
		choices: ReadonlyArray<Choice<Row>>,
		idOf: (row: Row) => string,
		sort: Sort | undefined,
		nowMs: number,
	): readonly Row[] {
		const {by, isInverted} = sortOf(choices, sort);
		const compare = choices.find(choice => choice.by === by)?.compare;
		if (compare === undefined) {
			return isInverted ? rows.toReversed() : rows;
		}

		const key = `${by} ${isInverted}`;
		const kept = this.#kept.get(choices);
		if (kept?.key === key && !this.#isDue(kept.atMs, nowMs)) {
			// Rows that came since the last look are at the end until the next one.
			const {ranks} = kept;

			function rank(row: Row): number {
				return ranks.get(idOf(row)) ?? Number.MAX_SAFE_INTEGER;
			}

			return rows.toSorted((one, other) => rank(one) - rank(other));
		}

		const sorted = rows.toSorted(isInverted ? (one, other) => compare(other, one) : compare);
		const ranks = new Map(sorted.map((row, index) => [idOf(row), index]));
		this.#kept.set(choices, {key, atMs: nowMs, ranks});
		return sorted;
	}
}
