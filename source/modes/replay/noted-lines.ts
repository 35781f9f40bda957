/** Lines of a recording that are no events, in words: for standard error, and with their texts for the screen. */
import type {Problem} from '../../problem.js';
import type {NotedLine, NotedLines} from '../../recording/reader.js';

/** A kind of such lines: of one, and of several. */
type Kind = {readonly id: string; readonly one: string; readonly many: string};

export const noEvents: Kind = {id: 'malformed', one: '1 line is no event', many: 'lines are no events'};
export const badTimes: Kind = {
	id: 'bad-times',
	one: '1 event has a time that cannot be read',
	many: 'events have a time that cannot be read',
};

function countOf({one, many}: Kind, count: number): string {
	return count === 1 ? one : `${count} ${many}`;
}

/** One sentence with the place of the first and its reason. */
export function notedSentence(kind: Kind, {count, first: [first]}: NotedLines): string {
	const where = first === undefined ? '' : `, the first is line ${first.line} of ${first.source}: ${first.why}`;
	return `${countOf(kind, count)}${count === 1 ? where.replace(', the first is', ',') : where}`;
}

/** The forms that a file was found in: "Docker json-file, 400 events". */
export function formsSentence(forms: ReadonlyMap<string, number>): string {
	return [...forms].map(([form, count]) => `${form}, ${count === 1 ? '1 event' : `${count} events`}`).join('; ');
}

/** Its `why` holds the first lines with their texts, to be looked at. */
export function notedProblem(kind: Kind, all: NotedLines): Problem {
	return {
		id: kind.id,
		severity: 'warning',
		what: countOf(kind, all.count),
		why: all.first.map(line => lineWords(line)).join('; '),
		fix: kind === badTimes ? 'they are shown without it' : 'the others are shown',
	};
}

function lineWords({line, source, why, text}: NotedLine): string {
	return `line ${line} of ${source}: ${why}${text === '' ? '' : `: ${text}`}`;
}
