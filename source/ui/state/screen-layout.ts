/** The layout of the screen from its state. */
import {type Layout, layout} from '../frame/layout.js';
import type {UiState} from './state.js';

/** What is open decides the layout. */
export function layoutOf(ui: UiState): Layout {
	return layout({
		columns: ui.columns,
		rows: ui.rows,
		view: ui.view,
		focus: ui.focus,
		zoom: ui.zoom,
		detailOpen: ui.detail.open,
		timeline: ui.timeline.size,
		prompt: ui.prompt === undefined ? 'none' : ui.prompt.mode === 'command' ? 'line' : 'list',
	});
}

export function isCompact({columns, rows}: UiState): boolean {
	return columns < 100 || rows < 28;
}
