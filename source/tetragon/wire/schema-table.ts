/** schema.ts as tables for the readers: one Message per type, compiled at the first use. */

import {table} from '../../runtime/table.js';
import {oldFields, oldValues} from './old-names.js';
import {enums, messages} from './schema.js';

/** How a field's value lies on the wire and what it becomes in JSON. */
export type FieldKind =
	| 'string'
	| 'bytes'
	| 'bool'
	| 'int32'
	| 'uint32'
	| 'int64'
	| 'uint64'
	| 'enum'
	| 'message'
	| 'map'
	/** google.protobuf.*Value: a message of one field, in JSON the bare value. */
	| 'wrapper'
	| 'timestamp'
	| 'duration'
	| 'field-mask'
	| 'any'
	/** Known, and not part of this view. */
	| 'skip';

export type Field = {
	readonly number: number;
	readonly name: string;
	readonly camelName: string;
	/** `,"name":`, the JSON before the value. */
	readonly prefix: string;
	/** The same in bytes. */
	readonly prefixBytes: Uint8Array;
	/** Place in proto/, which is the order of keys in protojson. */
	readonly index: number;
	readonly kind: FieldKind;
	readonly repeated: boolean;
	/** Written even when zero: proto3 `optional`, and every case of a oneof. */
	readonly explicit: boolean;
	readonly oneof: string | undefined;
	/** Of a wrapper: what it wraps; of a map: the kind of its values. */
	readonly inner: FieldKind;
	readonly typeName: string;
	/** Of kind message; a getter in effect, as types may name each other. */
	readonly message: () => Message;
	readonly enumNames: ReadonlyMap<number, string>;
	/** Of an enum: the name of 0, and old names with the new ones. */
	readonly zeroName: string | undefined;
	readonly aliases: Readonly<Record<string, string>> | undefined;
};

export type Message = {
	readonly name: string;
	readonly fields: readonly Field[];
	/** By number, for the numbers below 48, nearly all; the others are in `beyond`. See fieldNumbered. */
	readonly near: ReadonlyArray<Field | undefined>;
	readonly beyond: ReadonlyMap<number, Field>;
	readonly byName: ReadonlyMap<string, Field>;
	/** By each name that JSON may have: that of proto/, camelCase, and the old one of both. */
	readonly byJsonName: ReadonlyMap<string, Field>;
	/** Field names of each oneof. */
	readonly oneofs: ReadonlyMap<string, readonly string[]>;
};

/** The fields to read, by JSON name; `true` is a field with all that is in it. */
export type View = {readonly [name: string]: true | View};

const scalars = new Set<string>(['string', 'bytes', 'bool', 'int32', 'uint32', 'int64', 'uint64']);
const wrapped: Readonly<Record<string, FieldKind>> = table<FieldKind>({
	'google.protobuf.StringValue': 'string',
	'google.protobuf.BytesValue': 'bytes',
	'google.protobuf.BoolValue': 'bool',
	'google.protobuf.Int32Value': 'int32',
	'google.protobuf.UInt32Value': 'uint32',
	'google.protobuf.Int64Value': 'int64',
	'google.protobuf.UInt64Value': 'uint64',
});
const wellKnown: Readonly<Record<string, FieldKind>> = table<FieldKind>({
	'google.protobuf.Timestamp': 'timestamp',
	'google.protobuf.Duration': 'duration',
	'google.protobuf.FieldMask': 'field-mask',
	'google.protobuf.Any': 'any',
});

const nearLimit = 48;

export function fieldNumbered(message: Message, number: number): Field | undefined {
	return number < nearLimit ? message.near[number] : message.beyond.get(number);
}

const compiled = new Map<string, Message>();
const compiledEnums = new Map<string, EnumTable>();

type EnumTable = {readonly names: ReadonlyMap<number, string>; readonly numbers: ReadonlyMap<string, number>};

export function messageOf(name: string): Message {
	let message = compiled.get(name);
	if (message === undefined) {
		message = compile(name);
		compiled.set(name, message);
	}

	return message;
}

/** The same message, of which a walker reads only what the view names. */
export function viewOf(name: string, view: View): Message {
	return compile(name, view);
}

function compile(name: string, view?: View): Message {
	const text = messages[name];
	if (text === undefined) {
		throw new Error(`proto/ has no message ${name}`);
	}

	const fields = text === '' ? [] : text.split(', ').map((line, index) => compileField(line, index, view));
	const near: Array<Field | undefined> = Array.from({length: nearLimit});
	const beyond = new Map<number, Field>();
	const oneofs = new Map<string, string[]>();
	for (const field of fields) {
		if (field.number < nearLimit) {
			near[field.number] = field;
		} else {
			beyond.set(field.number, field);
		}

		if (field.oneof !== undefined) {
			oneofs.set(field.oneof, [...(oneofs.get(field.oneof) ?? []), field.name]);
		}
	}

	return {
		name,
		fields,
		near,
		beyond,
		byName: new Map(fields.map(field => [field.name, field])),
		byJsonName: jsonNames(name, fields),
		oneofs,
	};
}

function jsonNames(message: string, fields: readonly Field[]): ReadonlyMap<string, Field> {
	const names = new Map(fields.flatMap(field => [[field.camelName, field] as const, [field.name, field] as const]));
	for (const [old, name] of Object.entries(oldFields[message] ?? {})) {
		const field = names.get(name);
		if (field !== undefined) {
			names.set(old, field);
		}
	}

	return names;
}

const linePattern = /^(\d+) (?:(\w+):)?(\w+) ([\w.]+)(\*|\?|%\w+)?$/;

function compileField(line: string, index: number, view: View | undefined): Field {
	const match = linePattern.exec(line);
	if (match === null) {
		throw new Error(`schema.ts: cannot read "${line}"`);
	}

	const [, number, oneof, cut = '', typeName = '', label = ''] = match;
	const name = shared(cut);
	const part = view === undefined ? true : view[name];
	const map = label.startsWith('%');
	const valueKind = kindOfType(typeName);
	let resolved: Message | undefined;
	return {
		number: Number(number),
		name,
		prefix: `,"${name}":`,
		prefixBytes: new TextEncoder().encode(`,"${name}":`),
		camelName: name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
		index,
		kind: part === undefined ? 'skip' : map ? 'map' : valueKind,
		repeated: label === '*',
		explicit: oneof !== undefined || label === '?',
		oneof,
		inner: map ? valueKind : (wrapped[typeName] ?? 'skip'),
		typeName,
		message() {
			resolved ??= part === true || part === undefined ? messageOf(typeName) : viewOf(typeName, part);
			return resolved;
		},
		enumNames: enums[typeName] === undefined ? new Map() : enumTable(typeName).names,
		zeroName: enums[typeName] === undefined ? undefined : enumTable(typeName).names.get(0),
		aliases: oldValues[typeName],
	};
}

/** The one copy that V8 has of the name of a property: the keys of parsed JSON equal it by their address. */
function shared(name: string): string {
	return Object.keys({[name]: true})[0] ?? name;
}

function kindOfType(typeName: string): FieldKind {
	if (scalars.has(typeName)) {
		return typeName as FieldKind;
	}

	if (wrapped[typeName] !== undefined) {
		return 'wrapper';
	}

	return wellKnown[typeName] ?? (enums[typeName] === undefined ? 'message' : 'enum');
}

function enumTable(name: string): EnumTable {
	let table = compiledEnums.get(name);
	if (table === undefined) {
		const values = (enums[name] ?? '').split(', ').map((value): [number, string] => {
			const space = value.indexOf(' ');
			return [Number(value.slice(0, space)), value.slice(space + 1)];
		});
		const names = new Map<number, string>();
		for (const [number, text] of values) {
			if (!names.has(number)) {
				names.set(number, text);
			}
		}

		const numbers = new Map(values.map(([number, text]) => [text, number]));
		for (const [old, text] of Object.entries(oldValues[name] ?? {})) {
			numbers.set(old, numbers.get(text) ?? 0);
		}

		table = {names, numbers};
		compiledEnums.set(name, table);
	}

	return table;
}

/** The number of an enum value in JSON, which is a name or a number; 0 for an unknown name. */
export function enumNumber(name: string, value: unknown): number {
	return typeof value === 'number' ? value : typeof value === 'string' ? (enumTable(name).numbers.get(value) ?? 0) : 0;
}
