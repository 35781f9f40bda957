/** Folding, following and showing in the process pane. */
import {own} from '../../text/safe.js';
import {treeList, treeRowUnder} from '../panes/processes-pane.js';
import {cursorAt, cursorOf, withCursor} from '../state/cursor.js';
import {followedName} from '../state/narrowings.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';

function setFolds(scene: Scene, ids: Iterable<string>, folded: boolean): Reaction {
	const next = new Map(scene.ui.tree.folded);
	for (const id of ids) {
		next.set(id, folded);
	}

	return stay({...scene.ui, tree: {...scene.ui.tree, folded: next}});
}

/** Index of the row that the row at `index` hangs below, -1 at the top. */
function parentIndex({picture}: Scene, index: number): number {
	const depth = picture.tree.at(index)?.depth ?? 0;
	for (let above = index - 1; above >= 0; above--) {
		if ((picture.tree.at(above)?.depth ?? 0) < depth) {
			return above;
		}
	}

	return -1;
}

export function unfold(scene: Scene): Reaction {
	const {row} = treeRowUnder(scene);
	return row && !row.leaf ? setFolds(scene, [row.id], false) : stay(scene.ui);
}

/** Folds an open row; on a leaf or a folded row goes to its parent, as file trees do. */
export function foldOrParent(scene: Scene): Reaction {
	const {row, index} = treeRowUnder(scene);
	if (!row) {
		return stay(scene.ui);
	}

	return row.leaf || row.folded ? goToParent(scene, index) : setFolds(scene, [row.id], true);
}

function goToParent(scene: Scene, index: number): Reaction {
	const {ui, picture} = scene;
	const parent = parentIndex(scene, index);
	if (parent === -1) {
		return stay(ui);
	}

	const screenRow = cursorOf(ui, 'processes').screenRow - (index - parent);
	const cursor = cursorAt(treeList(picture), parent, screenRow, Math.max(1, scene.rowsOf('processes')));
	return stay(withCursor(ui, 'processes', cursor));
}

export function toggleFold(scene: Scene): Reaction {
	const {row} = treeRowUnder(scene);
	return row && !row.leaf ? setFolds(scene, [row.id], !row.folded) : stay(scene.ui);
}

/** Folds all when anything is open, else opens all. */
export function foldAll(scene: Scene): Reaction {
	const ids: string[] = [];
	let anyOpen = false;
	for (let index = 0; index < scene.picture.tree.length; index++) {
		const row = scene.picture.tree.at(index);
		if (row && !row.leaf) {
			ids.push(row.id);
			anyOpen ||= !row.folded;
		}
	}

	return setFolds(scene, ids, anyOpen);
}

export function foldIntoParent(scene: Scene): Reaction {
	const {index} = treeRowUnder(scene);
	const parent = scene.picture.tree.at(parentIndex(scene, index));
	if (!parent) {
		return stay(scene.ui);
	}

	const moved = goToParent(scene, index);
	return setFolds({...scene, ui: moved.ui}, [parent.id], true);
}

export function toggleFlat({ui}: Scene): Reaction {
	return stay({...ui, tree: {...ui.tree, flat: !ui.tree.flat}});
}

export function toggleHost({ui}: Scene): Reaction {
	return stay({...ui, tree: {...ui.tree, showHost: !ui.tree.showHost}});
}

export function toggleInfra({ui}: Scene): Reaction {
	return stay({...ui, tree: {...ui.tree, showInfra: !ui.tree.showInfra}});
}

/** Limits the feed to one process and its children, or ends that. */
export function followProcess(scene: Scene): Reaction {
	const {ui} = scene;
	if (ui.tree.followProcess !== undefined) {
		return stay(flash(scene, own('no longer following'), {...ui, tree: {...ui.tree, followProcess: undefined}}));
	}

	const {row} = treeRowUnder(scene);
	if (!row?.process) {
		return stay(flash(scene, own('F follows a process: put the cursor on one')));
	}

	return stay({
		...ui,
		tree: {...ui.tree, followProcess: {execId: row.process.execId, name: followedName(row.process)}},
	});
}

export const treeActions = {
	unfold,
	fold: foldOrParent,
	'fold-toggle': toggleFold,
	'fold-all': foldAll,
	'fold-parent': foldIntoParent,
	'tree-flat': toggleFlat,
	'follow-process': followProcess,
	'toggle-infra': toggleInfra,
	'toggle-host': toggleHost,
};
