/**
Spellings that kubectl and tetra read and meow does not. `forMeow` rewrites them into spellings that meow reads:

- `-ojson`: meow reads five switches. It becomes `-o=json`.
- `--pod -worker$`: meow reads a new flag. It becomes `--pod=-worker$`.
- `--host=yes`, `--host=0`: meow reads everything but `true` as false, typing errors too. It becomes `--host` or `--no-host`.

A flag without its value is refused here, because meow leaves such a flag out of its result. An unknown flag is refused
after meow has read the words: meow's own refusal ends the process and suggests no other name.
*/
import {camelCase, type Flag, type Mistake} from './flag.js';
import {flagOf, longNames} from './lookup.js';
import {didYouMean} from './suggest.js';
import {flags} from './table.js';
import {parseSwitch, parseValue} from './values.js';

const table: readonly Flag[] = flags;
const switches = table.flatMap(({kind, short}) => (kind === 'switch' && short ? [short] : [])).join('');
const takers = table.flatMap(({kind, short}) => (kind !== 'switch' && short ? [short] : [])).join('');
const attachedValue = new RegExp(`^-([${switches}]*[${takers}])([^=].*)$`, 's');
const cluster = new RegExp(`^-[${switches}]*([${takers}])$`);

/** @returns the words for meow, or why they cannot be read */
export function forMeow(argv: readonly string[]): readonly string[] | Mistake {
	const end = argv.indexOf('--');
	const head = end === -1 ? argv : argv.slice(0, end);
	const words: string[] = [];
	for (let index = 0; index < head.length; index++) {
		const word = (head[index] ?? '').replace(attachedValue, '-$1=$2');
		const read = word.includes('=') && word.startsWith('-') ? withValue(word) : withNext(word, head[index + 1]);
		if (typeof read !== 'string') {
			return read;
		}

		words.push(read);
		// A value that was joined to its flag is no word of its own any more.
		index += read === `${word}=${head[index + 1]}` ? 1 : 0;
	}

	return end === -1 ? words : [...words, ...argv.slice(end)];
}

function switchWord({name}: Flag, isOn: boolean): string {
	return name.startsWith('no-') ? `--${name}=${isOn}` : `--${isOn ? '' : 'no-'}${name}`;
}

/** `--name=value`, `-n=value`. */
function withValue(word: string): string | Mistake {
	const equals = word.indexOf('=');
	const name = word.slice(0, equals);
	const value = word.slice(equals + 1);
	const flag = flagOf(name);
	if (flag && value === '') {
		return valueMissing(name, flag);
	}

	if (flag?.kind !== 'switch') {
		return word;
	}

	const isOn = parseSwitch(value);
	return isOn === undefined ? (parseValue(flag, value, name) as Mistake) : switchWord(flag, isOn);
}

/** `--name`, `-n`, `-An`, and the word after it. */
function withNext(word: string, next: string | undefined): string | Mistake {
	const last = cluster.exec(word)?.[1];
	const flag = flagOf(last === undefined ? word : `-${last}`);
	if (!flag || flag.kind === 'switch') {
		// meow reads `--no-wait` as a switch `wait` that is off.
		return flag?.name.startsWith('no-') ? switchWord(flag, true) : word;
	}

	if (next === undefined || isKnownFlag(next)) {
		return valueMissing(last === undefined ? word : `-${last}`, flag);
	}

	return next.length > 1 && next.startsWith('-') ? `${word}=${next}` : word;
}

/** Only a known flag follows another by mistake; a regular expression such as `-worker$` is a value. */
function isKnownFlag(word: string): boolean {
	return flagOf(word.startsWith('--') ? word.replace(/=.*$/s, '') : word.slice(0, 2)) !== undefined;
}

function valueMissing(word: string, flag: Flag): Mistake {
	return {
		what: `${word} has no value`,
		why: `it takes ${flag.choices ? `one of ${flag.choices.join(', ')}` : `a ${flag.placeholder ?? 'value'}`}.`,
		fix: `Write ${word.startsWith('--') ? `--${flag.name}=${flag.placeholder}` : `-${flag.short} ${flag.placeholder}`}.`,
	};
}

/** @param key a name in meow's result that no flag of the table has; @param argv to find the word that the user wrote */
export function unknownFlag(key: string, argv: readonly string[]): Mistake {
	const word = argv.find(one => isSpellingOf(one, key)) ?? `--${key}`;
	const name = word.startsWith('--') ? word.replace(/=.*$/s, '') : `-${key}`;
	return {
		what: `unknown flag ${name}${word.length > 2 && !word.startsWith('--') ? ` in ${word}` : ''}`,
		why: 'tetratop has no flag of that name.',
		fix: `${didYouMean(name.replace(/^-+(no-)?/, ''), longNames, '--')}tetratop --help lists them all.`,
	};
}

/** `--no-such.x=1` and `--such` are `such` in meow's result; `-Ax` has an `x`. */
function isSpellingOf(word: string, key: string): boolean {
	if (!word.startsWith('--')) {
		return /^-\w/.test(word) && word.includes(key);
	}

	const [, name = ''] = /^--(?:no-)?([^=.]*)/.exec(word) ?? [];
	return camelCase(name) === key && flagOf(word.replace(/=.*$/s, '')) === undefined;
}
