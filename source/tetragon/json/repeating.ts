/** The parts of events whose JSON is kept. */
import type {Field} from '../wire/schema-table.js';
import {ByteCache} from './byte-cache.js';

type Escape = (json: string) => string;

/** Capabilities, namespaces and parents are the same in event after event, and are half of its bytes. */
const repeating = new Set(['Capabilities', 'Namespaces', 'ProcessCredentials']);
const repeatingFields = new Set(['parent', 'ancestors']);
const isRepeatingField = new Map<Field, boolean>();
export function isRepeating(field: Field): boolean {
	let known = isRepeatingField.get(field);
	if (known === undefined) {
		known = repeating.has(field.typeName) || repeatingFields.has(field.name);
		isRepeatingField.set(field, known);
	}

	return known;
}

/** By what becomes of a text. */
const caches = new Map<Escape, ByteCache>();

export function cacheOf(inText: Escape): ByteCache {
	let cache = caches.get(inText);
	if (cache === undefined) {
		cache = new ByteCache();
		caches.set(inText, cache);
	}

	return cache;
}
