/** Says in words why a term has no meaning: a mistake is named while it is typed. */
import {killFilters, killStatesNamed} from '../store/enforcement-states.js';
import type {Term} from './chip.js';
import {type Field, kindOfField} from './field-table.js';
import {compileRegex} from './regex.js';
import {parseInstant, parseRange} from './time-range.js';
import {parseNetwork} from './values/address-test.js';
import {errorNumber} from './values/errno.js';

const checks: Readonly<Partial<Record<Field, (term: Term) => string | undefined>>> = {
	kill: ({value}) =>
		killStatesNamed(value).length === 0
			? `"${value}" is no state of an enforcement: ${killFilters.join(' ')}`
			: undefined,
	exec: ({value}) => (/^(?:y|yes|n|no)$/i.test(value) ? undefined : `exec is yes or no, not "${value}"`),
	t: timeFault,
	l: labelFault,
};

/** undefined: it can be asked. */
export function faultOf(term: Term): string | undefined {
	const {field, comparison, value} = term;
	if (comparison === 'regex' && field !== 'l') {
		const compiled = compileRegex(value);
		return typeof compiled === 'string' ? `"${value}" is not a regular expression: ${compiled}` : undefined;
	}

	switch (kindOfField(field)) {
		case 'number':
			return /^\d{1,10}$/.test(value) ? undefined : `${field} is a number, not "${value}"`;
		case 'named-number':
			return /^-?\d{1,19}$/.test(value) || errorNumber(value) !== undefined
				? undefined
				: `${field} is a number or the name of an error as EACCES, not "${value}"`;
		case 'address':
			return value.includes('/') && parseNetwork(value) === undefined
				? `"${value}" is not a network: ${field}:10.0.0.0/8 or ${field}:fd00::/8`
				: undefined;
		default:
			return checks[field]?.(term);
	}
}

function timeFault({comparison, value}: Term): string | undefined {
	const isOrder = /^[<>]/.test(comparison);
	return (isOrder ? parseInstant(value) : parseRange(value)) === undefined
		? `"${value}" is not a time: t:12:03, t:12:03:40-12:04:10, t:12:03-, t:-12:05, t:-5m or t:>2026-11-28T12:04`
		: undefined;
}

function labelFault({value}: Term): string | undefined {
	const labelRegex = /^[^=~]+~(.*)$/s.exec(value)?.[1];
	if (labelRegex !== undefined && typeof compileRegex(labelRegex) === 'string') {
		return `"${labelRegex}" is not a regular expression`;
	}

	return /^[=~]/.test(value) ? 'a label has a name: l:app=api' : undefined;
}
