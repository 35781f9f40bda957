/**
Times as they are typed: of the day, `12:03`, `12:03:40-12:04:10`, `12:04..12:10`, `12:03-`, `-12:05`; how long ago, `-5m`; instants
with a date, `2026-11-28T12:04:05`.
*/
import {momentMs, parseMoment} from '../moment.js';

/** Milliseconds of the local day; `to` is exclusive. `from` > `to` goes over midnight. */
type TimeRange = {readonly from: number; readonly to: number};

const day = 86_400_000;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

const ago = /^-(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;

/** A time that says how long ago: meaning.ts makes an instant of it. */
export function isAgo(text: string): boolean {
	return ago.test(text);
}

/** What `>` and `<` compare with: an instant in milliseconds since 1970, a time of day, or how long ago; undefined: not a time. */
export function parseInstant(text: string): {readonly ms: number} | {readonly clock: TimeRange} | undefined {
	const moment = parseMoment(text);
	if (moment?.type === 'at') {
		return {ms: moment.ms};
	}

	// Before meaning.ts has made an instant of it, nothing is newer than that.
	const span = parseClock(text);
	return span === undefined ? (isAgo(text) ? {ms: Number.NaN} : undefined) : {clock: {from: span.start, to: span.end}};
}

/** `-5m` as an instant in the local zone, as it is typed: `2026-11-28T12:04:05.123`. */
export function instantOf(text: string, nowMs: number): string {
	const moment = parseMoment(text);
	const at = new Date(moment === undefined ? nowMs : momentMs(moment, nowMs));
	return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
}

/** undefined: not a time. */
export function parseRange(text: string): TimeRange | undefined {
	if (isAgo(text)) {
		return {from: 0, to: 0};
	}

	const parts = text.split(/\.\.|[-–]/);
	if (parts.length > 2) {
		return undefined;
	}

	const [first = '', last] = parts.map(part => part.trim());
	const from = first === '' ? {start: 0, end: 0} : parseClock(first);
	const to = last === undefined ? from : last === '' ? {start: 0, end: day} : parseClock(last);
	if (from === undefined || to === undefined || (first === '' && (last ?? '') === '')) {
		return undefined;
	}

	return {from: from.start, to: to.end};
}

/** Milliseconds of the local day. */
export function timeOfDay(timeMs: number): number {
	const date = new Date(timeMs);
	return ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000 + date.getMilliseconds();
}

/** Whether the local time of day of `timeMs` is in the range. */
export function inRange({from, to}: TimeRange, timeMs: number): boolean {
	const ms = timeOfDay(timeMs);
	return from <= to ? ms >= from && ms < to : ms >= from || ms < to;
}

/** The span of a time: `12:03` is a whole minute, `12:03:40` a second. */
function parseClock(text: string): {start: number; end: number} | undefined {
	const [, hours, minutes, seconds, fraction] = clock.exec(text) ?? [];
	if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) {
		return undefined;
	}

	const start =
		(Number(hours) * 60 + Number(minutes)) * 60_000 +
		Number(seconds ?? 0) * 1000 +
		Number((fraction ?? '').padEnd(3, '0') || 0);
	return {start, end: start + (fraction === undefined ? (seconds === undefined ? 60_000 : 1000) : 1)};
}
