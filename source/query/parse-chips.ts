/**
The language of the prompt. A bare word means the pod; `ns: pod: node: bin: arg: pol: ev: kill: w: c: l: pid: uid: t:` name other
fields. `:` is fuzzy, `=` exact, `~` a regular expression; `!` before a term negates it. A space is AND, `|` is OR, and a word
may have the characters of fzf: 'exact ^prefix suffix$ !not. A value with spaces is written in quotes.
*/
import {editDistance} from '../edit-distance.js';
import {table} from '../runtime/table.js';
import {killFilters, killStatesNamed} from '../store/enforcement-states.js';
import {type Chip, type Comparison, chipOf, type Field, fields, type Term} from './chip.js';
import {compileRegex} from './regex.js';
import {parseRange} from './time-range.js';

export type Parsed = {readonly chips: readonly Chip[]};
/** In words; `at`: UTF-16 units before the place that is meant. */
type ParseError = {readonly error: string; readonly at: number};

export function parseChips(text: string): Parsed | ParseError {
	try {
		return {chips: new Parser(text).chips()};
	} catch (error) {
		if (error instanceof Unreadable) {
			return {error: error.message, at: error.at};
		}

		throw error;
	}
}

class Unreadable extends Error {
	readonly at: number;

	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

/** The operator of a comparison; fzf's characters come after the colon. */
const signs: Readonly<Partial<Record<Comparison, string>>> = {fuzzy: ':', exact: '=', regex: '~'};
const operators: Readonly<Record<string, Comparison>> = table<Comparison>({':': 'fuzzy', '=': 'exact', '~': 'regex'});
const fieldStart = /^([a-z]+)([:=~])/i;

class Parser {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	chips(): Chip[] {
		const chips: Chip[] = [];
		for (this.#spaces(); this.#at < this.#text.length; this.#spaces()) {
			const chip = this.#chip();
			if (!chips.some(({id}) => id === chip.id)) {
				chips.push(chip);
			}
		}

		return chips;
	}

	#chip(): Chip {
		const start = this.#at;
		const negate = this.#take('!');
		if (negate && (this.#at === this.#text.length || /\s/.test(this.#peek()))) {
			throw new Unreadable('! needs something after it to leave out', start);
		}

		const terms = [this.#term(undefined, negate)];
		while (this.#takeOr()) {
			const {field, comparison, bare} = terms[0]!;
			const before = comparison === 'exact' && !bare ? 'exact' : 'fuzzy';
			terms.push(this.#term({field, comparison: before, bare}, negate));
		}

		return chipOf(terms, negate);
	}

	#term(first: Omit<Term, 'value'> | undefined, negate: boolean): Term {
		const start = this.#at;
		const named = this.#fieldAhead();
		let field: Field = first?.field ?? 'pod';
		let comparison: Comparison = first?.comparison ?? 'fuzzy';
		const bare = named === undefined && (first?.bare ?? true);
		if (named !== undefined) {
			field = named.field;
			comparison = operators[named.operator]!;
			this.#at += named.length;
		}

		return this.#checked(this.#value(field, comparison, bare, negate), start);
	}

	/** A word before an operator is a field, or a mistyped one; any other word is text: `constructor:x`. */
	#fieldAhead(): {readonly field: Field; readonly operator: string; readonly length: number} | undefined {
		const [whole = '', name = '', operator = ''] = fieldStart.exec(this.#text.slice(this.#at)) ?? [];
		if (whole === '') {
			return undefined;
		}

		const lower = name.toLowerCase();
		const field = fields.find(known => known === lower) ?? longNames[lower];
		if (field !== undefined) {
			return {field, operator, length: whole.length};
		}

		if (isMistyped(lower)) {
			throw new Unreadable(`there is no field "${name}": ${fields.join(' ')}`, this.#at);
		}

		return undefined;
	}

	#value(field: Field, given: Comparison, bare: boolean, negate: boolean): Term {
		const start = this.#at;
		const opened = given === 'fuzzy' ? this.#opening() : given;
		const isQuoted = this.#peek() === '"';
		const text = isQuoted ? this.#quoted() : this.#word(given === 'regex');
		const {comparison, value} = isQuoted ? this.#closedQuote(opened, text) : closed(opened, text);
		if (value === '' && !(isQuoted && comparison === 'exact')) {
			const values = field === 'kill' ? `: ${killFilters.join(' ')}` : '';
			throw new Unreadable(bare ? 'a word is missing here' : `${field}${signs[given]} needs a value${values}`, start);
		}

		// As in fzf, a negated word leaves out what contains it: a negated fuzzy word would hide far more than was meant.
		const isContained = negate && comparison === 'fuzzy' && !numeric.has(field) && !special.has(field);
		// ^word$ without a field is an exact pod name; it is written with its field, so that it reads back the same.
		return {field, comparison: isContained ? 'contains' : comparison, value, bare: bare && comparison !== 'exact'};
	}

	/** The fzf character before a word. */
	#opening(): Comparison {
		return this.#take("'") ? 'contains' : this.#take('^') ? 'prefix' : 'fuzzy';
	}

	/** A $ after the closing quote. */
	#closedQuote(comparison: Comparison, value: string): Pick<Term, 'comparison' | 'value'> {
		return {comparison: comparison === 'fuzzy' && this.#take('$') ? 'suffix' : comparison, value};
	}

	#checked(term: Term, start: number): Term {
		const {field, comparison, value} = term;
		if (comparison === 'regex' && field !== 'l') {
			const compiled = compileRegex(value);
			if (typeof compiled === 'string') {
				throw new Unreadable(`"${value}" is not a regular expression: ${compiled}`, start);
			}
		}

		if (numeric.has(field) && comparison !== 'regex' && !/^\d{1,10}$/.test(value)) {
			throw new Unreadable(`${field} is a number, not "${value}"`, start);
		}

		if (field === 'kill' && comparison !== 'regex' && killStatesNamed(value).length === 0) {
			throw new Unreadable(`"${value}" is no state of an enforcement: ${killFilters.join(' ')}`, start);
		}

		if (field === 't' && parseRange(value) === undefined) {
			throw new Unreadable(`"${value}" is not a time: t:12:03, t:12:03:40-12:04:10, t:12:03- or t:-12:05`, start);
		}

		const labelRegex = field === 'l' ? /^[^=~]+~(.*)$/s.exec(value)?.[1] : undefined;
		if (labelRegex !== undefined && typeof compileRegex(labelRegex) === 'string') {
			throw new Unreadable(`"${labelRegex}" is not a regular expression`, start);
		}

		if (field === 'l' && /^[=~]/.test(value)) {
			throw new Unreadable('a label has a name: l:app=api', start);
		}

		return term;
	}

	#word(regex: boolean): string {
		const rest = this.#text.slice(this.#at);
		// In a regular expression | belongs to it.
		const word = (regex ? /^\S*/ : /^[^\s|]*/).exec(rest)![0];
		this.#at += word.length;
		return word;
	}

	/** As JSON writes a string. */
	#quoted(): string {
		const start = this.#at;
		const found = /^"(?:[^"\\]|\\.)*"/s.exec(this.#text.slice(start));
		if (found === null) {
			throw new Unreadable('the quote " is not closed', start);
		}

		this.#at += found[0].length;
		try {
			return JSON.parse(found[0].replaceAll('\n', '\\n').replaceAll('\t', '\\t')) as string;
		} catch {
			return found[0].slice(1, -1).replaceAll(/\\(.)/gs, '$1');
		}
	}

	/** `a|b` and `a | b` alike. */
	#takeOr(): boolean {
		const found = /^\s*\|\s*/.exec(this.#text.slice(this.#at));
		if (found === null) {
			return false;
		}

		const start = this.#at;
		this.#at += found[0].length;
		if (this.#at === this.#text.length || this.#peek() === '|') {
			throw new Unreadable('| needs something on both sides', start);
		}

		return true;
	}

	#take(character: string): boolean {
		const has = this.#text.startsWith(character, this.#at);
		this.#at += has ? character.length : 0;
		return has;
	}

	#peek(): string {
		return this.#text[this.#at] ?? '';
	}

	#spaces(): void {
		this.#at += /^\s*/.exec(this.#text.slice(this.#at))![0].length;
	}
}

/** The fzf character after a word: word$ ends with it, ^word$ is all of it. */
function closed(comparison: Comparison, text: string): Pick<Term, 'comparison' | 'value'> {
	const isClosed = text.length > 1 && text.endsWith('$');
	if (!isClosed || (comparison !== 'fuzzy' && comparison !== 'prefix')) {
		return {comparison, value: text};
	}

	return {comparison: comparison === 'fuzzy' ? 'suffix' : 'exact', value: text.slice(0, -1)};
}

const numeric: ReadonlySet<Field> = new Set(['pid', 'uid']);
const special: ReadonlySet<Field> = new Set(['ev', 'kill', 'l', 't']);

/** One edit away from a name of three characters, two from a longer one. */
function isMistyped(name: string): boolean {
	return [...fields, ...Object.keys(longNames)].some(
		known => editDistance(name, known) <= (Math.min(name.length, known.length) > 3 ? 2 : 1),
	);
}

const longNames: Readonly<Record<string, Field>> = table<Field>({
	namespace: 'ns',
	n: 'ns',
	binary: 'bin',
	process: 'bin',
	args: 'arg',
	arguments: 'arg',
	policy: 'pol',
	event: 'ev',
	state: 'kill',
	workload: 'w',
	container: 'c',
	label: 'l',
	time: 't',
});
