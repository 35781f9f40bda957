/**
A parsed line of any writer of protojson to the Event, by the table of proto/: null is absent, numbers are texts or numbers,
enums names or numbers, names snake_case or camelCase, times of any offset. Fields that proto/ does not have are kept as they
came, after the others. Recursion goes by the messages of proto/, which are no deeper than a few, never by the line.
*/

import type {Field, Message} from '../wire/schema-table.js';
import {Mistake, shown} from './mistake.js';
import {base64Of, boolOf, enumOf, integerOf, longOf, stringOf} from './scalars.js';
import {canonicalTime} from './time-text.js';

type Json = Readonly<Record<string, unknown>>;
type Draft = Record<string, unknown>;

/** What is noted on the way: texts in the place of a time that are none. */
export type Notes = {badTimes: string[]};

/** Throws a Mistake that names the place, or Rounded. `place`: '' for the whole event, else where the message is. */
export function messageFrom(source: Json, message: Message, place: string, notes: Notes): Draft {
	const {found, others} = keysOf(source, message, place);
	const made: Draft = {};
	const cases = new Map<string, string>();
	for (const field of message.fields) {
		const key = found.get(field);
		const value = key === undefined ? undefined : fieldFrom(source[key], field, below(place, field.name), notes);
		if (value === undefined) {
			continue;
		}

		if (field.oneof !== undefined) {
			const other = cases.get(field.oneof);
			if (other !== undefined) {
				throw new Mistake(`${below(place, field.name)} is set beside ${other}, and only one of them may be`);
			}

			cases.set(field.oneof, field.name);
		}

		made[field.name] = value;
	}

	for (const key of others) {
		define(made, key, source[key]);
	}

	return made;
}

/** The key of each field that the object has, and the keys that are of no field. */
function keysOf(
	source: Json,
	message: Message,
	place: string,
): {readonly found: ReadonlyMap<Field, string>; readonly others: readonly string[]} {
	const found = new Map<Field, string>();
	const others: string[] = [];
	for (const key of Object.keys(source)) {
		const field = message.byJsonName.get(key);
		if (field === undefined) {
			others.push(key);
		} else if (found.has(field)) {
			throw new Mistake(`${below(place, field.name)} is there twice, as ${found.get(field)} and as ${key}`);
		} else {
			found.set(field, key);
		}
	}

	return {found, others};
}

function below(place: string, name: string): string {
	return place === '' ? name : `${place}.${name}`;
}

/** A key of the line may be `__proto__`. */
export function define(target: Draft, key: string, value: unknown): void {
	Object.defineProperty(target, key, {value, enumerable: true, configurable: true, writable: true});
}

/** undefined: absent, or a zero that JSON leaves out. */
export function fieldFrom(value: unknown, field: Field, place: string, notes: Notes): unknown {
	if (value === null || value === undefined) {
		return undefined;
	}

	if (field.kind === 'map') {
		return mapFrom(value, field, place);
	}

	if (field.repeated) {
		if (!Array.isArray(value)) {
			throw new Mistake(`${place} is ${shown(value)}, not a list`);
		}

		return value.length === 0
			? undefined
			: value.map((element, index) => oneFrom(element, field, field.kind, `${place}[${index}]`, notes));
	}

	const made = oneFrom(value, field, field.kind, place, notes);
	return field.explicit || !isZero(made, field) ? made : undefined;
}

function isZero(value: unknown, {kind, zeroName}: Field): boolean {
	if (kind === 'wrapper') {
		return false;
	}

	return value === '' || value === 0 || value === false || (kind.endsWith('64') && value === '0') || value === zeroName;
}

function oneFrom(value: unknown, field: Field, kind: Field['kind'], place: string, notes: Notes): unknown {
	switch (kind) {
		case 'string': {
			return stringOf(value, place);
		}

		case 'bytes': {
			return base64Of(value, place);
		}

		case 'bool': {
			return boolOf(value, place);
		}

		case 'int32':
		case 'uint32': {
			return integerOf(value, kind, place);
		}

		case 'int64':
		case 'uint64': {
			return longOf(value, kind, place);
		}

		case 'enum': {
			return enumOf(value, field, place);
		}

		case 'wrapper': {
			return oneFrom(value, field, field.inner, place, notes);
		}

		case 'timestamp': {
			return timeFrom(value, place, notes);
		}

		case 'message': {
			return messageFrom(objectOf(value, place), field.message(), place, notes);
		}

		default: {
			// Of events none has a Duration, a FieldMask or an Any.
			return value;
		}
	}
}

export function objectOf(value: unknown, place: string): Json {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Mistake(`${place} is ${shown(value)}, not an object`);
	}

	return value as Json;
}

/** A text or number that is no time leaves the event without this time: the rest of it is worth more than its clock. */
function timeFrom(value: unknown, place: string, notes: Notes): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw new Mistake(`${place} is ${shown(value)}, not a time`);
	}

	const time = typeof value === 'string' ? canonicalTime(value) : undefined;
	if (time === undefined) {
		notes.badTimes.push(`${place} ${shown(value)}`);
	}

	return time;
}

function mapFrom(value: unknown, field: Field, place: string): Draft | undefined {
	const source = objectOf(value, place);
	const made: Draft = {};
	const keys = Object.keys(source).sort(byUnits);
	for (const key of keys) {
		const inner = source[key];
		// Every map of an event has texts; refcnt_ops of the process cache has numbers.
		define(
			made,
			key,
			field.inner === 'string' ? stringOf(inner, `${place}.${key}`) : integerOf(inner, 'int32', `${place}.${key}`),
		);
	}

	return keys.length === 0 ? undefined : made;
}

function byUnits(first: string, second: string): number {
	return first < second ? -1 : 1;
}
