/** Lines with something before the event: a container log, kubectl logs, stern, journald, syslog, CSV. */
import type {Json} from './envelope.js';

export type Prefixed = {
	readonly form: string;
	/** What the prefix says, as an envelope. */
	readonly envelope: Json;
	/** The rest of the line. */
	readonly rest: string;
	/** CRI: a part of a line whose end is in a later one (P), or the end (F). */
	readonly part?: 'P' | 'F';
	/** Parts of one line have the same. */
	readonly stream?: string;
};

const time = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const cri = new RegExp(String.raw`^(?:\[pod/([^/\]]+)/[^\]]+\] )?(${time}) (stdout|stderr) ([PF])(?::[A-Z:]*)? `);
const kubectl = /^\[pod\/([^/\]]+)\/[^\]]+\] /;
const timeThere = new RegExp(`(?:^|[\\s"])(${time})(?=[\\s",]|$)`);
const colors = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*[A-Za-z]`, 'g');
/** An event, and not the labels of Loki: {job="tetragon"}. */
const objectStart = /\{\s*"(?!")/g;
/** A CSV field that holds an object: "{""process_exec"":… */
const csvField = /"(\{\s*""(?:[^"]|"")*)"(?!")/;
const longestPrefix = 4096;

export function withoutColors(line: string): string {
	return line.includes('\u001b[') ? line.replaceAll(colors, '') : line;
}

/** undefined: no object begins within the line. */
export function prefixOf(line: string): Prefixed | undefined {
	const match = cri.exec(line);
	if (match !== null) {
		const [whole, pod, at, stream = '', part] = match;
		return {
			form: 'container log (CRI)',
			envelope: {time: at, ...(pod === undefined ? {} : {podName: pod})},
			rest: line.slice(whole.length),
			part: part as 'P' | 'F',
			stream: `${pod ?? ''} ${stream}`,
		};
	}

	const field =
		csvField.exec(line.slice(0, longestPrefix)) === null && !line.includes('{""') ? null : csvField.exec(line);
	if (field !== null) {
		return {form: 'CSV', envelope: said(line.slice(0, field.index)), rest: (field[1] ?? '').replaceAll('""', '"')};
	}

	objectStart.lastIndex = 0;
	const start = objectStart.exec(line.slice(0, longestPrefix + 64))?.index;
	if (start === undefined) {
		return undefined;
	}

	const prefix = line.slice(0, start);
	return {form: formOf(prefix), envelope: said(prefix), rest: line.slice(start)};
}

function formOf(prefix: string): string {
	if (kubectl.test(prefix)) {
		return 'kubectl logs';
	}

	if (/^\S+ \S+ $/.test(prefix) && !timeThere.test(prefix)) {
		return 'stern';
	}

	return /^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ \S+: $/.test(prefix) ? 'journald' : 'lines with a prefix';
}

function said(prefix: string): Json {
	const pod = kubectl.exec(prefix)?.[1] ?? /^(\S+) \S+ $/.exec(prefix)?.[1];
	const at = timeThere.exec(prefix)?.[1];
	const host = /^[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d (\S+) \S+: $/.exec(prefix)?.[1];
	return {
		...(at === undefined ? {} : {time: at}),
		...(pod === undefined || timeThere.test(pod) ? {} : {podName: pod}),
		...(host === undefined ? {} : {hostname: host}),
	};
}
