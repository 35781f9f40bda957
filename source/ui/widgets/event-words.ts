/** An event's own words with the arrows of the screen: lower layers write them in ASCII. */
import {type Description, describe} from '../../tetragon/describe/describe.js';
import {type Event, kindOf} from '../../tetragon/event/event.js';
import {own, type SafeText, safe, sliceSafe} from '../../text/safe.js';
import type {Glyphs} from '../frame/glyphs.js';

/** Not for command lines: an arrow in an argument is foreign text and must stay as it is. */
const verbatim: ReadonlySet<string> = new Set(['process_exec', 'process_exit', 'unknown']);

const arrow = /(?<= )(?:->|<-)(?= )/;

function arrowed(text: SafeText, glyphs: Glyphs): SafeText {
	const found = arrow.exec(text);
	if (!found) {
		return text;
	}
	const glyph = found[0] === '->' ? glyphs.arrow : glyphs.arrowLeft;
	return own`${sliceSafe(text, 0, found.index)}${glyph}${sliceSafe(text, found.index + 2, text.length)}`;
}

/** `described` saves describing the event twice. */
export function detailWords(event: Event, glyphs: Glyphs, limit: number, described?: Description): SafeText {
	const detail = safe((described ?? describe(event)).detail, limit);
	return verbatim.has(kindOf(event)) ? detail : arrowed(detail, glyphs);
}
