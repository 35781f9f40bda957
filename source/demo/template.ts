/**
A frame that is played again in every loop. Encoded once, with its holes known: the ids of processes that start in the loop
and the seconds of its times. Filling the holes costs a copy; decoding and encoding 1 000 frames a second would cost a tenth
of a core.
*/

/** An exec_id is base64 of `node:ktime:pid`; with as many digits before as after, its length stays. */
type IdHole = {readonly at: number; readonly node: string; readonly ktime: bigint; readonly pid: string};

export type Template = {
	/** Milliseconds into the loop. */
	readonly atMs: number;
	readonly bytes: Buffer;
	readonly ids: readonly IdHole[];
	/** Where the varint of a time's seconds begins. */
	readonly seconds: ReadonlyArray<{readonly at: number; readonly value: number}>;
	/** The policy whose counters the frame raises; '' where it has none. */
	readonly policy: string;
	readonly enforced: boolean;
};

/** Seconds of our days take five bytes of varint: 2^28 … 2^35. */
const secondsLength = 5;
const firstFieldVarint = 0x08;

const nanosecondsPerSecond = 1_000_000_000n;

/** Finds the holes: `ids` and `seconds` are what in these bytes moves with the loop. */
export function makeTemplate(
	bytes: Buffer,
	atMs: number,
	moving: {readonly ids: ReadonlySet<string>; readonly seconds: ReadonlySet<number>},
	counts: {readonly policy: string; readonly enforced: boolean},
): Template {
	const ids: IdHole[] = [];
	for (const id of moving.ids) {
		const [node = '', ktime = '0', pid = ''] = Buffer.from(id, 'base64').toString('latin1').split(':');
		for (const at of places(bytes, Buffer.from(id, 'latin1'))) {
			ids.push({at, node, ktime: BigInt(ktime), pid});
		}
	}

	const seconds: Array<{at: number; value: number}> = [];
	for (const value of moving.seconds) {
		const pattern = Buffer.alloc(1 + secondsLength);
		pattern[0] = firstFieldVarint;
		writeSeconds(pattern, 1, value);
		for (const at of places(bytes, pattern)) {
			seconds.push({at: at + 1, value});
		}
	}

	return {atMs, bytes, ids, seconds, ...counts};
}

/** The frame as it is `shift` whole seconds later. */
export function fillTemplate(template: Template, shift: number): Buffer {
	const bytes = Buffer.from(template.bytes);
	for (const {at, value} of template.seconds) {
		writeSeconds(bytes, at, value + shift);
	}

	for (const {at, node, ktime, pid} of template.ids) {
		const id = Buffer.from(`${node}:${ktime + BigInt(shift) * nanosecondsPerSecond}:${pid}`).toString('base64');
		bytes.write(id, at, 'latin1');
	}

	return bytes;
}

function* places(bytes: Buffer, pattern: Buffer): Generator<number> {
	for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + pattern.length)) {
		yield at;
	}
}

function writeSeconds(bytes: Buffer, at: number, value: number): void {
	let rest = value;
	for (let index = 0; index < secondsLength; index++) {
		bytes[at + index] = (rest % 128) | (index < secondsLength - 1 ? 0x80 : 0);
		rest = Math.floor(rest / 128);
	}
}
