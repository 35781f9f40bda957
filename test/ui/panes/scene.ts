/** A real Store filled from recorded frames, and what a pane is given: for tests that look at drawn lines. */
import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {Store} from '../../../source/store/store.js';
import type {PolicyStatus} from '../../../source/tetragon/policy.js';
import {newFacts, scanFrame} from '../../../source/tetragon/scan.js';
import {type Charset, setCharset} from '../../../source/text/charset.js';
import {widthOf} from '../../../source/text/width.js';
import {glyphsFor} from '../../../source/ui/glyphs.js';
import {type Area, type Box, layout} from '../../../source/ui/layout.js';
import type {Line} from '../../../source/ui/line.js';
import type {PaneContext} from '../../../source/ui/panes/pane.js';
import type {Picture, Timeline} from '../../../source/ui/picture.js';
import type {UiState} from '../../../source/ui/state.js';

// The clock of the screens is the reader's; expected screens need one.
process.env.TZ = 'UTC';

const noFields = {namespace: '', sensors: []};

export const enforcing = (name: string, namespace = ''): PolicyStatus => ({
	...noFields,
	name,
	namespace,
	mode: 'TP_MODE_ENFORCE',
	state: 'TP_STATE_ENABLED',
});

export const monitoring = (name: string, namespace = ''): PolicyStatus => ({
	...enforcing(name, namespace),
	mode: 'TP_MODE_MONITOR',
});

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
	readonly store = new Store();
	nowMs = 0;
	readonly #facts = newFacts();

	node(name: string, patch: Parameters<Store['setNode']>[1] = {}): number {
		const id = this.store.openNode(name);
		this.store.setNode(id, {state: 'streaming', agent: `tetragon-${id}`, version: 'v1.8.0', via: 'tcp', ...patch});
		return id;
	}

	/** Plays a recording as fast as it was recorded: each event arrives at its own time. */
	play(node: number, recording: string): void {
		for (const frame of framesOf(recording)) {
			scanFrame(frame, this.#facts);
			if (this.#facts.timeMs > this.nowMs) this.nowMs = Math.ceil(this.#facts.timeMs);
			this.store.takeFrame(node, frame, this.nowMs);
		}
		this.store.tick(this.nowMs);
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
			policies: store.policyRows(),
			candidates: {rows: [], total: 0},
			timeline,
			event: seq => store.event(seq),
			chainOf: process => store.chainOf(process),
		} as Picture;
	}

	context(ui: UiState, charset: Charset = 'unicode', timeline?: Timeline): PaneContext {
		setCharset(charset);
		return {
			ui,
			picture: this.picture(ui, timeline),
			glyphs: glyphsFor(charset),
			compact: ui.columns < 100 || ui.rows < 28,
			program: {version: '0.1.0'},
		};
	}
}

export const uiOf = (columns: number, rows: number, change: Partial<UiState> = {}): UiState => ({
	columns,
	rows,
	view: 'main',
	focus: 'events',
	zoom: false,
	overlay: undefined,
	prompt: undefined,
	history: {filter: [], highlight: [], command: []},
	chips: [],
	places: {past: [], future: []},
	highlight: undefined,
	pause: undefined,
	tree: {
		cursor: {id: undefined, screenRow: 0},
		folded: new Map(),
		flat: false,
		showHost: false,
		showInfra: false,
		followProcess: undefined,
		shift: 0,
	},
	events: {
		follow: true,
		cursor: {id: undefined, screenRow: 0},
		stoppedAtEvents: 0,
		time: 'clock',
		wrap: false,
		shift: 0,
		showProbes: true,
	},
	kills: {cursor: {id: undefined, screenRow: 0}, only: false},
	nodes: {cursor: {id: undefined, screenRow: 0}},
	policies: {cursor: {id: undefined, screenRow: 0}, openRow: undefined, scroll: 0},
	detail: {open: false, subject: undefined, tab: 'summary', scroll: 0},
	timeline: {size: 'small', cellMs: 5000, cursorMs: undefined, rangeMs: undefined, active: false},
	flash: undefined,
	bell: false,
	recording: undefined,
	targetName: 'demo',
	mode: 'demo',
	offlineSinceMs: undefined,
	replay: undefined,
	allowWrite: false,
	...change,
});

/** The boxes that the screen of this size has. */
export const boxesOf = (ui: UiState): Readonly<Partial<Record<Area, Box>>> =>
	layout({
		columns: ui.columns,
		rows: ui.rows,
		view: ui.view,
		focus: ui.focus,
		zoom: ui.zoom,
		detailOpen: ui.detail.open,
		timeline: ui.timeline.size,
		prompt: ui.prompt === undefined ? 'none' : ui.prompt.mode === 'command' ? 'line' : 'list',
	}).boxes;

/** The characters of a line, and nothing else. */
export const textOf = (line: Line): string => line.map(({text}) => text).join('');

export const textsOf = (lines: readonly Line[]): string[] => lines.map(textOf);

/** Lines whose cells are not exactly `width`: none in a pane that keeps its promise. */
export const misfits = (lines: readonly Line[], width: number): string[] =>
	textsOf(lines).filter(text => widthOf(text) !== width);
