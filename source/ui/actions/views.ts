/** Which panes are open and which has the focus. Esc closes the top one and never quits; q quits when nothing is open. */
import {own} from '../../text/safe.js';
import type {KindId, PaneId, ViewId} from '../frame/pane-ids.js';
import {eventCursor, following, stoppedAt} from '../panes/feed/feed-cursor.js';
import {killList} from '../panes/kills-pane.js';
import {shiftCells} from '../panes/pane-kind.js';
import {kindOf, kinds, paneIds, subjectUnder, viewIds} from '../panes/pane-kinds.js';
import {cursorIndex, cursorOf} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {DetailTab, Subject, UiState} from '../state/state.js';
import {timeFormats} from '../widgets/moments.js';
import {showAlert} from './alerts.js';
import {withSubject} from './lists.js';

export function focusPane(scene: Scene, pane: PaneId): Reaction {
	const {ui} = scene;
	const focused: UiState = {...ui, view: 'main', focus: pane, timeline: {...ui.timeline, active: false}};
	return stay(withSubject(scene, kinds[pane].focused?.(focused) ?? focused));
}

/** Goes to the next or previous pane on screen; when only one is shown, to the next of all. */
export function cyclePane(scene: Scene, by: number): Reaction {
	const {ui} = scene;
	const order = scene.panes.length > 1 ? scene.panes : paneIds.filter(id => kinds[id].isOpen?.(ui) ?? true);
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
	return stay(stoppedAt(scene, eventCursor(scene)));
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
		const shown = showAlert(scene, cursorIndex(killList(picture), cursorOf(ui, 'kills'))).ui;
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

/** The pane from which the detail was opened. */
function homeOf(subject: Subject | undefined): PaneId {
	return (subject && paneIds.find(id => kinds[id].home === subject.type)) ?? 'events';
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

	const closed = kindOf(ui).close?.(ui);
	if (closed) {
		return closed;
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

function feedShifted(ui: UiState, by: number): UiState {
	return {...ui, events: {...ui.events, shift: Math.max(0, ui.events.shift + by * shiftCells)}};
}

/** The left and right keys: what they do in the focused pane, else they scroll the text of the feed. */
export function moveSideways({ui}: Scene, by: number): Reaction {
	const {sideways = feedShifted} = kinds[ui.focus];
	return stay(sideways(ui, by));
}

const timelineSizes = ['off', 'small', 'big'] as const;

export function turnTimeline({ui}: Scene): Reaction {
	const at = timelineSizes.indexOf(ui.timeline.size);
	const size = timelineSizes[(at + 1) % timelineSizes.length] ?? 'off';
	return stay({...ui, timeline: {...ui.timeline, size, active: false, cursorMs: undefined, rangeMs: undefined}});
}

/** In the detail the keys left and right turn its tab; in a list they scroll its text. */
/** An action for each pane, which takes the focus, and for each view, which it opens and closes. */
const goActions = Object.fromEntries([
	...paneIds.map(id => [`go-${id}`, (scene: Scene) => focusPane(scene, id)]),
	...viewIds.map(id => [`go-${id}`, (scene: Scene) => showView(scene, id)]),
]) as Readonly<Record<`go-${KindId}`, (scene: Scene) => Reaction>>;

export const viewActions = {
	left: (scene: Scene) => moveSideways(scene, -1),
	right: (scene: Scene) => moveSideways(scene, 1),
	'next-pane': (scene: Scene) => cyclePane(scene, 1),
	'previous-pane': (scene: Scene) => cyclePane(scene, -1),
	...goActions,
	detail: (scene: Scene) => openDetail(scene),
	raw: (scene: Scene) => openDetail(scene, 'raw'),
	wrap: toggleWrap,
	zoom: toggleZoom,
	pause: togglePause,
	follow: (scene: Scene) => (scene.ui.events.follow ? toggleFollow(scene) : stay(following(scene.ui))),
	'time-format': turnTimeFormat,
	'toggle-probes': toggleProbes,
	timeline: turnTimeline,
	escape: closeOne,
	back,
};
