/** The last line: what the keys do here, from the binding table. */
import {keyBar} from '../key-help.js';
import type {Scope} from '../keys.js';
import type {Line} from '../line.js';
import type {UiState} from '../state.js';
import type {PaneContext, PaneRect} from './pane.js';

/** Whose keys count now: the innermost open thing. */
export const barScope = (ui: UiState): Scope => {
	if (ui.overlay) return ui.overlay.type;
	if (ui.prompt) return 'prompt';
	if (ui.view !== 'main') return ui.view;
	return ui.timeline.active ? 'timeline' : ui.focus;
};

export const keyBarPane = ({ui, glyphs}: PaneContext, {rect}: PaneRect): Line[] => [
	keyBar(barScope(ui), rect.width, glyphs),
];
