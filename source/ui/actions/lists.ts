/** The lists of the panes as cursor.ts sees them, and moving through them. */
import {clamp, cursorAt, cursorIndex, type List, moveCursor, panCursor} from '../state/cursor.js';
import type {Picture} from '../state/picture.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Cursor, PaneId, Subject, UiState} from '../state/state.js';

export function treeList({tree}: Picture): List<string> {
	return {
		length: tree.length,
		idAt: index => tree.at(index)?.id,
		indexOf: id => tree.indexOf(id),
	};
}

export function eventList({feed}: Picture): List<number> {
	return {
		length: feed.length,
		idAt: index => feed.at(index)?.seq,
		indexOf: seq => feed.indexOf(seq),
	};
}

export function killList({killRows}: Picture): List<string> {
	return {
		length: killRows.length,
		idAt: index => killRows.at(index)?.id,
		indexOf: id => killRows.indexOf(id),
	};
}

export function nodeList({nodes}: Picture): List<string> {
	return {
		length: nodes.length,
		idAt: index => nodes[index]?.name,
		indexOf: name => nodes.findIndex(node => node.name === name),
	};
}

export function policyList({policies}: Picture): List<string> {
	return {
		length: policies.length,
		idAt: index => policies[index]?.id,
		indexOf: id => policies.findIndex(policy => policy.id === id),
	};
}

/** A move through any list: where the cursor goes from where it is. */
type Step = <Id>(list: List<Id>, cursor: Cursor<Id>, height: number) => Cursor<Id>;

const steps = {
	by:
		(rows: number): Step =>
		(list, cursor, height) =>
			moveCursor(list, cursor, rows, height),
	pan:
		(rows: number): Step =>
		(list, cursor, height) =>
			panCursor(list, cursor, rows, height),
	first: (): Step => (list, _cursor, height) => cursorAt(list, 0, 0, height),
	last: (): Step => (list, _cursor, height) => cursorAt(list, list.length - 1, height - 1, height),
};

/** While following, the cursor is the last row, wherever that is by now. */
export function eventCursor({ui, picture, rowsOf}: Scene): Cursor<number> {
	if (!ui.events.follow) {
		return ui.events.cursor;
	}

	const {length} = picture.feed;
	return {id: picture.feed.at(length - 1)?.seq, screenRow: Math.max(0, Math.min(length, rowsOf('events')) - 1)};
}

function stepEvents(scene: Scene, step: Step, isForward: boolean): UiState {
	const {ui, picture} = scene;
	const list = eventList(picture);
	if (list.length === 0 || (ui.events.follow && isForward)) {
		return ui;
	}

	const cursor = step(list, eventCursor(scene), Math.max(1, scene.rowsOf('events')));
	const stoppedAtEvents = ui.events.follow ? picture.totals.events : ui.events.stoppedAtEvents;
	return {...ui, events: {...ui.events, follow: false, cursor, stoppedAtEvents}};
}

/** Moves in the focused pane or view. `distance` is what a scrolled text moves by. */
function step(scene: Scene, how: Step, distance: number): UiState {
	const {ui, picture, rowsOf} = scene;
	if (ui.overlay?.type === 'help' || ui.overlay?.type === 'problem' || ui.overlay?.type === 'text') {
		return {...ui, overlay: {...ui.overlay, scroll: Math.max(0, ui.overlay.scroll + distance)}};
	}

	if (ui.overlay?.type === 'menu') {
		const {overlay} = ui;
		const cursor = clamp(
			overlay.cursor + Math.sign(distance) * Math.min(Math.abs(distance), overlay.items.length),
			0,
			overlay.items.length - 1,
		);
		return {...ui, overlay: {...overlay, cursor}};
	}

	if (ui.overlay?.type === 'chips') {
		const cursor = clamp(ui.overlay.cursor + distance, 0, Math.max(0, ui.chips.length - 1));
		return {...ui, overlay: {...ui.overlay, cursor}};
	}

	if (ui.view === 'nodes') {
		return {...ui, nodes: {cursor: how(nodeList(picture), ui.nodes.cursor, Math.max(1, rowsOf('events')))}};
	}

	if (ui.view === 'policies') {
		if (ui.policies.openRow !== undefined) {
			return {...ui, policies: {...ui.policies, scroll: Math.max(0, ui.policies.scroll + distance)}};
		}

		return {
			...ui,
			policies: {...ui.policies, cursor: how(policyList(picture), ui.policies.cursor, Math.max(1, rowsOf('events')))},
		};
	}

	const height = Math.max(1, rowsOf(ui.focus));
	switch (ui.focus) {
		case 'processes':
			return {...ui, tree: {...ui.tree, cursor: how(treeList(picture), ui.tree.cursor, height)}};
		case 'events':
			return stepEvents(scene, how, distance > 0);
		case 'kills':
			return {...ui, kills: {...ui.kills, cursor: how(killList(picture), ui.kills.cursor, height)}};
		case 'detail':
			return {...ui, detail: {...ui.detail, scroll: Math.max(0, ui.detail.scroll + distance)}};
	}
}

const far = 1_000_000;

export function moveBy(scene: Scene, rows: number): Reaction {
	return stay(withSubject(scene, step(scene, steps.by(rows), rows)));
}

export function panBy(scene: Scene, rows: number): Reaction {
	return stay(withSubject(scene, step(scene, steps.pan(rows), rows)));
}

export function movePages(scene: Scene, pages: number): Reaction {
	const rows = Math.max(1, scene.rowsOf(scene.ui.view === 'main' ? scene.ui.focus : 'events'));
	return moveBy(scene, Math.trunc(pages * Math.max(1, rows - 1)) || Math.sign(pages));
}

export function moveToFirst(scene: Scene): Reaction {
	return stay(withSubject(scene, step(scene, steps.first(), -far)));
}

export function moveToLast(scene: Scene): Reaction {
	if (scene.ui.view === 'main' && scene.ui.focus === 'events' && scene.ui.overlay === undefined) {
		return stay(followEvents(scene.ui));
	}

	return stay(withSubject(scene, step(scene, steps.last(), far)));
}

/** The feed goes with what comes again; a pause ends, since a frozen picture cannot follow. */
export function followEvents(ui: UiState): UiState {
	return {
		...ui,
		pause: undefined,
		events: {...ui.events, follow: true, cursor: {id: undefined, screenRow: 0}},
	};
}

/** What the focused pane's cursor stands on. */
export function subjectUnder(scene: Scene, pane: PaneId = scene.ui.focus): Subject | undefined {
	const {ui, picture} = scene;
	switch (pane) {
		case 'events': {
			const cursor = eventCursor(scene);
			const row = picture.feed.at(cursorIndex(eventList(picture), cursor));
			return row?.type === 'event' ? {type: 'event', seq: row.seq} : undefined;
		}

		case 'processes': {
			const row = picture.tree.at(cursorIndex(treeList(picture), ui.tree.cursor));
			return row?.process ? {type: 'process', execId: row.process.execId, node: row.process.node} : undefined;
		}

		case 'kills': {
			const group = picture.killRows.at(cursorIndex(killList(picture), ui.kills.cursor));
			return group ? {type: 'kill', groupId: group.id} : undefined;
		}

		case 'detail':
			return ui.detail.subject;
	}
}

/** The detail goes with the cursor, as long as it is on screen. */
export function withSubject(scene: Scene, ui: UiState): UiState {
	if (ui.view !== 'main' || ui.focus === 'detail' || !scene.panes.includes('detail')) {
		return ui;
	}

	const subject = subjectUnder({...scene, ui});
	return subject === undefined || isSame(subject, ui.detail.subject)
		? ui
		: {...ui, detail: {...ui.detail, subject, scroll: 0}};
}

function isSame(a: Subject, b: Subject | undefined): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

export const listActions = {
	down: (scene: Scene) => moveBy(scene, 1),
	up: (scene: Scene) => moveBy(scene, -1),
	'page-down': (scene: Scene) => movePages(scene, 1),
	'page-up': (scene: Scene) => movePages(scene, -1),
	'half-down': (scene: Scene) => movePages(scene, 0.5),
	'half-up': (scene: Scene) => movePages(scene, -0.5),
	top: moveToFirst,
	bottom: moveToLast,
	'pan-down': (scene: Scene) => panBy(scene, 1),
	'pan-up': (scene: Scene) => panBy(scene, -1),
};
