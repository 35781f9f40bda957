/**
The orders that a list can be put into. By a value that moves it is sorted anew at most once a second, and not while
somebody is at the keys: nothing may jump away under a cursor.
*/

import type {PolicyRow} from '../../store/policies/policy-rows.js';
import type {KillGroup, NodeStatus} from '../../store/snapshot.js';
import {TreeOrder, type TreeSort} from '../../store/tree/tree-order.js';
import {own, type SafeText} from '../../text/safe.js';
import {killWords} from '../widgets/kill-words.js';

export type SortScope = 'processes' | 'kills' | 'nodes' | 'policies';

/** `by` is one of the scope's names below; the first is how the list stands without being asked. */
export type Sort = {readonly by: string; readonly isInverted: boolean};
export type Sorts = Readonly<Record<SortScope, Sort>>;

type Compare<Row> = (one: Row, other: Row) => number;
type Choice<Row> = {readonly by: string; readonly label: SafeText; readonly compare: Compare<Row> | undefined};

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

const treeChoices: ReadonlyArray<{readonly by: TreeSort; readonly label: SafeText}> = [
	{by: 'name', label: own('name, start')},
	{by: 'rate', label: own('events a second')},
	{by: 'kills', label: own('alerts')},
	{by: 'newest', label: own('newest start')},
];

const killChoices: ReadonlyArray<Choice<KillGroup>> = [
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

const nodeChoices: ReadonlyArray<Choice<NodeStatus>> = [
	{by: 'first', label: own('as they came'), compare: undefined},
	{by: 'name', label: own('name'), compare: alphabetical(({name}) => name)},
	{by: 'state', label: own('state, worst first'), compare: most(({state}) => wellness[state])},
	{by: 'rate', label: own('events a second'), compare: most(({perSecond}) => perSecond)},
	{by: 'kills', label: own('kills'), compare: most(({kills}) => kills)},
	{by: 'lost', label: own('lost'), compare: most(({lostServer}) => lostServer)},
	{by: 'lag', label: own('lag'), compare: most(({lagMs}) => lagMs)},
];

const policyChoices: ReadonlyArray<Choice<PolicyRow>> = [
	{by: 'name', label: own('name'), compare: undefined},
	{by: 'mode', label: own('mode'), compare: alphabetical(({mode}) => mode)},
	{by: 'state', label: own('state'), compare: alphabetical(({state}) => state)},
	{by: 'posts', label: own('posts a second'), compare: most(({postsPerSecond}) => postsPerSecond)},
	{by: 'enforced', label: own('enforced'), compare: most(({enforced}) => enforced)},
	{by: 'seen', label: own('seen'), compare: most(({seen}) => seen)},
	{by: 'missed', label: own('missed'), compare: most(({missed}) => missed)},
];

/** What the sort menu of a pane offers. */
export const sortChoices: Readonly<Record<SortScope, ReadonlyArray<{readonly by: string; readonly label: SafeText}>>> =
	{
		processes: treeChoices,
		kills: killChoices,
		nodes: nodeChoices,
		policies: policyChoices,
	};

export const defaultSorts: Sorts = {
	processes: {by: 'name', isInverted: false},
	kills: {by: 'last', isInverted: false},
	nodes: {by: 'first', isInverted: false},
	policies: {by: 'name', isInverted: false},
};

/** For the title of a pane; undefined: it stands as it does by itself. */
export function sortWords(scope: SortScope, {by, isInverted}: Sort): SafeText | undefined {
	const label = sortChoices[scope].find(choice => choice.by === by)?.label;
	if (label === undefined || (by === defaultSorts[scope].by && !isInverted)) {
		return undefined;
	}
	return isInverted ? own`by ${label}, inverted` : own`by ${label}`;
}

const handsOffMs = 3000;
const lookMs = 1000;

export class Orders {
	#touchedMs = Number.NEGATIVE_INFINITY;
	readonly #kept = new Map<SortScope, {key: string; atMs: number; ranks: ReadonlyMap<string, number>}>();
	#tree: {key: string; atMs: number; order: TreeOrder} | undefined;

	/** A key was pressed. */
	touch(nowMs: number): void {
		this.#touchedMs = nowMs;
	}

	/** undefined: as the tree is kept. */
	tree({by, isInverted}: Sort, nowMs: number): TreeOrder | undefined {
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

	kills(rows: readonly KillGroup[], sort: Sort, nowMs: number): readonly KillGroup[] {
		return this.#arrange('kills', rows, killChoices, row => row.id, sort, nowMs);
	}

	nodes(rows: readonly NodeStatus[], sort: Sort, nowMs: number): readonly NodeStatus[] {
		return this.#arrange('nodes', rows, nodeChoices, row => row.name, sort, nowMs);
	}

	policies(rows: readonly PolicyRow[], sort: Sort, nowMs: number): readonly PolicyRow[] {
		return this.#arrange('policies', rows, policyChoices, row => row.id, sort, nowMs);
	}

	#isDue(atMs: number, nowMs: number): boolean {
		return Math.abs(nowMs - atMs) >= lookMs && Math.abs(nowMs - this.#touchedMs) >= handsOffMs;
	}

	#arrange<Row>(
		scope: SortScope,
		rows: readonly Row[],
		choices: ReadonlyArray<Choice<Row>>,
		idOf: (row: Row) => string,
		{by, isInverted}: Sort,
		nowMs: number,
	): readonly Row[] {
		const compare = choices.find(choice => choice.by === by)?.compare;
		if (compare === undefined) {
			return isInverted ? rows.toReversed() : rows;
		}

		const key = `${by} ${isInverted}`;
		const kept = this.#kept.get(scope);
		if (kept?.key === key && !this.#isDue(kept.atMs, nowMs)) {
			// What came since stands at the end until the next look.
			const {ranks} = kept;

			function rank(row: Row): number {
				return ranks.get(idOf(row)) ?? Number.MAX_SAFE_INTEGER;
			}

			return rows.toSorted((one, other) => rank(one) - rank(other));
		}

		const sorted = rows.toSorted(isInverted ? (one, other) => compare(other, one) : compare);
		const ranks = new Map(sorted.map((row, index) => [idOf(row), index]));
		this.#kept.set(scope, {key, atMs: nowMs, ranks});
		return sorted;
	}
}
