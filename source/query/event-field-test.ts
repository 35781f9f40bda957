/** The tests of fields that are read from the decoded event. What cannot have the field is not decoded. */
import type {FilterRow} from '../store/ring/filter-row.js';
import {isHook} from '../tetragon/event/kinds.js';
import type {Term} from './chip.js';
import {kindOfField} from './field-table.js';
import {rawScreen} from './raw-screen.js';
import {type TextTest, textTest} from './text-test.js';
import {isIn, parseNetwork} from './values/address-test.js';
import {valuesOf} from './values/event-values.js';
import {orderTest} from './values/order-test.js';

function valueTest(term: Term): TextTest {
	const {field, comparison, value} = term;
	const kind = kindOfField(field);
	if (comparison === 'regex') {
		return textTest(term);
	}

	if (kind === 'number' || kind === 'named-number') {
		return orderTest(term);
	}

	const network = kind === 'address' ? parseNetwork(value) : undefined;
	if (network !== undefined) {
		return address => isIn(network, address);
	}

	// `:` finds a part: the letters of a path may not be scattered over it.
	return textTest(comparison === 'fuzzy' ? {value, comparison: 'contains'} : term);
}

/** Whether an event of the kind can have the field. */
function mayHave({field}: Term, kind: FilterRow['kind']): boolean {
	switch (field) {
		case 'user':
			return true;
		case 'sig':
			return kind === 'process_exit' || kind === 'unknown';
		case 'file':
			return isHook(kind) || kind === 'process_loader' || kind === 'unknown';
		default:
			return isHook(kind) || kind === 'unknown';
	}
}

export function eventFieldTest(term: Term): (row: FilterRow) => boolean {
	const {field, comparison, value} = term;
	const test = valueTest(term);
	const isPart = kindOfField(field) === 'part' && comparison !== 'regex';
	const mayHold = isPart ? rawScreen(value, comparison !== 'exact' && value === value.toLowerCase()) : () => true;
	return row => {
		if (!mayHave(term, row.kind)) {
			return false;
		}

		const raw = isPart ? row.raw() : undefined;
		if (raw !== undefined && !mayHold({...raw, isHook: isHook(row.kind)})) {
			return false;
		}

		const event = row.event();
		return event !== undefined && valuesOf(field, event).some(test);
	};
}
