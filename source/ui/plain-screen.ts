/** The screen as plain text, one string a row. */
import {type Look, screenLines} from './screen.js';
import type {Picture} from './state/picture.js';
import type {UiState} from './state/state.js';

/** Rows without the blanks at their ends. */
export function plainRows(ui: UiState, picture: Picture, look: Omit<Look, 'theme'>): readonly string[] {
	const rows: string[] = [];
	for (const {box, lines} of screenLines(ui, picture, look)) {
		for (const [index, line] of lines.entries()) {
			const y = box.rect.y + index;
			rows[y] = (rows[y] ?? '').padEnd(box.rect.x) + line.map(({text}) => text).join('');
		}
	}

	return rows.map(row => row.trimEnd());
}
