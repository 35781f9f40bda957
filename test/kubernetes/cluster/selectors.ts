/** Label and field selectors as an API server reads them: enough for what clients ask here. */
import type {KubeObject, Pod} from '../../../source/kubernetes/api/objects.js';

export function matchesSelectors(object: KubeObject, labelSelector: string, fieldSelector: string): boolean {
	return matchesLabels(object.metadata?.labels ?? {}, labelSelector) && matchesFields(object, fieldSelector);
}

function matchesLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
	return selector
		.split(/,(?![^(]*\))/)
		.filter(term => term !== '')
		.every(term => matchesTerm(labels, term.trim()));
}

function matchesTerm(labels: Readonly<Record<string, string>>, term: string): boolean {
	const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(term);
	if (set) {
		const [, key = '', operator, values = ''] = set;
		const inside = values.split(',').includes(labels[key] ?? '\0');
		return operator === 'in' ? inside : !inside;
	}

	const equal = /^([^=!]+)(!=|==?)(.*)$/.exec(term);
	if (equal) {
		const [, key = '', operator, value] = equal;
		return operator === '!=' ? labels[key] !== value : labels[key] === value;
	}

	return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
}

function matchesFields(object: KubeObject, selector: string): boolean {
	return selector
		.split(',')
		.filter(term => term !== '')
		.every(term => {
			const [field, value] = term.split('=');
			const actual = field === 'spec.nodeName' ? (object as Pod).spec?.nodeName : object.metadata?.name;
			return (actual ?? '') === value;
		});
}
