/**
The command line, word by word, before meow types it: which words are flags of the table, in whatever spelling, and which
are not. Afterwards each flag stands as `--name` or `--name=value`, so that no value can be taken for something else.
*/

import type {Flag, Mistake} from './flag.js';
import {didYouMean} from './suggest.js';
import {flags} from './table.js';

export type Words = {
	/** `--name`, `--no-name`, `--name=value`. */
	readonly flags: readonly string[];
	readonly operands: readonly string[];
};

const table: readonly Flag[] = flags;
const byLong = new Map(table.flatMap(flag => [flag.name, ...(flag.aliases ?? [])].map(name => [name, flag] as const)));
const byShort = new Map(table.flatMap(flag => (flag.short ? [[flag.short, flag] as const] : [])));
const longNames = [...byLong.keys()];

function unknownFlag(word: string): Mistake {
	return {
		what: `unknown flag ${word}`,
		why: 'tetratop has no flag of that name.',
		fix: `${didYouMean(word.replace(/^-+(no-)?/, ''), longNames, '--')}tetratop --help lists them all.`,
	};
}

function valueMissing(word: string, flag: Flag): Mistake {
	return {
		what: `${word} has no value`,
		why: `it takes ${flag.choices ? `one of ${flag.choices.join(', ')}` : `a ${flag.placeholder ?? 'value'}`}.`,
		fix: `Write ${word.startsWith('--') ? `--${flag.name}=${flag.placeholder}` : `-${flag.short} ${flag.placeholder}`}.`,
	};
}

/** A single dash is standard input; a dash and a digit a number. */
function isFlag(word: string) {
	return word.length > 1 && word.startsWith('-') && !/^-\d/.test(word);
}

export function readWords(argv: readonly string[]): Words | Mistake {
	const found: string[] = [];
	const operands: string[] = [];

	for (let index = 0; index < argv.length; index++) {
		const word = argv[index] ?? '';

		if (word === '--') {
			operands.push(...argv.slice(index + 1));
			break;
		}

		if (!isFlag(word)) {
			operands.push(word);
			continue;
		}

		const read = word.startsWith('--') ? readLong(word, argv[index + 1]) : readShort(word, argv[index + 1]);

		if ('what' in read) {
			return read;
		}

		found.push(...read.words);
		index += read.tookNext ? 1 : 0;
	}

	return {flags: found, operands};
}

type Read = {readonly words: readonly string[]; readonly tookNext: boolean};

function readLong(word: string, next: string | undefined): Read | Mistake {
	const equals = word.indexOf('=');
	const name = word.slice(2, equals === -1 ? undefined : equals);
	const negated = name.startsWith('no-') && equals === -1 ? byLong.get(name.slice(3)) : undefined;

	if (negated?.kind === 'switch' && !byLong.has(name)) {
		return {words: [`--${negated.name}=false`], tookNext: false};
	}

	const flag = byLong.get(name);

	if (!flag) {
		return unknownFlag(`--${name}`);
	}

	if (equals !== -1) {
		const value = word.slice(equals + 1);
		return value === '' ? valueMissing(`--${name}`, flag) : {words: [`--${flag.name}=${value}`], tookNext: false};
	}

	return withNext(`--${name}`, flag, next);
}

function readShort(word: string, next: string | undefined): Read | Mistake {
	const words: string[] = [];

	// -Ao json, -ojson, -o=json
	for (let index = 1; index < word.length; index++) {
		const letter = word[index] ?? '';
		const flag = byShort.get(letter);

		if (!flag) {
			return unknownFlag(index === 1 ? word : `-${letter} in ${word}`);
		}

		if (flag.kind === 'switch') {
			words.push(`--${flag.name}=true`);
			continue;
		}

		const rest = word.slice(index + 1).replace(/^=/, '');

		if (rest !== '') {
			return {words: [...words, `--${flag.name}=${rest}`], tookNext: false};
		}

		const read = withNext(`-${letter}`, flag, next);
		return 'what' in read ? read : {...read, words: [...words, ...read.words]};
	}

	return {words, tookNext: false};
}

function withNext(word: string, flag: Flag, next: string | undefined): Read | Mistake {
	if (flag.kind === 'switch') {
		return {words: [`--${flag.name}=true`], tookNext: false};
	}

	if (next === undefined || next === '--' || (isFlag(next) && isKnown(next))) {
		return valueMissing(word, flag);
	}

	return {words: [`--${flag.name}=${next}`], tookNext: true};
}

/** Only a known flag can follow by mistake; a regex such as `-worker$` is a value. */
function isKnown(word: string) {
	return word.startsWith('--') ? byLong.has(word.slice(2).replace(/=.*$/s, '')) : byShort.has(word[1] ?? '');
}
