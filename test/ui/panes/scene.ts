/** A real Store filled from recorded frames, and what a pane is given: for tests that look at drawn lines. */

import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {Arrival} from '../../../source/store/arrival.js';
import {Store} from '../../../source/store/store.js';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import type {Event} from '../../../source/tetragon/event/event.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../../../source/tetragon/wire/scan.js';
import {type Charset, setCharset} from '../../../source/text/charset.js';
import {widthOf} from '../../../source/text/width.js';
import type {Box} from '../../../source/ui/frame/box.js';
import {glyphsFor} from '../../../source/ui/frame/glyphs.js';
import type {Area} from '../../../source/ui/frame/layout.js';
import type {Line} from '../../../source/ui/frame/line.js';
import type {PaneContext} from '../../../source/ui/panes/pane.js';
import {contextOf, paintArea} from '../../../source/ui/screen.js';
import {initialState} from '../../../source/ui/state/initial.js';
import type {Picture, Timeline} from '../../../source/ui/state/picture.js';
import {layoutOf} from '../../../source/ui/state/screen-layout.js';
import {shownPolicies} from '../../../source/ui/state/shown-policies.js';
import type {UiState} from '../../../source/ui/state/state.js';

// The clock of the screens is the reader's; expected screens need one.
Object.assign(process.env, {TZ: 'UTC'});

const noFields = {namespace: '', sensors: []};

export function enforcing(name: string, namespace = ''): PolicyStatus {
	return {
		...noFields,
		name,
		namespace,
		mode: 'TP_MODE_ENFORCE',
		state: 'TP_STATE_ENABLED',
	};
}

export function monitoring(name: string, namespace = ''): PolicyStatus {
	return {
		...enforcing(name, namespace),
		mode: 'TP_MODE_MONITOR',
	};
}

/** Frames of a recording in demo/recordings. */
export function* framesOf(recording: string): Generator<Uint8Array> {
	const path = new URL(`../../../demo/recordings/${recording}/events.bin.gz`, import.meta.url);
	const bytes = gunzipSync(readFileSync(path));
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		yield bytes.subarray(at + 4, at + 4 + length);
		at += 4 + length;
	}
}

export class Scene {
	readonly store: Store;
	nowMs = 0;
	readonly #facts = newFacts();

	constructor(store = new Store()) {
		this.store = store;
	}

	node(name: string, patch: Parameters<Store['setNode']>[1] = {}): number {
		const id = this.store.openNode(name);
		this.store.setNode(id, {state: 'streaming', agent: `tetragon-${id}`, version: 'v1.8.0', via: 'tcp', ...patch});
		return id;
	}

	/** Plays a recording as fast as it was recorded: each event arrives at its own time. */
	play(node: number, recording: string): void {
		for (const frame of framesOf(recording)) {
			scanFrame(frame, this.#facts);
			if (this.#facts.timeMs > this.nowMs) {
				this.nowMs = Math.ceil(this.#facts.timeMs);
			}
			this.store.take(node, new Arrival().frame(frame), this.nowMs);
		}
		this.store.tick(this.nowMs);
	}

	/** An event as a JSON line brings it. */
	take(node: number, event: Event): void {
		this.store.take(node, new Arrival().line(Buffer.from(JSON.stringify(event)), event), this.nowMs);
	}

	picture(ui: UiState, timeline?: Timeline): Picture {
		const {store, nowMs} = this;
		const feed = store.openFeed();
		const tree = store.tree({...ui.tree, nowMs});
		const kills = store.kills();
		const totals = store.totals(nowMs);
		return {
			nowMs,
			totals,
			kills,
			killRows: {
				length: kills.groups.length,
				at: index => kills.groups[index],
				indexOf: id => kills.groups.findIndex(group => group.id === id),
			},
			nodes: store.nodes(nowMs),
			problems: store.problems(),
			feed: {
				length: feed.length,
				total: feed.total,
				shown: feed.total,
				progress: feed.progress,
				at: index => feed.at(index),
				indexOf: seq => feed.indexOf(seq),
				rowOf: seq => feed.rowOf(seq),
				countAt: () => 1,
				unfolded: {length: feed.length, at: index => feed.at(index)},
				matches: () => ui.highlight !== undefined,
			},
			tree: {
				length: tree.length,
				at: index => tree.at(index),
				indexOf: id => tree.indexOf(id),
				pathOf: () => [],
				pods: totals.pods,
				processes: totals.processes,
			},
			...shownPolicies(store, ui.clusterPolicies),
			candidates: {rows: [], total: 0, text: undefined},
			known: {pods: [], hasText: () => false, nowMs},
			search: undefined,
			chipCounts: undefined,
			timeline,
			event: seq => store.event(seq),
			newestOf: process => store.newestOf(process),
			chainOf: process => store.chainOf(process),
			deaths: store.deaths.groups(),
			hasTarget: store.deaths.sight.hasTarget,
			deathOf: process => store.deaths.of(process),
		} as Picture;
	}

	context(ui: UiState, charset: Charset = 'unicode', timeline?: Timeline): PaneContext {
		setCharset(charset);
		return contextOf(ui, this.picture(ui, timeline), {glyphs: glyphsFor(charset), program: {version: '0.1.0'}});
	}
}

/** The screen before anybody touched it, but for `change`; probes are shown, so that no event is missing. */
export function uiOf(columns: number, rows: number, change: Partial<UiState> = {}): UiState {
	const initial = initialState({columns, rows, targetName: 'demo', mode: 'demo', allowWrite: false, chips: []});
	return {
		...initial,
		events: {...initial.events, showProbes: true},
		timeline: {...initial.timeline, size: 'small', cellMs: 5000},
		...change,
	};
}

/** The boxes that the screen of this size has. */
export function boxesOf(ui: UiState): Readonly<Partial<Record<Area, Box>>> {
	return layoutOf(ui).boxes;
}

/** Every pane that is on the screen, drawn. */
export function paint(context: PaneContext): ReadonlyArray<{area: Area; box: Box; lines: readonly Line[]}> {
	return (Object.entries(boxesOf(context.ui)) as [Area, Box][]).map(([area, box]) => ({
		area,
		box,
		lines: paintArea(context, area, box),
	}));
}

/** The lines of one pane as text, without the blanks at their ends. */
export function paneText(context: PaneContext, area: Area): string[] {
	const box = boxesOf(context.ui)[area];
	if (!box) {
		throw new Error(`${area} is not on a screen of ${context.ui.columns}x${context.ui.rows}`);
	}
	return textsOf(paintArea(context, area, box)).map(text => text.trimEnd());
}

/** The characters of a line, and nothing else. */
export function textOf(line: Line): string {
	return line.map(({text}) => text).join('');
}

export function textsOf(lines: readonly Line[]): string[] {
	return lines.map(textOf);
}

/** Lines whose cells are not exactly `width`: none in a pane that keeps its promise. */
export function misfits(lines: readonly Line[], width: number): string[] {
	return textsOf(lines).filter(text => widthOf(text) !== width);
}
