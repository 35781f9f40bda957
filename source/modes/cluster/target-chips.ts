/** The target as chips of the filter line, and as the namespaces to look at. */
import type {Scope} from '../../kubernetes/target/target-scope.js';
import type {Chip} from '../../query/chip.js';
import {parseChips} from '../../query/parse-chips.js';

/** The chip of a workload's pods keeps its id while pods come and go: it is one filter, which the user may turn off or remove. */
export function chipsOf(scope: Scope | undefined): readonly Chip[] {
	const parsed = parseChips(scope?.query ?? '');
	const chips = 'error' in parsed ? [] : parsed.chips;
	const pods = scope?.pods;
	return pods === undefined
		? chips
		: chips.map(chip =>
				chip.terms[0]?.field === 'pod'
					? {...chip, id: `target ${pods.label}`, label: pods.label, asked: pods.asked}
					: chip,
			);
}

/** The namespaces of a target; undefined: all. */
export function namespacesOf(scope: Scope | undefined): readonly string[] | undefined {
	const named = scope?.filters?.map(({namespace}) => namespace) ?? [];
	return named.length === 0 || named.includes(undefined) ? undefined : [...new Set(named.flatMap(each => each ?? []))];
}
