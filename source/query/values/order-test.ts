/** Numbers compared: equal, or by < and >. */
import type {Term} from '../chip.js';
import {errorNumber} from './errno.js';

const orders: Readonly<Partial<Record<Term['comparison'], (value: bigint, bound: bigint) => boolean>>> = {
	'<': (value, bound) => value < bound,
	'<=': (value, bound) => value <= bound,
	'>': (value, bound) => value > bound,
	'>=': (value, bound) => value >= bound,
};

function numberOf(text: string): bigint | undefined {
	return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

/** Of a number written as text; what is no number passes none. The name of an error is its negative number. */
export function orderTest({comparison, value}: Pick<Term, 'comparison' | 'value'>): (text: string) => boolean {
	const error = errorNumber(value);
	const bound = error === undefined ? numberOf(value) : BigInt(-error);
	const compare = orders[comparison] ?? ((number: bigint, wanted: bigint) => number === wanted);
	return text => {
		const number = numberOf(text);
		return number !== undefined && bound !== undefined && compare(number, bound);
	};
}
