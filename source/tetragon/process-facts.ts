/** A Process message as the tree needs it, from its bytes or from its JSON shape. The two must agree. */
import type {ProcessMessage} from './event.js';
import type {ProcessFacts} from './facts.js';
import {interned} from './intern.js';
import {type Cursor, lengthEnd, skip, varint32, varintNumber} from './wire.js';

type Mutable<Type> = {-readonly [Key in keyof Type]: Type[Key]};
type Draft = Mutable<ProcessFacts>;

const nothingKnown: ProcessFacts = {
	execId: '',
	parentExecId: '',
	pid: 0,
	uid: 0,
	binary: '',
	arguments: '',
	cwd: '',
	flags: '',
	startMs: Number.NaN,
	namespace: '',
	pod: '',
	container: '',
	containerId: '',
	image: '',
	workload: '',
	workloadKind: '',
	podLabels: undefined,
	inInitTree: undefined,
	execProbe: false,
};

/** Never throws: of bytes that break off, what came before is kept. */
export function readProcessFacts(bytes: Buffer, start: number, end: number): ProcessFacts {
	const facts: Draft = {...nothingKnown};
	try {
		readProcess({bytes, at: start, end}, facts);
	} catch {
		// Half a process is worth more to the tree than none.
	}

	return facts;
}

/** Field 12 alone; '' where it is missing or the bytes break off. */
export function parentExecIdIn(bytes: Buffer, start: number, end: number): string {
	const cursor = {bytes, at: start, end};
	let text = '';
	try {
		while (cursor.at < end) {
			const tag = varint32(cursor);
			if (tag === 0x62) {
				const to = lengthEnd(cursor);
				text = bytes.latin1Slice(cursor.at, to);
				cursor.at = to;
			} else {
				skip(cursor, tag);
			}
		}
	} catch {
		// As readProcessFacts.
	}

	return text;
}

function readProcess(cursor: Cursor, facts: Draft): void {
	const {bytes, end} = cursor;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if ((tag & 7) !== 2) {
			skip(cursor, tag);
			continue;
		}

		const to = lengthEnd(cursor);
		const from = cursor.at;
		switch (tag >>> 3) {
			case 1: {
				facts.execId = bytes.latin1Slice(from, to);
				break;
			}

			case 2: {
				facts.pid = wrapped(bytes, from, to);
				break;
			}

			case 3: {
				facts.uid = wrapped(bytes, from, to);
				break;
			}

			case 4: {
				facts.cwd = interned(bytes, from, to);
				break;
			}

			case 5: {
				facts.binary = interned(bytes, from, to);
				break;
			}

			case 6: {
				facts.arguments = bytes.utf8Slice(from, to);
				break;
			}

			case 7: {
				facts.flags = interned(bytes, from, to);
				break;
			}

			case 8: {
				facts.startMs = timestamp({bytes, at: from, end: to});
				break;
			}

			case 10: {
				readPod({bytes, at: from, end: to}, facts);
				break;
			}

			case 12: {
				facts.parentExecId = bytes.latin1Slice(from, to);
				break;
			}

			case 20: {
				facts.inInitTree = wrapped(bytes, from, to) !== 0;
				break;
			}

			default:
		}

		cursor.at = to;
	}
}

function readPod(cursor: Cursor, facts: Draft): void {
	const {bytes, end} = cursor;
	let labels: Record<string, string> | undefined;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if ((tag & 7) !== 2) {
			skip(cursor, tag);
			continue;
		}

		const to = lengthEnd(cursor);
		const from = cursor.at;
		switch (tag >>> 3) {
			case 1: {
				facts.namespace = interned(bytes, from, to);
				break;
			}

			case 2: {
				facts.pod = interned(bytes, from, to);
				break;
			}

			case 4: {
				readContainer({bytes, at: from, end: to}, facts);
				break;
			}

			case 5: {
				labels ??= {};
				readLabel({bytes, at: from, end: to}, labels);
				break;
			}

			case 6: {
				facts.workload = interned(bytes, from, to);
				break;
			}

			case 7: {
				facts.workloadKind = interned(bytes, from, to);
				break;
			}

			default:
		}

		cursor.at = to;
	}

	facts.podLabels = labels;
}

function readContainer(cursor: Cursor, facts: Draft): void {
	const {bytes, end} = cursor;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if (tag === 0x68) {
			facts.execProbe = varintNumber(cursor) !== 0;
			continue;
		}

		if ((tag & 7) !== 2) {
			skip(cursor, tag);
			continue;
		}

		const to = lengthEnd(cursor);
		const field = tag >>> 3;
		if (field === 1) {
			facts.containerId = interned(bytes, cursor.at, to);
		} else if (field === 2) {
			facts.container = interned(bytes, cursor.at, to);
		} else if (field === 3) {
			facts.image = secondString({bytes, at: cursor.at, end: to});
		}

		cursor.at = to;
	}
}

/** Image: id 1, name 2. */
function secondString(cursor: Cursor): string {
	let text = '';
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x12) {
			const to = lengthEnd(cursor);
			text = interned(cursor.bytes, cursor.at, to);
			cursor.at = to;
		} else {
			skip(cursor, tag);
		}
	}

	return text;
}

function readLabel(cursor: Cursor, labels: Record<string, string>): void {
	let key = '';
	let value = '';
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x0a || tag === 0x12) {
			const to = lengthEnd(cursor);
			const text = interned(cursor.bytes, cursor.at, to);
			cursor.at = to;
			if (tag === 0x0a) {
				key = text;
			} else {
				value = text;
			}
		} else {
			skip(cursor, tag);
		}
	}

	define(labels, key, value);
}

/** A label may be called `__proto__`. */
function define(labels: Record<string, string>, key: string, value: string): void {
	if (key === '__proto__') {
		Object.defineProperty(labels, key, {value, enumerable: true, configurable: true, writable: true});
	} else {
		labels[key] = value;
	}
}

function wrapped(bytes: Buffer, at: number, end: number): number {
	const cursor = {bytes, at, end};
	let value = 0;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if (tag === 0x08) {
			value = varint32(cursor);
		} else {
			skip(cursor, tag);
		}
	}

	return value;
}

function timestamp(cursor: Cursor): number {
	let seconds = 0;
	let nanos = 0;
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08) {
			seconds = varintNumber(cursor);
		} else if (tag === 0x10) {
			nanos = varint32(cursor) | 0;
		} else {
			skip(cursor, tag);
		}
	}

	const signed = seconds > Number.MAX_SAFE_INTEGER ? seconds - 2 ** 64 : seconds;
	return signed * 1000 + nanos / 1_000_000;
}

/**
The same of a Process in JSON shape: an event's `process` or `parent`, or an entry of the process cache dump. A JSON line
is foreign, so a value of another type than the contract's counts as absent.
*/
export function processFactsOf(message: ProcessMessage): ProcessFacts {
	const pod = object(message.pod);
	const container = object(pod?.['container']);
	const labels = object(pod?.['pod_labels']);
	return {
		execId: text(message.exec_id),
		parentExecId: text(message.parent_exec_id),
		pid: number(message.pid),
		uid: number(message.uid),
		binary: text(message.binary),
		arguments: text(message.arguments),
		cwd: text(message.cwd),
		flags: text(message.flags),
		startMs: instantMs(message.start_time),
		namespace: text(pod?.['namespace']),
		pod: text(pod?.['name']),
		container: text(container?.['name']),
		containerId: text(container?.['id']),
		image: text(object(container?.['image'])?.['name']),
		workload: text(pod?.['workload']),
		workloadKind: text(pod?.['workload_kind']),
		podLabels:
			labels !== undefined && Object.values(labels).every(isText) ? (labels as Record<string, string>) : undefined,
		inInitTree: typeof message.in_init_tree === 'boolean' ? message.in_init_tree : undefined,
		execProbe: container?.['maybe_exec_probe'] === true,
	};
}

const isText = (value: unknown): value is string => typeof value === 'string';
const text = (value: unknown): string => (isText(value) ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const object = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
	typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;

const rfc3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970, with the fraction that Date.parse would cut; NaN for no text or no time. */
export function instantMs(text: unknown): number {
	const match = typeof text === 'string' ? rfc3339.exec(text) : null;
	if (match === null) {
		return Number.NaN;
	}

	const [, seconds, fraction = '', zone] = match;
	return Date.parse(`${seconds}${zone}`) + Number(fraction.padEnd(9, '0')) / 1_000_000;
}
