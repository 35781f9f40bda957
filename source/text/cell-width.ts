/**
Cells of a text as terminals count them: the sum of its characters, whatever a font joins. It holds for safe text, which has
no sequence that terminals take for one emoji: their joiners, selectors and modifiers are escapes there.
*/
import {eastAsianWidth} from 'get-east-asian-width';

/** Marks, controls and formats take no cell of their own. */
const noCell = /[\p{Mn}\p{Me}\p{Cc}\p{Cf}]/u;

/** Cells of one character. */
function cellsOf(character: string): number {
	return noCell.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}

export function sumOfCells(text: string): number {
	let cells = 0;
	for (const character of text) {
		cells += cellsOf(character);
	}
	return cells;
}
