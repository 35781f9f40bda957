/**
One term of the filter: what is asked, how, and whether an agent runs it. All chips must match (AND); inside one, any of
its terms (OR).
*/
export const fields = ['pod', 'ns', 'node', 'bin', 'arg', 'pol', 'ev', 'w', 'c', 'l', 'pid', 'uid', 't'] as const;
export type Field = (typeof fields)[number];

/** What each field asks about, for help and completion. */
export const fieldWords: Readonly<Record<Field, string>> = {
	pod: 'pod name; namespace/pod when it has a slash',
	ns: 'namespace; ns="" is the host',
	node: 'node name',
	bin: 'binary, its path or its last part',
	arg: 'arguments',
	pol: 'policy name',
	ev: 'event: exec, exit, kprobe, kill, or a function name',
	w: 'workload; kind/name when it has a slash',
	c: 'container name',
	l: 'pod label: l:app=api, or l:app where any value will do',
	pid: 'host pid',
	uid: 'effective user id',
	t: 'time of day: t:12:03-12:05',
};

/** How a text is compared. `contains`, `prefix` and `suffix` are fzf's signs: 'word, ^word, word$. */
export type Comparison = 'fuzzy' | 'exact' | 'regex' | 'contains' | 'prefix' | 'suffix';

export type Term = {
	readonly field: Field;
	readonly comparison: Comparison;
	readonly value: string;
	/** A word without a field: it asks about the pod. */
	readonly bare: boolean;
};

export type Chip = {
	/** The same for the same question. */
	readonly id: string;
	/** As the prompt takes it; parsing it gives this chip again. */
	readonly text: string;
	readonly negate: boolean;
	readonly terms: readonly Term[];
	/** The agents run it: other events of this time are not in our memory. */
	readonly server: boolean;
	/** Kept for later; it hides nothing now. */
	readonly off?: boolean;
};

export function chipOf(terms: readonly Term[], negate: boolean): Chip {
	const text = toText({terms, negate});
	return {id: text, text, negate, terms, server: false};
}

function toText({terms, negate}: Pick<Chip, 'terms' | 'negate'>): string {
	return (negate ? '!' : '') + terms.map((term, index) => termText(term, index === terms.length - 1)).join('|');
}

/** A regular expression takes every | up to the next space for its own, unless it is quoted. */
function termText({field, comparison, value, bare}: Term, last: boolean): string {
	const operator = comparison === 'exact' ? '=' : comparison === 'regex' ? '~' : ':';
	const head = bare ? '' : field + operator;
	switch (comparison) {
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

/** In quotes where the prompt would read a sign in it. */
function quoted(value: string, regex = false): string {
	const plain = regex ? /^[^\s"]+$/ : /^[^\s"'^|!$:=~][^\s"|:=~]*$/;
	return plain.test(value) && (regex || !value.endsWith('$')) ? value : JSON.stringify(value);
}
