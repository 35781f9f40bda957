/** google.protobuf.Timestamp and Duration as protojson writes them. */
import {type Cursor, signedVarint64, skip, varint32, varintNumber} from './wire.js';

const daySeconds = 86_400;
/** 0001-01-01 and 10000-01-01, the range of RFC 3339. */
const firstSecond = -62_135_596_800;
const endSecond = 253_402_300_800;

/** The dates of the last days, which events mix: an event is of today, and its process may be of any day. A power of two. */
const cachedDays = 32;
const knownDays = new Float64Array(cachedDays).fill(Number.NaN);
const knownDates: string[] = Array.from({length: cachedDays}, () => '');

/** RFC 3339 in UTC with 0, 3, 6 or 9 digits of fraction, as few as hold the nanoseconds. Out of range: the bare seconds. */
export function timestampText(seconds: number, nanos: number): string {
	if (!isTimestamp(seconds, nanos)) {
		return `${seconds}${fraction(Math.abs(nanos))}s`;
	}

	const day = Math.floor(seconds / daySeconds);
	const inDay = seconds - day * daySeconds;
	const hour = Math.floor(inDay / 3600);
	const minute = Math.floor(inDay / 60) % 60;
	return `${dateText(day)}${two[hour]}:${two[minute]}:${two[inDay % 60]}${fraction(nanos)}Z`;
}

/** Whether RFC 3339 can say it. */
export function isTimestamp(seconds: number, nanos: number): boolean {
	return seconds >= firstSecond && seconds < endSecond && nanos >= 0 && nanos <= 999_999_999;
}

/** `2026-01-31T` for a count of days since 1970. */
export function dateText(day: number): string {
	const place = day & (cachedDays - 1);
	if (knownDays[place] !== day) {
		knownDays[place] = day;
		knownDates[place] = new Date(day * daySeconds * 1000).toISOString().slice(0, 11);
	}

	return knownDates[place] ?? '';
}

const two = Array.from({length: 60}, (_, number) => String(number).padStart(2, '0'));

function fraction(nanos: number): string {
	if (nanos === 0) {
		return '';
	}

	// The leading 1 keeps the zeros.
	const digits = String(1_000_000_000 + nanos);
	if (nanos % 1_000_000 === 0) {
		return `.${digits.slice(1, 4)}`;
	}

	return nanos % 1000 === 0 ? `.${digits.slice(1, 7)}` : `.${digits.slice(1)}`;
}

/** Reads seconds and nanos up to the cursor's end. */
export function readTimestamp(cursor: Cursor): string {
	const [seconds, nanos] = readSecondsNanos(cursor);
	return timestampText(seconds, nanos);
}

/** `3.000001s`, as protojson writes a Duration. */
export function readDuration(cursor: Cursor): string {
	const [seconds, nanos] = readSecondsNanos(cursor);
	const sign = seconds < 0 || nanos < 0 ? '-' : '';
	return `${sign}${Math.abs(seconds)}${fraction(Math.abs(nanos))}s`;
}

export function readSecondsNanos(cursor: Cursor): [number, number] {
	let seconds = 0;
	let nanos = 0;
	while (cursor.at < cursor.end) {
		const tag = varint32(cursor);
		if (tag === 0x08) {
			const start = cursor.at;
			seconds = varintNumber(cursor);
			if (seconds > Number.MAX_SAFE_INTEGER) {
				cursor.at = start;
				seconds = Number(signedVarint64(cursor));
			}
		} else if (tag === 0x10) {
			nanos = varint32(cursor) | 0;
		} else {
			skip(cursor, tag);
		}
	}

	return [seconds, nanos];
}

/** The message of an RFC 3339 text, to the nanosecond. */
export function timestampParts(text: string): {seconds: number; nanos: number} {
	const fractionDigits = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
	const seconds = Date.parse(text.replace(/\.\d+/, '')) / 1000;
	if (Number.isNaN(seconds)) {
		throw new TypeError(`not a time: ${text}`);
	}

	return {seconds, nanos: Number(fractionDigits.padEnd(9, '0'))};
}

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
