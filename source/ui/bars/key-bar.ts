/** The last line: the keys of the pane with the focus, from the table of keys. */

import type {Line} from '../frame/line.js';
import {keyBar} from '../keys/key-help.js';
import {scopeOf} from '../keys/scope.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';

export function keyBarPane({ui, glyphs}: PaneContext, {rect}: PaneRect): Line[] {
	return [keyBar(scopeOf(ui), rect.width, glyphs, {allowWrite: ui.allowWrite})];
}
