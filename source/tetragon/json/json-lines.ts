/**
Events as JSON lines: Tetragon's export log and `tetra getevents -o json`, or any other writer of protojson. All become the one
shape of event.ts, so that no reader of an Event must check its types.
*/
import type {Event} from '../event/event.js';
import {type Field, type Message, messageOf} from '../wire/schema-table.js';
import {isCanonical} from './canonical.js';
import {define, fieldFrom, messageFrom, type Notes, objectOf} from './from-json.js';
import {Mistake, Rounded, shown} from './mistake.js';
import {deepest, isTooDeep} from './nesting.js';

type Json = Readonly<Record<string, unknown>>;

/** A line that is no event. `why`: one clause, with foreign text in it, which is cut but not safe. */
export class BadLine {
	readonly why: string;

	constructor(why: string) {
		this.why = why;
	}
}

const envelope = messageOf('GetEventsResponse');

/** Of all cases by name; where two differ in a type, that of the first. */
const sharedMembers: ReadonlyMap<string, Field> = new Map(
	envelope.fields
		.filter(field => field.oneof !== undefined)
		.flatMap(field => field.message().fields)
		.reverse()
		.map(field => [field.name, field]),
);

const processMembers = new Map([...sharedMembers].filter(([name]) => /^(process|parent|ancestors)$/.test(name)));

/** In a longer line the brackets are counted before it is parsed, as the parser's memory grows with their depth. */
const longLine = 16 * 1024;

const tooDeep = new BadLine(`it is nested deeper than ${deepest}`);

/** The event of a line, or why it is none. Never throws. */
export function readLine(line: string | Uint8Array): Event | BadLine {
	const whole = typeof line === 'string' ? line : text(line);
	// A file that an editor has saved may begin with a byte order mark.
	const json = whole.startsWith('\ufeff') ? whole.slice(1) : whole;
	if (json.length > longLine && isTooDeep(json)) {
		return tooDeep;
	}

	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch (error) {
		return new BadLine(whyNoJson(json, error));
	}

	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return new BadLine(`it is ${shown(value)}, not an object`);
	}

	return isCanonical(value as Json, envelope) ? (value as Event) : converted(value as Json, json);
}

/** The event of a line; undefined: it is none. */
export function parseLine(line: string | Uint8Array): Event | undefined {
	const event = readLine(line);
	return event instanceof BadLine ? undefined : event;
}

/** A parsed value as a message of proto/; undefined: it is none. */
export function messageOfJson<Shape>(typeName: string, value: unknown): Shape | undefined {
	try {
		return messageFrom(objectOf(value, typeName), messageOf(typeName), '', {badTimes: []}) as Shape;
	} catch {
		return undefined;
	}
}

function text(line: Uint8Array): string {
	return Buffer.isBuffer(line)
		? line.utf8Slice(0, line.length)
		: Buffer.from(line.buffer, line.byteOffset, line.length).toString();
}

/** V8 words this in its own way, and with parts of the line. */
function whyNoJson(json: string, error: unknown): string {
	const message = error instanceof Error ? error.message : '';
	return /end of JSON|Unterminated|end of input|EOF/i.test(message) && json.trim() !== ''
		? 'it is cut off'
		: 'it is not JSON';
}

function converted(value: Json, json: string): Event | BadLine {
	if (isTooDeep(json)) {
		return tooDeep;
	}

	try {
		return eventFrom(value);
	} catch (error) {
		if (error instanceof Rounded) {
			return fromDigits(json, error);
		}

		if (error instanceof Mistake) {
			return new BadLine(error.message);
		}

		throw error;
	}
}

/** Reads the line again with its large numbers as texts: JSON.parse has rounded them. */
function fromDigits(json: string, {message}: Rounded): Event | BadLine {
	type Context = {readonly source?: string};

	function reviver(_key: string, member: unknown, context?: Context): unknown {
		return typeof member === 'number' && !Number.isSafeInteger(member) ? (context?.source ?? String(member)) : member;
	}

	try {
		return eventFrom(JSON.parse(json, reviver as Parameters<typeof JSON.parse>[1]) as Json);
	} catch (error) {
		return new BadLine(error instanceof Mistake ? error.message : `${message} is a number that is too large`);
	}
}

function eventFrom(source: Json): Event {
	const notes: Notes = {badTimes: []};
	const event = messageFrom(source, envelope, '', notes);
	for (const [name, value] of Object.entries(event)) {
		const field = envelope.byName.get(name);
		if (field === undefined ? !name.startsWith('$') : field.oneof !== undefined) {
			define(event, name, withSharedMembers(value, name, field?.message(), notes));
		}
	}

	// Only the decoder of protobuf makes it.
	delete event['$carried'];
	keepOwn(event, '$unknown', 'number');
	keepOwn(event, '$badTimes', 'string');
	if (notes.badTimes.length > 0) {
		event['$badTimes'] = [...((event['$badTimes'] ?? []) as string[]), ...notes.badTimes];
	}

	return event as Event;
}

/** Members that tetratop itself adds to an event; a line may bring them, or something else of the same name. */
function keepOwn(event: Record<string, unknown>, name: string, type: 'number' | 'string'): void {
	const value = event[name];
	// A new name of a newer agent starts with a letter, so nothing is lost here.
	if (value !== undefined && !(Array.isArray(value) && value.every(element => typeof element === type))) {
		delete event[name];
	}
}

/**
The members that readers expect in any case, in one where proto/ does not have them: what they hold is of the type that readers
expect, or the line is no event. Of a case that only a newer agent knows these are its processes alone.
*/
function withSharedMembers(value: unknown, name: string, message: Message | undefined, notes: Notes): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return value;
	}

	const body: Record<string, unknown> = {...value};
	for (const [member, field] of message === undefined ? processMembers : sharedMembers) {
		if (message?.byName.has(member) || body[member] === undefined) {
			continue;
		}

		const made = fieldFrom(body[member], field, `${name}.${member}`, notes);
		if (made === undefined) {
			delete body[member];
		} else {
			body[member] = made;
		}
	}

	return body;
}
