/**
Events as JSON lines: Tetragon's export log and `tetra getevents -o json` (snake_case), or any other protojson writer
(camelCase). Both become the one shape of event.ts; fields that proto/ does not know are kept as they came.
*/
import type {Event} from '../event/event.js';
import {type Field, type Message, messageOf} from '../wire/schema-table.js';

type Json = Record<string, unknown>;

const envelope = messageOf('GetEventsResponse');
/** Top-level names that only camelCase has: one of them in a line, and the whole line is renamed. */
const camelNames = new Map<string, Field>(
	envelope.fields.filter(field => field.camelName !== field.name).map(field => [field.camelName, field]),
);

/** `undefined`: not a JSON object. A writer's own fields and spaces after commas are fine. */
export function parseLine(line: string | Uint8Array): Event | undefined {
	const value = parsed(typeof line === 'string' ? line : text(line));

	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return undefined;
	}

	const object = value as Json;
	let hasEmpty = false;
	for (const key in object) {
		if (camelNames.has(key)) {
			return withoutEmpty(renamed(object, envelope)) as Event;
		}

		const member = object[key];
		hasEmpty ||= member === null || (typeof member !== 'object' && key !== 'time' && key !== 'node_name');
	}

	return (hasEmpty ? withoutEmpty(object) : object) as Event;
}

/** A file that an editor has saved may begin with a byte order mark. */
function parsed(line: string): unknown {
	try {
		return JSON.parse(line.startsWith('\ufeff') ? line.slice(1) : line);
	} catch {
		return undefined;
	}
}

/** protojson treats null as absent, and every case of the event is an object: other values are removed, so that no reader must check. */
function withoutEmpty(event: Json): Json {
	for (const key in event) {
		const value = event[key];
		if (value === null || (typeof value !== 'object' && envelope.byName.get(key)?.oneof !== undefined)) {
			delete event[key];
		}
	}

	return event;
}

function text(line: Uint8Array): string {
	return Buffer.isBuffer(line)
		? line.utf8Slice(0, line.length)
		: Buffer.from(line.buffer, line.byteOffset, line.length).toString();
}

/** Only the names that proto/ has under this message are changed: labels and other map keys are data. */
function renamed(source: Json, message: Message): Json {
	const target: Json = {};
	for (const [key, value] of Object.entries(source)) {
		const field = fieldOf(message, key);
		if (field === undefined) {
			define(target, key, value);
		} else {
			target[field.name] = field.kind === 'message' ? renamedValue(value, field.message()) : value;
		}
	}

	return target;
}

function renamedValue(value: unknown, message: Message): unknown {
	if (Array.isArray(value)) {
		return value.map(element => renamedValue(element, message));
	}

	return typeof value === 'object' && value !== null ? renamed(value as Json, message) : value;
}

const byCamelName = new Map<Message, Map<string, Field>>();

function fieldOf(message: Message, key: string): Field | undefined {
	const field = message.byName.get(key);
	if (field !== undefined) {
		return field;
	}

	let names = byCamelName.get(message);
	if (names === undefined) {
		names = new Map(message.fields.map(each => [each.camelName, each]));
		byCamelName.set(message, names);
	}

	return names.get(key);
}

function define(target: Json, key: string, value: unknown): void {
	Object.defineProperty(target, key, {value, enumerable: true, configurable: true, writable: true});
}
