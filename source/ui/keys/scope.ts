/** Which keys count now. */
import type {UiState} from '../state/state.js';
import type {Scope} from './key-table.js';

/** The scope of the innermost open thing: overlay, prompt, view, timeline, pane. */
export function scopeOf({overlay, prompt, view, timeline, focus}: UiState): Scope {
	if (overlay) {
		return overlay.type === 'help' && overlay.search !== undefined ? 'help-search' : overlay.type;
	}

	if (prompt) {
		return 'prompt';
	}

	if (view !== 'main') {
		return view;
	}

	return timeline.active ? 'timeline' : focus;
}
