/**
Takes pictures of the store: what one painted frame reads. Filters are compiled when they change, never per row; while a
pause lasts the old numbers stand and the feed ends where it ended.
*/

import {matcherOf} from '../../query/match.js';
import type {Hiding} from '../../query/narrowing.js';
import type {Around} from '../../query/text-test.js';
import type {Process} from '../../store/processes/process.js';
import type {Feed, FeedFilter} from '../../store/ring/feed.js';
import type {FilterRow as FeedCandidate} from '../../store/ring/filter-row.js';
import {type AlertGroup, isRowOf, type KillGroup, type TreeRow} from '../../store/snapshot.js';
import type {Store} from '../../store/store.js';
import type {Tree} from '../../store/tree/tree.js';
import {aroundEvents} from './around-events.js';
import {Asking, activeChips} from './asking.js';
import {ChipCounts} from './chip-counts.js';
import {FoldedFeed} from './folded-feed.js';
import {narrowingsOf} from './narrowings.js';
import {killSorts, nodeSorts, Orders, policySorts} from './orders.js';
import type {Picture} from './picture.js';
import {SearchHits} from './search-hits.js';
import {type ShownPolicies, shownPolicies} from './shown-policies.js';
import type {UiState} from './state.js';
import {timelineOf} from './timeline-cells.js';
import {pathOf} from './tree-path.js';

/** Milliseconds of scanning for one frame; the rest of a new filter's work waits for the next. */
const scanBudgetMs = 8;
const policiesMs = 1000;
const verdictsMs = 1000;

/** As it is now; the store's own goes on. What is acknowledged in the pause is seen in it. */
function frozenGroup(group: KillGroup): KillGroup {
	return {
		...group,
		kills: [...group.kills],
		get acknowledged() {
			return group.acknowledged;
		},
	};
}

/** Both lists are in the order of their newest event already. */
function byTime(kills: readonly AlertGroup[], deaths: readonly AlertGroup[]): readonly AlertGroup[] {
	return deaths.length === 0 ? kills : [...kills, ...deaths].sort((one, other) => other.lastMs - one.lastMs);
}

function isProbe(process: Process | undefined): boolean {
	return process?.execProbe === true;
}

export class View {
	readonly #store: Store;
	#feed: Feed;
	#folded: FoldedFeed;
	#tree: Tree;
	#chipCounts: ChipCounts;
	#asking: Asking;
	#search: SearchHits;
	#filter: FeedFilter | undefined;
	#epoch: number;
	readonly #orders = new Orders();
	readonly #clock: () => number;
	readonly #nodeName: (node: number) => string;
	readonly #around: Around;
	#policies: ShownPolicies = {policies: [], policySentences: []};
	#clusterPolicies: UiState['clusterPolicies'];
	#policiesMs = Number.NEGATIVE_INFINITY;
	#verdicts = 0;
	#verdictsMs = Number.NEGATIVE_INFINITY;
	#filterKey = '';
	#treeKey = '';
	/** Rows as they were first shown in a pause: their rates and counts go on in the store. */
	#pausedRows: Map<number, TreeRow | undefined> | undefined;
	#treeFilter: ((process: Process) => boolean) | undefined;
	#killFilter: ((group: AlertGroup) => boolean) | undefined;
	#frozen:
		| (Pick<
				Picture,
				'nowMs' | 'totals' | 'kills' | 'deaths' | 'hasTarget' | 'nodes' | 'problems' | keyof ShownPolicies
		  > & {
				lastSeq: number;
		  })
		| undefined;

	constructor(store: Store, clock: () => number = performance.now.bind(performance)) {
		this.#store = store;
		this.#around = aroundEvents(store);
		this.#feed = store.openFeed();
		this.#folded = new FoldedFeed(this.#feed, store);
		this.#tree = store.tree();
		this.#chipCounts = new ChipCounts(store, this.#around);
		this.#epoch = store.epoch;
		this.#clock = clock;
		this.#asking = new Asking(store, this.#around, clock);
		this.#search = new SearchHits(store, this.#around);
		this.#nodeName = node => store.nodeName(node);
	}

	/** True while a new filter still reads the buffer: another picture is due soon. */
	get isScanning(): boolean {
		return this.isSearching || this.#folded.isScanning;
	}

	/** Of that what somebody waits for; equal rows may stand apart a little longer, and in a flood they always do. */
	get isSearching(): boolean {
		return this.#feed.progress < 1 || this.#chipCounts.isScanning || this.#asking.isScanning || this.#search.isScanning;
	}

	/** A key was pressed: what moves by itself stands still for a while. */
	touch(nowMs: number): void {
		this.#orders.touch(nowMs);
	}

	picture(ui: UiState, nowMs: number): Picture {
		if (this.#epoch !== this.#store.epoch) {
			this.#beginAnew();
		}

		this.#store.hold(ui.pause !== undefined);
		this.#applyFilters(ui, nowMs);
		this.#feed.step(scanBudgetMs, this.#clock);
		if (ui.events.fold) {
			this.#folded.step(scanBudgetMs, this.#clock);
		}

		const numbers = this.#numbers(ui, nowMs);
		if (ui.pause === undefined || this.#treeKey !== this.#keyOfTree(ui)) {
			// A pause that lasts keeps the tree as it is, but for what the user folds and filters.
			this.#treeKey = ui.pause === undefined ? '' : this.#keyOfTree(ui);
			this.#pausedRows = ui.pause && new Map();
			this.#tree.update({
				folded: ui.tree.folded,
				showHost: ui.tree.showHost,
				showInfra: ui.tree.showInfra,
				flat: ui.tree.flat,
				filter: this.#treeFilter,
				order: this.#orders.tree(ui.sorts.processes, nowMs),
				nowMs,
			});
		}

		const groups = byTime(numbers.kills.groups, numbers.deaths);
		const shownKills = this.#killFilter ? groups.filter(this.#killFilter) : groups;
		const killRows = this.#orders.arrange(shownKills, killSorts, ({id}) => id, ui.sorts.kills, nowMs);
		const search = this.#search.step(
			{chip: ui.highlight, shown: this.#filter, key: this.#filterKey},
			scanBudgetMs,
			this.#clock,
		);
		return {
			...numbers,
			// Elsewhere a node is looked up by its id, which nearly always is its place.
			nodes:
				ui.view === 'nodes'
					? this.#orders.arrange(numbers.nodes, nodeSorts, ({name}) => name, ui.sorts.nodes, nowMs)
					: numbers.nodes,
			policies: this.#orders.arrange(numbers.policies, policySorts, ({id}) => id, ui.sorts.policies, nowMs),
			killRows: {
				length: killRows.length,
				at: index => killRows[index],
				indexOf: id => killRows.findIndex(group => isRowOf(group, id)),
			},
			feed: this.#folded.reader(ui.events.fold, this.#frozen?.lastSeq, this.#search.marks),
			search,
			known: this.#asking.known(nowMs),
			tree: {
				length: this.#tree.length,
				at: index => this.#treeRow(index),
				indexOf: id => this.#tree.indexOf(id),
				pathOf: process => pathOf(process, this.#store.chainOf(process)),
				pods: numbers.totals.pods,
				processes: numbers.totals.processes,
			},
			candidates: this.#asking.candidates(ui, scanBudgetMs),
			chipCounts: this.#countChips(ui),
			timeline: ui.timeline.size === 'off' ? undefined : timelineOf(this.#store, this.#feed, ui, numbers.nowMs),
			event: seq => this.#store.event(seq),
			newestOf: process => this.#store.newestOf(process),
			chainOf: process => this.#store.chainOf(process),
			deathOf: process => this.#store.deaths.of(process),
		};
	}

	/** The store has forgotten everything: what was opened of it tells only of before. */
	#beginAnew(): void {
		this.#epoch = this.#store.epoch;
		this.#feed = this.#store.openFeed();
		this.#folded = new FoldedFeed(this.#feed, this.#store);
		this.#tree = this.#store.tree();
		this.#chipCounts = new ChipCounts(this.#store, this.#around);
		this.#asking = new Asking(this.#store, this.#around, this.#clock);
		this.#search = new SearchHits(this.#store, this.#around);
		this.#policiesMs = Number.NEGATIVE_INFINITY;
		this.#filterKey = '';
		this.#treeKey = '';
		this.#pausedRows = undefined;
		this.#frozen = undefined;
	}

	/** Counted where it is asked: in the list of the filters, and where they leave nothing. */
	#countChips(ui: UiState): Picture['chipCounts'] {
		const isEmpty = this.#feed.shown === 0 && this.#feed.total > 0 && this.#feed.progress === 1;
		if (ui.chips.length > 0 && (isEmpty || ui.overlay?.type === 'chips')) {
			return this.#chipCounts.count(ui.chips, scanBudgetMs, this.#clock);
		}

		this.#chipCounts.close();
		return undefined;
	}

	#treeRow(index: number): TreeRow | undefined {
		const rows = this.#pausedRows;
		if (!rows) {
			return this.#tree.at(index);
		}

		if (!rows.has(index)) {
			rows.set(index, this.#tree.at(index));
		}

		return rows.get(index);
	}

	#numbers(ui: UiState, nowMs: number) {
		if (ui.pause === undefined) {
			this.#frozen = undefined;
		} else if (this.#frozen) {
			return {...this.#frozen, totals: {...this.#frozen.totals, events: this.#store.totals(nowMs).events}};
		}

		const numbers = {
			nowMs,
			totals: this.#store.totals(nowMs),
			kills: this.#store.kills(),
			deaths: this.#store.deaths.groups(),
			hasTarget: this.#store.deaths.sight.hasTarget,
			nodes: this.#store.nodes(nowMs),
			problems: this.#store.problems(),
			...this.#policyRows(ui, nowMs),
		};
		if (ui.pause) {
			numbers.kills = {...numbers.kills, groups: numbers.kills.groups.map(frozenGroup)};
			this.#frozen = {...numbers, lastSeq: this.#feed.newestSeq};
		}

		return numbers;
	}

	/** Agents are asked every 10 s; merging 500 nodes' lists for every frame would tell nothing new. */
	#policyRows({clusterPolicies}: UiState, nowMs: number): ShownPolicies {
		if (Math.abs(nowMs - this.#policiesMs) >= policiesMs || clusterPolicies !== this.#clusterPolicies) {
			this.#policiesMs = nowMs;
			this.#clusterPolicies = clusterPolicies;
			this.#policies = shownPolicies(this.#store, clusterPolicies);
		}

		return this.#policies;
	}

	/** The version of the verdicts; a new one at most once a second, so that a filter gets through the buffer in a flood. */
	#verdictsAt(nowMs: number): number {
		if (Math.abs(nowMs - this.#verdictsMs) >= verdictsMs) {
			this.#verdictsMs = nowMs;
			this.#verdicts = this.#store.kills().version;
		}

		return this.#verdicts;
	}

	#applyFilters(ui: UiState, nowMs: number): void {
		const chips = activeChips(ui, this.#asking.known(nowMs, true));
		const others = narrowingsOf(ui).filter(({hides}) => hides.by !== 'chip');
		// A verdict changes after its event has come: a filter by states tests all rows again.
		const verdicts = chips.some(({terms}) => terms.some(({field}) => field === 'kill')) ? this.#verdictsAt(nowMs) : 0;
		const key = JSON.stringify([chips.map(({text}) => text), others.map(({hides}) => hides), verdicts]);
		if (key === this.#filterKey) {
			return;
		}

		this.#filterKey = key;
		const matcher = matcherOf(chips, this.#nodeName, this.#around);
		const conditions = others.flatMap(({hides}) => this.#conditionOf(hides) ?? []);
		if (matcher.event) {
			conditions.push(matcher.event);
		}

		const filter: FeedFilter | undefined =
			conditions.length === 0
				? undefined
				: Object.assign((candidate: FeedCandidate) => conditions.every(condition => condition(candidate)), {
						costly: matcher.event?.costly ?? false,
					});
		this.#filter = filter;
		this.#feed.setFilter(filter);
		this.#folded.reset();
		this.#treeFilter = matcher.process;
		this.#killFilter = matcher.kill;
	}

	/** What a narrowing lets through; undefined: the store has only that, or the chips' own test decides. */
	#conditionOf(hides: Hiding): ((candidate: FeedCandidate) => boolean) | undefined {
		switch (hides.by) {
			case 'start':
			case 'chip':
				return undefined;
			case 'probes':
				return candidate => !isProbe(candidate.process);
			case 'alerts':
				return candidate => candidate.process?.kills.some(kill => kill.seq === candidate.seq) ?? false;
			case 'process':
				return this.#below(hides.execId);
		}
	}

	/** Events of a process and of what it started. */
	#below(execId: string): (candidate: FeedCandidate) => boolean {
		const row = this.#store.process(execId);
		const known = new WeakMap<Process, boolean>();
		return ({process}) => {
			if (!process || !row) {
				return false;
			}

			const before = known.get(process);
			if (before !== undefined) {
				return before;
			}

			const answer =
				process === row ||
				this.#store.imagesOf(row).includes(process) ||
				this.#store.chainOf(process).some(({execId: ancestor}) => ancestor === execId);
			known.set(process, answer);
			return answer;
		};
	}

	#keyOfTree(ui: UiState): string {
		return JSON.stringify([
			ui.tree.flat,
			ui.tree.showHost,
			ui.tree.showInfra,
			[...ui.tree.folded],
			ui.sorts.processes,
			this.#filterKey,
		]);
	}
}
