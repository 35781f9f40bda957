/** The values that a field of the filter compares, read from a decoded event. */
import {argumentText, pathOf} from '../../tetragon/describe/argument-text.js';
import {type Argument, bodyOf, type Event, type EventBody} from '../../tetragon/event/event.js';
import type {Field} from '../field-table.js';
import {errorName} from './errno.js';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function argumentsIn({args, data}: EventBody): readonly Argument[] {
	return [args, data].flatMap(list => (Array.isArray(list) ? list.filter(isObject) : []));
}

function texts(...values: readonly unknown[]): string[] {
	return values.filter(value => typeof value === 'string' && value !== '') as string[];
}

/** The paths of files, and arguments that look like a path: a call gets the name before the kernel has a file. */
function files(body: EventBody): string[] {
	return [
		...texts(body['path']),
		...argumentsIn(body).flatMap(argument => {
			const text = argument['string_arg'];
			const unix = argument['sockaddrun_arg'];
			return texts(
				pathOf(argument),
				typeof text === 'string' && text.includes('/') ? text : undefined,
				isObject(unix) ? unix['path'] : undefined,
			);
		}),
	];
}

type End = {readonly address: unknown; readonly port: unknown};

function ends(argument: Argument): {readonly sender?: End; readonly target?: End} {
	const flow = argument['sock_arg'] ?? argument['skb_arg'];
	if (isObject(flow)) {
		return {
			sender: {address: flow['saddr'], port: flow['sport']},
			target: {address: flow['daddr'], port: flow['dport']},
		};
	}

	const address = argument['sockaddr_arg'];
	return isObject(address) ? {target: {address: address['addr'], port: address['port']}} : {};
}

function addresses(body: EventBody, which: 'sender' | 'target'): string[] {
	return argumentsIn(body).flatMap(argument => texts(ends(argument)[which]?.address));
}

function ports(body: EventBody): string[] {
	return argumentsIn(body)
		.flatMap(argument => Object.values(ends(argument)))
		.flatMap(({port}) => (port === undefined ? [] : [String(port)]));
}

/** The number, and the name of the error that it is. A value without a sign that is negative as a signed one is an error, too. */
function returned({return: result}: EventBody): string[] {
	if (!isObject(result) || Object.keys(result).length === 0) {
		return [];
	}

	const text = argumentText({...result, label: ''});
	if (!/^-?\d{1,20}$/.test(text)) {
		return [text];
	}

	const signed = BigInt.asIntN(64, BigInt(text));
	const name = signed < 0n ? errorName(Number(-signed)) : undefined;
	return [String(signed), ...(name === undefined ? [] : [name])];
}

const readers: Readonly<Partial<Record<Field, (body: EventBody) => readonly string[]>>> = {
	file: files,
	dst: body => addresses(body, 'target'),
	src: body => addresses(body, 'sender'),
	port: ports,
	msg: ({message}) => texts(message),
	tag: ({tags}) => (Array.isArray(tags) ? texts(...tags) : []),
	sig: ({signal}) => texts(signal).flatMap(name => [name, name.replace(/^SIG/, '')]),
	ret: returned,
	user: ({process}) => (isObject(process?.user) ? texts(process.user['name']) : []),
};

/** Raw foreign texts; none where the event has no such value. Never throws, whatever a JSON line has under the names of the contract. */
export function valuesOf(field: Field, event: Event): readonly string[] {
	const body = bodyOf(event);
	return isObject(body) ? (readers[field]?.(body as EventBody) ?? []) : [];
}
