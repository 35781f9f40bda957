/** What can follow in the `:` line: the names of the commands, then the values that a command takes. Fuzzy, the best first. */
import {rank, rankOf} from '../../query/fuzzy-match.js';
import type {Seen} from '../state/reaction.js';
import {commandTable} from './commands.js';

const most = 50;

function ranked(word: string, values: readonly string[]): readonly string[] {
	return values
		.map(value => ({value, rank: word === '' ? rank.consecutive : rankOf(word, value)}))
		.filter(found => found.rank !== rank.none)
		.sort((one, other) => one.rank - other.rank)
		.slice(0, most)
		.map(({value}) => value);
}

/** Whole lines; none where the line is complete, or a command takes any text. */
export function completionsOf(seen: Seen, line: string): readonly string[] {
	const [, name = '', space = '', argument = ''] = /^(\S*)(\s*)(.*)$/s.exec(line) ?? [];
	if (space === '') {
		return ranked(
			name,
			commandTable.map(command => command.name),
		).filter(found => found !== line);
	}

	const command = commandTable.find(one => one.name === name || one.aliases?.includes(name));
	return ranked(argument, command?.values?.(seen) ?? [])
		.map(value => `${name} ${value}`)
		.filter(found => found !== line);
}
