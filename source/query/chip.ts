/**
A chip is one term of the filter: a field, a comparison and a value, or several joined by |. An event must match all chips, and
of one chip any term.
*/
import type {ServerFilter} from '../tetragon/agent/link.js';
import type {Field} from './field-table.js';

export {type Field, fields, fieldWords} from './field-table.js';

/** How a text is compared. `contains`, `prefix` and `suffix` are written as in fzf: 'word, ^word, word$. */
export type Comparison = 'fuzzy' | 'exact' | 'regex' | 'contains' | 'prefix' | 'suffix' | Order;

/** Of numbers and times: `port:>1024`. */
export type Order = '<' | '<=' | '>' | '>=';

export type Term = {
	readonly field: Field;
	readonly comparison: Comparison;
	readonly value: string;
	/** Written without a field: it means the pod, or with the field `text` a text in quotes. */
	readonly bare: boolean;
};

export type Chip = {
	/** Equal for equal chips. */
	readonly id: string;
	/** As it is typed in the prompt; parsing it gives this chip again. */
	readonly text: string;
	readonly negate: boolean;
	readonly terms: readonly Term[];
	/** The agents run it: events outside of it are not sent. */
	readonly server: boolean;
	/** Turned off: it is kept and hides nothing. */
	readonly off?: boolean;
	/** Shown in place of the text: the text of a workload has the names of all its pods. */
	readonly label?: string;
	/** What an agent is asked for in place of the terms; it is never narrower than what may still come. */
	readonly asked?: ServerFilter;
};

export function chipOf(terms: readonly Term[], negate: boolean): Chip {
	const text = toText({terms, negate});
	return {id: text, text, negate, terms, server: false};
}

function toText({terms, negate}: Pick<Chip, 'terms' | 'negate'>): string {
	return (negate ? '!' : '') + terms.map((term, index) => termText(term, index === terms.length - 1)).join('|');
}

/** In a regular expression | belongs to it, up to the next space, unless it is quoted. */
function termText({field, comparison, value, bare}: Term, last: boolean): string {
	const operator = comparison === 'exact' ? '=' : comparison === 'regex' ? '~' : ':';
	if (bare && field === 'text') {
		return JSON.stringify(value);
	}

	// A bare word in quotes would be a text.
	if (bare && (comparison === 'fuzzy' || comparison === 'suffix')) {
		return comparison === 'fuzzy' ? value : `${value}$`;
	}

	const head = bare ? '' : field + operator;
	switch (comparison) {
		case '<':
		case '<=':
		case '>':
		case '>=':
			return `${head}${comparison}${value}`;
		case 'contains':
			return `${head}'${quoted(value)}`;
		case 'prefix':
			return `${head}^${quoted(value)}`;
		case 'suffix':
			return `${head}${quoted(value)}$`;
		default:
			return head + (comparison === 'regex' && !last ? JSON.stringify(value) : quoted(value, comparison === 'regex'));
	}
}

/** In quotes when the prompt would take a character of it for syntax. */
function quoted(value: string, regex = false): string {
	const plain = regex ? /^[^\s"]+$/ : /^[^\s"'^|!$:=~<>@][^\s"|:=~]*$/;
	return plain.test(value) && (regex || !value.endsWith('$')) ? value : JSON.stringify(value);
}
