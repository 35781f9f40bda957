/**
JSON shape to protobuf bytes, for requests and for the demo agent's answers. They are rare, so protobufjs does it; it is loaded at
the first call and built from the same table as the decoder.
*/
import {createRequire} from 'node:module';
import type {INamespace, Root, Type} from 'protobufjs';
import {enums, messages} from './schema.js';
import {timestampParts} from './timestamp.js';

type Json = Readonly<Record<string, unknown>>;

let root: Root | undefined;

/** Bytes of `object`, given in snake_case JSON as decode.ts returns it. Names that proto/ does not know are left out. */
export function encodeMessage(typeName: string, object: object): Uint8Array {
	const type = typeOf(typeName);
	return type.encode(type.fromObject(plain(type, object))).finish();
}

/** protobufjs' type for a message of proto/; tests compare its decoder with ours. */
export function typeOf(typeName: string): Type {
	root ??= buildRoot();
	return root.lookupType(typeName.startsWith('google.') ? typeName : `tetragon.${typeName}`);
}

function buildRoot(): Root {
	const protobuf = createRequire(import.meta.url)('protobufjs') as typeof import('protobufjs');
	const nested: Record<string, unknown> = {};
	for (const [name, values] of Object.entries(enums)) {
		const entries = values.split(', ').map(value => value.split(' '));
		place(nested, name, {values: Object.fromEntries(entries.map(([number, text]) => [text, Number(number)]))});
	}

	for (const [name, text] of Object.entries(messages)) {
		place(nested, name, descriptor(text));
	}

	const whole = new protobuf.Root();
	for (const file of ['any', 'duration', 'field_mask', 'struct', 'timestamp', 'wrappers']) {
		whole.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
	}

	whole.addJSON({tetragon: {nested: nested as NonNullable<INamespace['nested']>}});
	whole.resolveAll();
	return whole;
}

function place(nested: Record<string, unknown>, name: string, what: object): void {
	const [outer = '', inner] = name.split('.');
	const holder = (nested[outer] ?? {fields: {}}) as {nested?: Record<string, unknown>};
	if (inner === undefined) {
		nested[outer] = {...what, ...(holder.nested === undefined ? {} : {nested: holder.nested})};
		return;
	}

	nested[outer] = {...holder, nested: {...holder.nested, [inner]: what}};
}

function descriptor(text: string): object {
	const fields: Record<string, unknown> = {};
	const oneofs: Record<string, {oneof: string[]}> = {};
	for (const line of text === '' ? [] : text.split(', ')) {
		const [, id, oneof, name = '', type, label = ''] =
			/^(\d+) (?:(\w+):)?(\w+) ([\w.]+)(\*|\?|%\w+)?$/.exec(line) ?? [];
		if (oneof !== undefined) {
			oneofs[oneof] ??= {oneof: []};
			oneofs[oneof].oneof.push(name);
		}

		fields[name] = {
			id: Number(id),
			type,
			...(label === '*' ? {rule: 'repeated'} : {}),
			...(label.startsWith('%') ? {keyType: label.slice(1)} : {}),
			...(label === '?' ? {options: {proto3_optional: true}} : {}),
		};
	}

	return {fields, oneofs};
}

/** What protobufjs' fromObject does not know of protojson: bare values for wrappers, text for times, numbers for enums. */
function plain(type: Type, object: object): Record<string, unknown> {
	const result: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(object) as Array<[string, unknown]>) {
		const field = type.fields[name];
		if (field === undefined || value === undefined || value === null) {
			continue;
		}

		field.resolve();
		const target = field.resolvedType;
		if (field.map || target === null || !('fields' in target)) {
			result[name] = value;
		} else if (field.repeated) {
			result[name] = (value as unknown[]).map(element => message(target, element));
		} else {
			result[name] = message(target, value);
		}
	}

	return result;
}

function message(type: Type, value: unknown): unknown {
	const name = type.fullName.slice(1);
	if (name === 'google.protobuf.Timestamp') {
		return timestampParts(String(value));
	}

	if (name === 'google.protobuf.FieldMask') {
		return {paths: Array.isArray(value) ? value : String(value).split(',')};
	}

	if (name === 'google.protobuf.Any') {
		return any(value as Json);
	}

	if (/^google\.protobuf\.\w+Value$/.test(name)) {
		return {value};
	}

	return plain(type, value as Json);
}

/** Of what GetInfo carries in an Any: scalars in their wrappers, and lists. */
function any(value: Json): object {
	const url = String(value['@type']);
	const type = typeOf(url.slice(url.lastIndexOf('/') + 1));
	const content = value['value'];
	const object = Array.isArray(content) ? {values: content.map(jsonValue)} : {value: content};
	return {type_url: url, value: type.encode(type.fromObject(object)).finish()};
}

function jsonValue(value: unknown): object {
	if (Array.isArray(value)) {
		return {listValue: {values: value.map(jsonValue)}};
	}

	return typeof value === 'string'
		? {stringValue: value}
		: typeof value === 'boolean'
			? {boolValue: value}
			: {numberValue: Number(value)};
}
