/**
The language of the prompt. A bare word means the pod (meaning.ts: or a text, where no pod has that name), a word that begins
with `"` a text; the names in field-table.ts name other fields. `:` is fuzzy, `=` exact, `~` a regular expression, and of numbers
and times `:>` `:>=` `:<` `:<=`; `!` before a term negates it. A space is AND, `|` is OR, and a word may have the characters of fzf:
'exact ^prefix suffix$ !not. A value with spaces is written in quotes.
*/
import {editDistance} from '../edit-distance.js';
import {table} from '../runtime/table.js';
import {killFilters} from '../store/enforcement-states.js';
import {faultOf} from './check-term.js';
import {type Chip, type Comparison, chipOf, type Order, type Term} from './chip.js';
import {type Field, fieldNamed, fieldNames, fields, isOrdered, kindOfField} from './field-table.js';

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
const closedQuote = /^"(?:[^"\\]|\\.)*"/s;
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
		if (named === undefined && this.#peek() === '"' && (first === undefined || first.bare)) {
			return this.#quotedText();
		}

		// After a text `|web` is a bare word again.
		let field: Field = first === undefined || first.bare ? 'pod' : first.field;
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
		const field = fieldNamed(lower)?.name;
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
		const opened = given === 'fuzzy' ? (this.#order(field) ?? this.#opening()) : given;
		const isQuoted = this.#peek() === '"';
		const text = isQuoted ? this.#quoted() : this.#word(given === 'regex');
		const {comparison, value} = isQuoted ? this.#closedQuote(opened, text) : closed(opened, text);
		if (value === '' && !(isQuoted && comparison === 'exact')) {
			const values = field === 'kill' ? `: ${killFilters.join(' ')}` : '';
			throw new Unreadable(bare ? 'a word is missing here' : `${field}${signs[given]} needs a value${values}`, start);
		}

		// As in fzf, a negated word leaves out what contains it: a negated fuzzy word would hide far more than was meant.
		const isContained = comparison === 'fuzzy' && (negate ? kindOfField(field) === 'name' : field === 'text');
		// ^word$ without a field is an exact pod name; it is written with its field, so that it reads back the same.
		return {field, comparison: isContained ? 'contains' : comparison, value, bare: bare && comparison !== 'exact'};
	}

	/** Of a number or a time: `>` and the like. */
	#order(field: Field): Order | undefined {
		const sign = isOrdered(field) ? /^[<>]=?/.exec(this.#text.slice(this.#at))?.[0] : undefined;
		this.#at += sign?.length ?? 0;
		return sign as Order | undefined;
	}

	/** A text in quotes, the last of which may be missing: `"cat /etc`. */
	#quotedText(): Term {
		const start = this.#at;
		const rest = this.#text.slice(this.#at);
		const isClosed = closedQuote.test(rest);
		const value = isClosed ? this.#quoted() : rest.slice(1).trimEnd();
		this.#at = isClosed ? this.#at : this.#text.length;
		if (value.trim() === '') {
			throw new Unreadable('a text is missing after "', start);
		}

		return {field: 'text', comparison: 'contains', value, bare: true};
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
		const fault = faultOf(term);
		if (fault !== undefined) {
			throw new Unreadable(fault, start);
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
		const found = closedQuote.exec(this.#text.slice(start));
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

/** One edit away from a name of three characters, two from a longer one. */
function isMistyped(name: string): boolean {
	return fieldNames.some(known => editDistance(name, known) <= (Math.min(name.length, known.length) > 3 ? 2 : 1));
}
