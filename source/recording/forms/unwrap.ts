/**
Finds the events in a value: in a text, below keys, in lists. An event is never looked into: what a process has in its arguments
is no event. The same event twice in one envelope (Fluent Bit's `log` and `log_processed`) is one.
*/
import type {Event} from '../../tetragon/event/event.js';
import {isEventShape} from '../../tetragon/json/event-shape.js';
import {BadLine, readLine} from '../../tetragon/json/json-lines.js';
import {isTooDeep} from '../../tetragon/json/nesting.js';
import {type Chain, type Json, originOf} from './envelope.js';
import {prefixOf} from './prefix.js';

export type Found = {
	/** The event as a JSON line. */
	readonly line: Buffer;
	readonly event: Event;
};

/** A text of the envelope that begins or goes on with a part of an event. */
export type Part = {readonly path: string; readonly text: string; readonly chain: Chain};

export type Unwrapped = {
	readonly found: Found[];
	/** Of objects that look like an event and are none. */
	readonly bad: string[];
	/** Texts that begin like an object and end within it. */
	readonly parts: Part[];
};

const deepestEnvelope = 24;
const longestText = 10 * 1024 * 1024;
/** More digits than a number of JavaScript holds. */
const longNumber = /[:\s[,]-?\d{16,}/;

/** The value of a JSON text, whose large numbers are texts; undefined: it is none. */
export function parsed(text: string): unknown {
	if (text.length > longestText || isTooDeep(text)) {
		return undefined;
	}

	try {
		return longNumber.test(text) ? JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) : JSON.parse(text);
	} catch {
		return undefined;
	}
}

function keepDigits(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
	return typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value)
		? (context?.source ?? String(value))
		: value;
}

export function unwrap(value: unknown, chain: Chain): Unwrapped {
	const into: Unwrapped = {found: [], bad: [], parts: []};
	find(value, chain, '', into);
	return into;
}

/** The event of a text, with what its envelope says. */
export function completed(text: string, chain: Chain): Found | BadLine {
	const event = readLine(text);
	if (event instanceof BadLine) {
		return event;
	}

	const isWhole = chain.length === 0 || (event.node_name !== undefined && event.time !== undefined);
	if (isWhole || event.$badTimes !== undefined) {
		return {line: Buffer.from(text), event};
	}

	const {node, pod, time} = originOf(chain);
	const added = {
		...event,
		...(event.node_name === undefined && (node ?? pod) !== undefined ? {node_name: node ?? pod} : {}),
		...(event.time === undefined && time !== undefined ? {time} : {}),
	};
	const line = JSON.stringify(added);
	const again = readLine(line);
	return again instanceof BadLine ? {line: Buffer.from(text), event} : {line: Buffer.from(line), event: again};
}

function find(value: unknown, chain: Chain, path: string, into: Unwrapped): void {
	if (chain.length > deepestEnvelope) {
		return;
	}

	if (typeof value === 'string') {
		findInText(value, chain, path, into);
	} else if (Array.isArray(value)) {
		findInList(value, chain, path, into);
	} else if (typeof value === 'object' && value !== null) {
		findInObject(value as Json, chain, path, into);
	}
}

function findInText(value: string, chain: Chain, path: string, into: Unwrapped): void {
	const text = value.trim();
	const first = text.charCodeAt(0);
	if (first === 0x7b || first === 0x5b || first === 0x22) {
		const inner = parsed(text);
		if (inner !== undefined) {
			take(inner, text, chain, path, into);
		} else if (first === 0x7b) {
			into.parts.push({path, text: value, chain});
		}

		return;
	}

	const prefixed = text.includes('{') ? prefixOf(text) : undefined;
	const inner = prefixed === undefined ? undefined : parsed(prefixed.rest);
	if (prefixed !== undefined && inner !== undefined) {
		take(inner, prefixed.rest, [...chain, prefixed.envelope], path, into);
	}
}

/** A value whose text is known: the line of an event stays as it was written. */
function take(value: unknown, text: string, chain: Chain, path: string, into: Unwrapped): void {
	if (typeof value === 'object' && value !== null && !Array.isArray(value) && isEventShape(value as Json)) {
		give(text, chain, into);
	} else {
		find(value, [...chain, {}], path, into);
	}
}

function give(text: string, chain: Chain, into: Unwrapped): void {
	const made = completed(text, chain);
	if (made instanceof BadLine) {
		into.bad.push(made.why);
	} else {
		into.found.push(made);
	}
}

function findInList(list: readonly unknown[], chain: Chain, path: string, into: Unwrapped): void {
	// journald writes a text with bytes that are no UTF-8 as numbers.
	if (list.length > 20 && list.every(one => typeof one === 'number' && one >= 0 && one < 256)) {
		findInText(Buffer.from(list as number[]).toString(), chain, path, into);
		return;
	}

	for (const one of list) {
		find(one, [...chain, list], `${path}[]`, into);
	}
}

function findInObject(object: Json, chain: Chain, path: string, into: Unwrapped): void {
	if (isEventShape(object)) {
		give(JSON.stringify(object), chain, into);
		return;
	}

	const values = keyValues(object);
	if (values !== undefined) {
		find(values, chain, path, into);
		return;
	}

	const inner = [...chain, object];
	const start = into.found.length;
	for (const key of Object.keys(object)) {
		const before = into.found.length;
		find(object[key], inner, `${path}.${key}`, into);
		dropRepeated(into.found, start, before);
	}
}

/** Removes from `before` on what is there from `start` on already. */
function dropRepeated(found: Found[], start: number, before: number): void {
	if (before === start || before === found.length) {
		return;
	}

	const known = new Set(found.slice(start, before).map(({event}) => JSON.stringify(event)));
	const added = found.splice(before).filter(({event}) => !known.has(JSON.stringify(event)));
	found.push(...added);
}

/** OpenTelemetry writes an object as a list of keys and values. */
function keyValues(object: Json): unknown {
	const list = (object['kvlistValue'] as Json | undefined)?.['values'];
	return Array.isArray(list) ? plainValue(object, 0) : undefined;
}

const scalars = ['stringValue', 'boolValue', 'doubleValue', 'intValue', 'bytesValue'];

function plainValue(value: unknown, depth: number): unknown {
	if (typeof value !== 'object' || value === null || depth > deepestEnvelope) {
		return undefined;
	}

	const one = value as {
		kvlistValue?: {values?: ReadonlyArray<{key?: unknown; value?: unknown}>};
		arrayValue?: {values?: readonly unknown[]};
	} & Json;
	if (Array.isArray(one.kvlistValue?.values)) {
		return Object.fromEntries(
			one.kvlistValue.values.map(each => [String(each?.key), plainValue(each?.value, depth + 1)]),
		);
	}

	if (Array.isArray(one.arrayValue?.values)) {
		return one.arrayValue.values.map(each => plainValue(each, depth + 1));
	}

	return scalars.map(name => one[name]).find(scalar => scalar !== undefined);
}
