/** The process under the tree's cursor and everything below it: marked with the same bar in the tree and in the feed. */

import type {Process} from '../../store/processes/process.js';
import {cursorOf} from '../state/cursor.js';
import type {PaneContext} from './pane.js';

/** Row of the chosen process in the tree; undefined where the cursor is on a group. */
export function subtreeOf({ui, picture}: PaneContext): number | undefined {
	const id = ui.tree.followProcess?.execId ?? cursorOf(ui, 'processes').id;
	if (id === undefined) {
		return undefined;
	}
	const index = picture.tree.indexOf(String(id));
	return picture.tree.at(index)?.type === 'process' ? index : undefined;
}

/** By row, not by exec_id: a process keeps its row when it executes another image. */
export function belongsTo({picture}: PaneContext, process: Process | undefined, subtree: number | undefined): boolean {
	if (!process || subtree === undefined) {
		return false;
	}
	const {indexOf} = picture.tree;
	if (indexOf(process.execId) === subtree) {
		return true;
	}
	return picture.chainOf(process).some(ancestor => indexOf(ancestor.execId) === subtree);
}
