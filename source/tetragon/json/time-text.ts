/** google.protobuf.Timestamp in JSON: RFC 3339 with any offset and up to nine digits, as Go reads it. */
import {timestampText} from '../wire/timestamp.js';

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether protojson writes the time so: UTC, with 0, 3, 6 or 9 digits, as few as hold it. A 29 February is left to canonicalTime. */
export function isCanonicalTime(text: string): boolean {
	const {length} = text;
	const isLength = length === 20 || length === 24 || length === 27 || length === 30;
	if (!isLength || text.charCodeAt(length - 1) !== 0x5a) {
		return false;
	}

	const month = pair(text, 5);
	const day = pair(text, 8);
	return (
		pair(text, 0) >= 1 &&
		pair(text, 2) >= 0 &&
		month >= 1 &&
		month <= 12 &&
		day >= 1 &&
		day <= (daysOfMonth[month - 1] as number) &&
		isBelow(pair(text, 11), 24) &&
		isBelow(pair(text, 14), 60) &&
		isBelow(pair(text, 17), 60) &&
		hasSeparators(text) &&
		(length === 20 || isFraction(text, length))
	);
}

function isBelow(value: number, limit: number): boolean {
	return value >= 0 && value < limit;
}

function hasSeparators(text: string): boolean {
	return (
		text.charCodeAt(4) === 0x2d &&
		text.charCodeAt(7) === 0x2d &&
		text.charCodeAt(10) === 0x54 &&
		text.charCodeAt(13) === 0x3a &&
		text.charCodeAt(16) === 0x3a
	);
}

/** Three, six or nine digits, the last three of which are not zeros. */
function isFraction(text: string, length: number): boolean {
	if (text.charCodeAt(19) !== 0x2e || (length - 21) % 3 !== 0) {
		return false;
	}

	let rest = 0;
	for (let at = 20; at < length - 1; at++) {
		const digit = text.charCodeAt(at) - 0x30;
		if (digit < 0 || digit > 9) {
			return false;
		}

		rest = at >= length - 4 ? rest + digit : 0;
	}

	return rest > 0;
}

/** Two digits as a number; -1 for anything else. */
function pair(text: string, at: number): number {
	const tens = text.charCodeAt(at) - 0x30;
	const ones = text.charCodeAt(at + 1) - 0x30;
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** As Go's time.Parse takes it: an hour of one digit and a comma before the fraction too. */
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** The time as protojson writes it, in UTC; undefined: the text is no time, or one outside of the years 1 to 9999. */
export function canonicalTime(text: string): string | undefined {
	const match = rfc3339.exec(text);
	if (match === null) {
		return undefined;
	}

	const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
	const inRange = hour < 24 && minute < 60 && second < 60 && offsetHour <= 24 && offsetMinute <= 60;
	if (!inRange || !isDay(year, month, day)) {
		return undefined;
	}

	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	const offset = (offsetHour * 60 + offsetMinute) * 60 * (match[8] === '-' ? -1 : 1);
	const seconds = date.getTime() / 1000 + (hour * 60 + minute) * 60 + second - offset;
	const made = timestampText(seconds, Number((match[7] ?? '').padEnd(9, '0')));
	return made.endsWith('Z') ? made : undefined;
}

function isDay(year: number, month: number, day: number): boolean {
	const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
	const days = month === 2 && isLeap ? 29 : daysOfMonth[month - 1];
	return days !== undefined && day >= 1 && day <= days;
}
