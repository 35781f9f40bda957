/** Which pinned rows a pane shows above its list. */
import type {AlertGroup, FeedRow, TreeRow} from '../../store/snapshot.js';
import {own} from '../../text/safe.js';
import type {Segment} from '../frame/line.js';
import type {KindId} from '../frame/pane-ids.js';
import type {RowId, UiState} from '../state/state.js';
import {segment} from '../widgets/cells.js';
import {short} from '../widgets/numbers.js';
import type {PaneContext} from './pane.js';

function pinsOf({pins}: UiState, pane: KindId): readonly RowId[] {
	return pins[pane] ?? [];
}

/** At most a third of a pane's rows; the newest pins where there are more. */
function thatFit<Row>(rows: readonly (Row | undefined)[], height: number): readonly Row[] {
	const found = rows.filter(row => row !== undefined);
	const most = Math.floor(height / 3);
	return most === 0 ? [] : found.slice(-most);
}

/** Filtered out or not; gone only when the buffer has let it go. */
export function pinnedEvents({ui, picture}: PaneContext, height: number): readonly FeedRow[] {
	return thatFit(
		pinsOf(ui, 'events').map(seq => picture.feed.rowOf(Number(seq))),
		height,
	);
}

/** Without what is above them in the tree. */
export function pinnedProcesses({ui, picture}: PaneContext, height: number): readonly TreeRow[] {
	return thatFit(
		pinsOf(ui, 'processes').map(id => {
			const row = picture.tree.at(picture.tree.indexOf(String(id)));
			return row && {...row, depth: 0, branch: []};
		}),
		height,
	);
}

export function pinnedKills({ui, picture}: PaneContext, height: number): readonly AlertGroup[] {
	return thatFit(
		pinsOf(ui, 'kills').map(id => [...picture.kills.groups, ...picture.deaths].find(group => group.id === id)),
		height,
	);
}

/** For the title. */
export function pinFacts(ui: UiState, pane: KindId): Segment[] {
	const pins = pinsOf(ui, pane);
	return pins.length === 0 ? [] : [segment(own`${short(pins.length)} pinned U`, 'accent')];
}
