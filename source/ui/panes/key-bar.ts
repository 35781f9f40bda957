/** The last line: what the keys do here, from the binding table. */

import type {Line} from '../frame/line.js';
import {keyBar} from '../keys/key-help.js';
import type {Scope} from '../keys/keymap.js';
import type {UiState} from '../state/state.js';
import type {PaneContext, PaneRect} from './pane.js';

/** Whose keys count now: the innermost open thing. */
export function barScope(ui: UiState): Scope {
	if (ui.overlay) {
		return ui.overlay.type;
	}
	if (ui.prompt) {
		return 'prompt';
	}
	if (ui.view !== 'main') {
		return ui.view;
	}
	return ui.timeline.active ? 'timeline' : ui.focus;
}

export function keyBarPane({ui, glyphs}: PaneContext, {rect}: PaneRect): Line[] {
	return [keyBar(barScope(ui), rect.width, glyphs)];
}
