/**
The compact line of an exec or an exit, nearly all there are in a storm, straight from the bytes of its frame: no object and no
string in between. It writes only what is plain: fields as Go writes them, texts of printable ASCII, no colour. Of any other
frame it writes nothing, and compact.ts makes the line, which is the same where both can.
*/
import {Buffer} from 'node:buffer';
import type {ByteText} from '../../runtime/byte-text.js';
import {messageOf} from '../wire/schema-table.js';
import {asBuffer, type Cursor, lengthEnd, skip, varint32} from '../wire/wire.js';
import {fewestEffective, trailerColumn} from './compact-text.js';
import {isAscii, isUnquoted, type Range, writeQuotedText, writeText} from './frame-text.js';

/** The tag of a field that is preceded by its length. */
function tagIn(message: string, field: string): number {
	return ((messageOf(message).byName.get(field)?.number ?? 0) << 3) | 2;
}

const envelope = {
	exec: tagIn('GetEventsResponse', 'process_exec'),
	exit: tagIn('GetEventsResponse', 'process_exit'),
	nodeName: tagIn('GetEventsResponse', 'node_name'),
	time: tagIn('GetEventsResponse', 'time'),
};
const processTag = tagIn('ProcessExec', 'process');
const exitBody = {signal: tagIn('ProcessExit', 'signal'), status: tagIn('ProcessExit', 'status') & ~7};
const processTags = {
	binary: tagIn('Process', 'binary'),
	arguments: tagIn('Process', 'arguments'),
	pod: tagIn('Process', 'pod'),
	cap: tagIn('Process', 'cap'),
};
const podTags = {namespace: tagIn('Pod', 'namespace'), name: tagIn('Pod', 'name')};
const effectiveTag = tagIn('Capabilities', 'effective');

const execHead = Buffer.from('🚀 process ');
const exitHead = Buffer.from('💥 exit    ');
const trailer = Buffer.from('🛑 CAP_SYS_ADMIN');
/** As Go counts it. */
const trailerLength = 15;
const [space, slash] = [0x20, 0x2f] as const;

function range(): Range {
	return {at: -1, end: -1};
}

/** What was found in the frame. One object for all frames. */
const found = {
	tag: 0,
	node: range(),
	body: range(),
	process: range(),
	pod: range(),
	namespace: range(),
	name: range(),
	binary: range(),
	arguments: range(),
	signal: range(),
	cap: range(),
	effective: range(),
	status: 0,
};
const ranges = Object.values(found).filter(value => typeof value === 'object');
const nothing = Buffer.alloc(0);
const cursor: Cursor = {bytes: nothing, at: 0, end: 0};

/** False: nothing is written, since the frame or a text in it is not plain. */
export function writePlainLine(out: ByteText, bytes: Uint8Array): boolean {
	const start = out.at;
	cursor.bytes = asBuffer(bytes);
	cursor.at = 0;
	cursor.end = bytes.length;
	for (const each of ranges) {
		each.at = -1;
		each.end = -1;
	}

	found.status = 0;
	let isPlain = false;
	try {
		isPlain = read() && write(out, start);
	} catch {
		// Malformed. The other way says so.
	}

	cursor.bytes = nothing;
	if (!isPlain) {
		out.at = start;
	}

	return isPlain;
}

/** Reads a length and sets `into` to what it covers; false: the field comes a second time, and would have to be merged. */
function take(into: Range): boolean {
	if (into.at >= 0) {
		return false;
	}

	into.end = lengthEnd(cursor);
	into.at = cursor.at;
	cursor.at = into.end;
	return true;
}

function read(): boolean {
	return (
		readEnvelope() &&
		readMessage(found.body, ofBody) &&
		found.process.at >= 0 &&
		readMessage(found.process, ofProcess) &&
		(found.pod.at < 0 || readMessage(found.pod, ofPod)) &&
		(found.cap.at < 0 || readCapabilities()) &&
		(found.tag === envelope.exec || readExit())
	);
}

/** Fields after the event, of which compact lines have no use: aggregation_info, cluster_name, node_labels. */
const lastTag = (1004 << 3) | 2;

function readEnvelope(): boolean {
	while (cursor.at < cursor.end) {
		if (!takeOfEnvelope(varint32(cursor))) {
			return false;
		}
	}

	return found.body.at >= 0;
}

function takeOfEnvelope(tag: number): boolean {
	if (tag === envelope.exec || tag === envelope.exit) {
		found.tag = tag;
		return take(found.body);
	}

	if (tag === envelope.nodeName) {
		return take(found.node);
	}

	if (tag === envelope.time) {
		return isTime(lengthEnd(cursor));
	}

	return tag > envelope.time && tag <= lastTag && isSkipped(tag);
}

/** Steps over the seconds and nanoseconds of a time; the line would say so if they were no numbers. */
function isTime(end: number): boolean {
	const outer = cursor.end;
	cursor.end = end;
	while (cursor.at < end) {
		const tag = varint32(cursor);
		if (tag !== 0x08 && tag !== 0x10) {
			return false;
		}

		varint32(cursor);
	}

	cursor.end = outer;
	return true;
}

function enter({at, end}: Range): void {
	cursor.at = at;
	cursor.end = end;
}

/** The ranges of the fields that `rangeOf` wants; false: one comes twice, or there is a field 0. */
function readMessage(message: Range, rangeOf: (tag: number) => Range | undefined): boolean {
	enter(message);
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		const into = rangeOf(tag);
		if (into === undefined ? !isSkipped(tag) : !take(into)) {
			return false;
		}
	}

	return true;
}

function ofBody(tag: number): Range | undefined {
	return tag === processTag ? found.process : undefined;
}

function ofProcess(tag: number): Range | undefined {
	switch (tag) {
		case processTags.binary:
			return found.binary;
		case processTags.arguments:
			return found.arguments;
		case processTags.pod:
			return found.pod;
		case processTags.cap:
			return found.cap;
		default:
			return undefined;
	}
}

function ofPod(tag: number): Range | undefined {
	return tag === podTags.namespace ? found.namespace : tag === podTags.name ? found.name : undefined;
}

/** Steps over a field that is read later or not at all; false: the field 0, which is no protobuf. */
function isSkipped(tag: number): boolean {
	if (tag >>> 3 === 0) {
		return false;
	}

	skip(cursor, tag);
	return true;
}

function readCapabilities(): boolean {
	enter(found.cap);
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		// An unpacked list has another tag.
		if (tag >>> 3 === effectiveTag >>> 3 && tag !== effectiveTag) {
			return false;
		}

		if (tag === effectiveTag ? !take(found.effective) : !isSkipped(tag)) {
			return false;
		}
	}

	for (let {at} = found.effective; at < found.effective.end; at++) {
		if ((cursor.bytes[at] as number) >= 0x80) {
			return false;
		}
	}

	return true;
}

function readExit(): boolean {
	enter(found.body);
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === exitBody.status) {
			found.status = varint32(cursor);
		} else if (tag === exitBody.signal ? !take(found.signal) : !isSkipped(tag)) {
			return false;
		}
	}

	return true;
}

function write(out: ByteText, start: number): boolean {
	const isExec = found.tag === envelope.exec;
	out.piece(isExec ? execHead : exitHead);
	if (!writeSource(out)) {
		return false;
	}

	out.byte(space);
	if (!isUnquoted(cursor.bytes, found.binary)) {
		return false;
	}

	writeText(out, cursor.bytes, found.binary);
	out.byte(space);
	if (!writeQuotedText(out, cursor.bytes, found.arguments)) {
		return false;
	}

	if (!isExec) {
		out.byte(space);
		if (found.signal.end === found.signal.at) {
			out.integer(found.status);
		} else if (!writeQuotedText(out, cursor.bytes, found.signal)) {
			return false;
		}
	}

	writeTrailer(out, start);
	return true;
}

function writeSource(out: ByteText): boolean {
	if (found.pod.at < 0) {
		writeText(out, cursor.bytes, found.node);
		return isUnquoted(cursor.bytes, found.node);
	}

	writeText(out, cursor.bytes, found.namespace);
	out.byte(slash);
	writeText(out, cursor.bytes, found.name);
	return (
		isUnquoted(cursor.bytes, found.namespace) &&
		isUnquoted(cursor.bytes, found.name) &&
		isAscii(cursor.bytes, found.node)
	);
}

function writeTrailer(out: ByteText, start: number): void {
	if (found.effective.end - found.effective.at < fewestEffective) {
		return;
	}

	const pad = Math.max(0, Math.max(0, trailerColumn - (out.at - start)) - trailerLength);
	for (let count = 0; count <= pad; count++) {
		out.byte(space);
	}

	out.piece(trailer);
}
