/** A Process message as the tree needs it, from its bytes. process-message.ts has the same from its JSON shape. */
import type {ProcessFacts} from '../event/facts.js';
import {interned} from './intern.js';
import {readSecondsNanos} from './timestamp.js';
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
	containerPid: 0,
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
		// The tree can use half a process, so the fields that were read are kept.
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
				const [seconds, nanos] = readSecondsNanos({bytes, at: from, end: to});
				facts.startMs = seconds * 1000 + nanos / 1_000_000;
				break;
			}

			case 10: {
				readPod({bytes, at: from, end: to}, facts);
				break;
			}

			case 11: {
				facts.containerId ||= interned(bytes, from, to);
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
		} else if (field === 5) {
			facts.containerPid = wrapped(bytes, cursor.at, to);
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
