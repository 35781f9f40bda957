/**
A LogQL filter that lets through all lines that can matter: those with the wanted texts, and all that are no whole event on a line
of its own. A line in an envelope has its texts escaped, and of a line that a runtime has cut only one part has the word.
*/
import type {Wanted} from '../store-record.js';

/** Characters that no JSON encoder and no envelope writes in another way. */
const notPlain = /[^A-Za-z0-9 ._/:@%+,=~$()*#!?;[\]{}|^-]+/;
const leastLetters = 2;
const mostPieces = 3;
const mostAlternatives = 20;

/** Not the start of an event, or not its end. */
const noWholeEvent = String.raw`^(?:[^{]|\{[^"]|\{"[^p]|\{"p[^r])|[^}]$`;

/** undefined: nothing can be asked for without missing an event. */
export function lineFilter(wanted: Wanted): string | undefined {
	const stages = wanted.flatMap(alternatives => {
		const pieces = alternatives.map(piecesOf);
		if (pieces.length === 0 || pieces.length > mostAlternatives || pieces.some(list => list.length === 0)) {
			return [];
		}

		// All pieces of the only text; of several texts the longest piece of each.
		const [only = []] = pieces;
		return pieces.length === 1 ? only.map(piece => [piece]) : [pieces.map(list => list[0] as string)];
	});
	return stages.length === 0
		? undefined
		: stages.map(words => ` |~ ${JSON.stringify(`${words.map(quoteRe2).join('|')}|${noWholeEvent}`)}`).join('');
}

/** The longest pieces of a text that are in the line as they are, whatever the envelope. */
export function piecesOf(text: string): string[] {
	return text
		.split(notPlain)
		.filter(piece => piece.length >= leastLetters)
		.toSorted((one, other) => other.length - one.length)
		.slice(0, mostPieces);
}

/** A line that such a filter lets through although it is no whole event: what belongs to it may have been left out. */
export function isNoWholeEvent(line: string): boolean {
	return !line.startsWith('{"pr') || !line.endsWith('}');
}

function quoteRe2(text: string): string {
	return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
