/** The list of the filters: each can be turned off, negated, edited or removed. */
import {type Chip, chipOf} from '../../query/chip.js';
import {own} from '../../text/safe.js';
import {narrowingsOf} from '../state/narrowings.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {openPrompt} from './open-prompt.js';

export function openChips(scene: Scene): Reaction {
	return narrowingsOf(scene.ui).length === 0
		? stay(flash(scene, own('no filter is set: / adds one')))
		: stay({...scene.ui, overlay: {type: 'chips', cursor: 0}});
}

/** Changes the chip under the cursor; undefined removes it. When no chip is left the list closes. */
function changeChip({ui}: Scene, change: (chip: Chip) => Chip | undefined): UiState {
	const {overlay} = ui;
	if (overlay?.type !== 'chips') {
		return ui;
	}

	const chips = ui.chips.flatMap((chip, index) => (index === overlay.cursor ? (change(chip) ?? []) : chip));
	const cursor = Math.max(0, Math.min(overlay.cursor, chips.length - 1));
	return {...ui, chips, overlay: chips.length === 0 ? undefined : {...overlay, cursor}};
}

export function toggleChip(scene: Scene): Reaction {
	return stay(changeChip(scene, chip => ({...chip, off: !(chip.off ?? false)})));
}

export function deleteChip(scene: Scene): Reaction {
	return stay(changeChip(scene, () => undefined));
}

export function invertChip(scene: Scene): Reaction {
	return stay(
		changeChip(scene, chip => {
			// A filter that the agent applies cannot be negated here: the other events were never sent.
			if (chip.server) {
				return chip;
			}

			return {...chipOf(chip.terms, !chip.negate), off: chip.off ?? false};
		}),
	);
}

/** Turns all filters off, or on when all are off. */
export function toggleAllChips({ui}: Scene): Reaction {
	const off = ui.chips.some(chip => !chip.off);
	return stay({...ui, chips: ui.chips.map(chip => ({...chip, off}))});
}

/** Moves the chip's text into the prompt. */
export function editChip(scene: Scene): Reaction {
	const {overlay, chips} = scene.ui;
	const chip = overlay?.type === 'chips' ? chips[overlay.cursor] : undefined;
	if (!chip) {
		return stay(scene.ui);
	}

	const ui = {...changeChip(scene, () => undefined), overlay: undefined};
	return openPrompt({...scene, ui}, 'filter', chip.text);
}

export const chipActions = {
	'chip-toggle': toggleChip,
	'chip-edit': editChip,
	'chip-invert': invertChip,
	'chip-delete': deleteChip,
	'chips-off': toggleAllChips,
};
