/** A user of a screen over one node that has played a recording: for tests of actions. */
import type {MenuItem, UiState} from '../../../source/ui/state/state.js';
import {User} from '../user.js';

/** `file-enforce`: 78 events, 3 alerts, the pods tiefighter, xwing and a nightly job, 26 host processes. */
export function userOf(recording = 'file-enforce', columns = 120, rows = 40): User {
	const user = new User(columns, rows);
	user.scene.play(user.scene.node('minikube'), recording);
	return user;
}

/** Sets what is needed of the state, without keys. */
export function set(user: User, change: Partial<UiState>): User {
	user.ui = {...user.ui, ...change};
	return user;
}

export function flashOf({ui}: User): string {
	return ui.flash?.text ?? '';
}

/** Label and text of an open menu's items. */
export function menuOf({ui}: User): ReadonlyMap<string, string> {
	const items: readonly MenuItem[] = ui.overlay?.type === 'menu' ? ui.overlay.items : [];
	return new Map(items.map(({label, text}) => [label, text ?? '']));
}

export function chipsOf({ui}: User): readonly string[] {
	return ui.chips.map(({text}) => text);
}

/** Puts the tree's cursor on the first row that matches. */
export function chooseRow(
	user: User,
	isWanted: (row: {readonly type: string; readonly name: string; readonly binary: string}) => boolean,
): User {
	const {tree} = user.picture;
	for (let index = 0; index < tree.length; index++) {
		const row = tree.at(index);
		if (row && isWanted({type: row.type, name: row.name, binary: row.process?.facts?.binary ?? ''})) {
			return set(user, {focus: 'processes', cursors: {...user.ui.cursors, processes: {id: row.id, screenRow: 0}}});
		}
	}

	throw new Error('the tree has no such row');
}

export function command(user: User, line: string): User {
	user.press(':');
	user.give({type: 'paste', text: line});
	user.press('enter');
	return user;
}
