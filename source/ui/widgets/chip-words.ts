import type {Chip} from '../../query/chip.js';
import {type SafeText, safe} from '../../text/safe.js';

/** A chip as it was typed. */
export const chipText = (chip: Chip): SafeText => safe(chip.text, 256);
