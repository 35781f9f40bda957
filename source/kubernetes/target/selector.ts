import type {LabelSelector} from '../api/objects.js';

/** A workload's selector as a query parameter: `app=x,tier in (a,b),!old`; '': it has none. */
export function selectorText(selector: LabelSelector | undefined): string {
	const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
	const others = (selector?.matchExpressions ?? []).map(({key = '', operator, values = []}) => {
		switch (operator) {
			case 'In':
				return `${key} in (${values.join(',')})`;
			case 'NotIn':
				return `${key} notin (${values.join(',')})`;
			case 'DoesNotExist':
				return `!${key}`;
			default:
				return key;
		}
	});
	return [...equal, ...others].join(',');
}
