/**
The panes of the main screen, in the order of Tab, and the views. A new one is a file with its record, and a row here; a pane
of the main screen also needs a place in frame/layout.ts.
*/
import type {KindId, PaneId, ViewId} from '../frame/pane-ids.js';
import type {Seen} from '../state/reaction.js';
import type {Subject, UiState} from '../state/state.js';
import {detailKind} from './detail-pane.js';
import {eventsKind} from './events-pane.js';
import {killsKind} from './kills-pane.js';
import {nodesKind} from './nodes-pane.js';
import type {PaneKind} from './pane-kind.js';
import {policiesKind} from './policies-pane.js';
import {processesKind} from './processes-pane.js';

export const panes = {
	processes: processesKind,
	events: eventsKind,
	kills: killsKind,
	detail: detailKind,
} satisfies Record<string, PaneKind>;

export const views = {
	policies: policiesKind,
	nodes: nodesKind,
} satisfies Record<string, PaneKind>;

declare module '../frame/pane-ids.js' {
	interface PaneTable extends Record<keyof typeof panes, unknown> {}
	interface ViewTable extends Record<keyof typeof views, unknown> {}
}

export const paneIds = Object.keys(panes) as readonly PaneId[];

export const viewIds = Object.keys(views) as ReadonlyArray<Exclude<ViewId, 'main'>>;

export const kinds: Readonly<Record<KindId, PaneKind>> = {...panes, ...views};

/** What has the keys: the view, else the focused pane. */
export function kindOf({view, focus}: UiState): PaneKind {
	return kinds[view === 'main' ? focus : view];
}

/** What the detail would show of the row under the cursor. */
export function subjectUnder(seen: Seen): Subject | undefined {
	return kindOf(seen.ui).subject?.(seen);
}
