import type {Chip} from '../../query/chip.js';
import {type SafeText, safe} from '../../text/safe.js';

/** A chip as it was typed, or the name of the target whose pods it holds. */
export function chipText(chip: Chip): SafeText {
	return safe(chip.label ?? chip.text, 256);
}
