import type {Chip} from '../../query/chip.js';
import {type SafeText, safe} from '../../text/safe.js';

/** A chip as it was typed. */
export function chipText(chip: Chip): SafeText {
	return safe(chip.text, 256);
}
