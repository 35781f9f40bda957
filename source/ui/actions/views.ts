/** Which panes are open and which has the focus. Esc closes the top one and never quits; q quits when nothing is open. */
import {own} from '../../text/safe.js';
import {cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {type DetailTab, detailTabs, type PaneId, type Subject, type UiState, type ViewId} from '../state/state.js';
import type {TimeFormat} from '../widgets/times.js';
import {showAlert} from './alerts.js';
import {followEvents, killList, subjectUnder, withSubject} from './lists.js';

export function focusPane(scene: Scene, pane: PaneId): Reaction {
	const {ui} = scene;
	const detail = pane === 'detail' ? {...ui.detail, open: true} : ui.detail;
	const timeline = {...ui.timeline, active: false};
	return stay(withSubject(scene, {...ui, view: 'main', focus: pane, detail, timeline}));
}

/** Goes to the next or previous pane on screen; when only one is shown, to the next of all. */
export function cyclePane(scene: Scene, by: number): Reaction {
	const {ui, panes} = scene;
	const all: readonly PaneId[] = ui.detail.open
		? ['processes', 'events', 'kills', 'detail']
		: ['processes', 'events', 'kills'];
	const order = panes.length > 1 ? panes : all;
	const stops: ReadonlyArray<PaneId | 'timeline'> =
		ui.timeline.size === 'off' || ui.zoom ? order : [...order, 'timeline'];
	const at = stops.indexOf(ui.timeline.active ? 'timeline' : ui.focus);
	const next = stops[(at + by + stops.length) % stops.length] ?? 'events';
	const timeline = {...ui.timeline, active: next === 'timeline'};
	return stay({...ui, view: 'main', focus: next === 'timeline' ? ui.focus : next, timeline});
}

export function showView({ui}: Scene, view: ViewId): Reaction {
	return stay({...ui, view: ui.view === view ? 'main' : view, zoom: false});
}

export function toggleZoom({ui}: Scene): Reaction {
	return stay({...ui, zoom: !ui.zoom});
}

export function togglePause(scene: Scene): Reaction {
	const {ui, picture} = scene;
	if (ui.replay) {
		return stay(ui, {type: 'replay', change: 'pause'});
	}

	if (ui.pause) {
		return stay({...ui, pause: undefined});
	}

	return stay({...ui, pause: {sinceMs: picture.nowMs, atEvents: picture.totals.events}});
}

export function toggleFollow(scene: Scene): Reaction {
	const {ui, picture, rowsOf} = scene;
	const last = picture.feed.length - 1;
	const cursor = {id: picture.feed.at(last)?.seq, screenRow: Math.max(0, Math.min(last, rowsOf('events') - 1))};
	return stay({...ui, events: {...ui.events, follow: false, cursor, stoppedAtEvents: picture.totals.events}});
}

/** Opens the detail of the row under the cursor. An alert also moves the cursors of feed and tree. */
export function openDetail(scene: Scene, tab: DetailTab = 'summary'): Reaction {
	const {ui, picture} = scene;
	if (ui.focus === 'detail') {
		return stay({...ui, detail: {...ui.detail, tab}});
	}

	const subject = subjectUnder(scene);
	if (!subject) {
		return stay(ui);
	}

	if (subject.type === 'kill') {
		const shown = showAlert(scene, cursorIndex(killList(picture), ui.kills.cursor)).ui;
		return stay(opened(shown, subject, tab));
	}

	return stay(opened(ui, subject, tab));
}

function opened(ui: UiState, subject: Subject, tab: DetailTab): UiState {
	return {
		...ui,
		focus: 'detail',
		detail: {open: true, subject, tab, scroll: 0},
	};
}

export function turnTab({ui}: Scene, by: number): Reaction {
	const at = detailTabs.indexOf(ui.detail.tab);
	const tab = detailTabs[(at + by + detailTabs.length) % detailTabs.length] ?? 'summary';
	return stay({...ui, detail: {...ui.detail, tab, scroll: 0}});
}

/** The pane from which the detail was opened. */
function homeOf(subject: Subject | undefined): PaneId {
	switch (subject?.type) {
		case 'process':
			return 'processes';
		case 'kill':
			return 'kills';
		default:
			return 'events';
	}
}

function closeDetail(ui: UiState): UiState {
	return {
		...ui,
		focus: ui.focus === 'detail' ? homeOf(ui.detail.subject) : ui.focus,
		detail: {...ui.detail, open: false, tab: 'summary', scroll: 0},
	};
}

/** prompt → overlay → open row → zoom → view → detail → follow → alerts only → highlight → last chip → nothing. */
export function closeOne({ui}: Scene): Reaction {
	return stay(closeInnermost(ui) ?? dropLast(ui));
}

/** As closeOne; when nothing is open it quits. */
export function back({ui}: Scene): Reaction {
	const closed = closeInnermost(ui);
	return closed ? stay(closed) : stay(ui, {type: 'quit'});
}

function closeInnermost(ui: UiState): UiState | undefined {
	if (ui.prompt) {
		return {...ui, prompt: undefined};
	}

	if (ui.overlay) {
		return {...ui, overlay: undefined};
	}

	if (ui.view === 'policies' && ui.policies.openRow !== undefined) {
		return {...ui, policies: {...ui.policies, openRow: undefined, scroll: 0}};
	}

	if (ui.connecting) {
		return {...ui, connecting: undefined, isConnectHidden: true};
	}

	if (ui.timeline.active) {
		return {...ui, timeline: {...ui.timeline, active: false, cursorMs: undefined, rangeMs: undefined}};
	}

	if (ui.zoom) {
		return {...ui, zoom: false};
	}

	if (ui.view !== 'main') {
		return {...ui, view: 'main'};
	}

	if (ui.detail.open || ui.focus === 'detail') {
		return closeDetail(ui);
	}

	return undefined;
}

function dropLast(ui: UiState): UiState {
	if (ui.tree.followProcess !== undefined) {
		return {...ui, tree: {...ui.tree, followProcess: undefined}};
	}

	if (ui.kills.only) {
		return {...ui, kills: {...ui.kills, only: false}};
	}

	if (ui.highlight) {
		return {...ui, highlight: undefined};
	}

	return ui.chips.length > 0 ? {...ui, chips: ui.chips.slice(0, -1)} : ui;
}

const timeFormats: readonly TimeFormat[] = ['clock', 'relative', 'delta', 'utc'];

export function turnTimeFormat({ui}: Scene): Reaction {
	const next = timeFormats[(timeFormats.indexOf(ui.events.time) + 1) % timeFormats.length] ?? 'clock';
	return stay({...ui, events: {...ui.events, time: next}});
}

export function toggleWrap({ui}: Scene): Reaction {
	return stay({...ui, events: {...ui.events, wrap: !ui.events.wrap, shift: 0}});
}

export function toggleProbes(scene: Scene): Reaction {
	const showProbes = !scene.ui.events.showProbes;
	const ui = {...scene.ui, events: {...scene.ui.events, showProbes}};
	return stay(flash(scene, showProbes ? own('probes shown') : own('probes hidden'), ui));
}

const shiftStep = 8;

/** Scrolls long lines sideways. */
export function shiftText({ui}: Scene, by: number): Reaction {
	if (ui.focus === 'processes') {
		return stay({...ui, tree: {...ui.tree, shift: Math.max(0, ui.tree.shift + by * shiftStep)}});
	}

	return stay({...ui, events: {...ui.events, shift: Math.max(0, ui.events.shift + by * shiftStep)}});
}

const timelineSizes = ['off', 'small', 'big'] as const;

export function turnTimeline({ui}: Scene): Reaction {
	const at = timelineSizes.indexOf(ui.timeline.size);
	const size = timelineSizes[(at + 1) % timelineSizes.length] ?? 'off';
	return stay({...ui, timeline: {...ui.timeline, size, active: false, cursorMs: undefined, rangeMs: undefined}});
}

/** In the detail the keys left and right turn its tab; in a list they scroll its text. */
function sideways(scene: Scene, by: number): Reaction {
	return scene.ui.focus === 'detail' ? turnTab(scene, by) : shiftText(scene, by);
}

export const viewActions = {
	left: (scene: Scene) => sideways(scene, -1),
	right: (scene: Scene) => sideways(scene, 1),
	'next-pane': (scene: Scene) => cyclePane(scene, 1),
	'previous-pane': (scene: Scene) => cyclePane(scene, -1),
	'go-processes': (scene: Scene) => focusPane(scene, 'processes'),
	'go-events': (scene: Scene) => focusPane(scene, 'events'),
	'go-kills': (scene: Scene) => focusPane(scene, 'kills'),
	'go-policies': (scene: Scene) => showView(scene, 'policies'),
	'go-nodes': (scene: Scene) => showView(scene, 'nodes'),
	detail: (scene: Scene) => openDetail(scene),
	raw: (scene: Scene) => openDetail(scene, 'raw'),
	wrap: toggleWrap,
	zoom: toggleZoom,
	pause: togglePause,
	follow: (scene: Scene) => (scene.ui.events.follow ? toggleFollow(scene) : stay(followEvents(scene.ui))),
	'time-format': turnTimeFormat,
	'toggle-probes': toggleProbes,
	timeline: turnTimeline,
	escape: closeOne,
	back,
};
