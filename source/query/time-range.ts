/** Times of day as they are typed: `12:03`, `12:03:40-12:04:10`, `12:04..12:10`, `12:03-`, `-12:05`. */

/** Milliseconds of the local day; `to` is exclusive. `from` > `to` goes over midnight. */
type TimeRange = {readonly from: number; readonly to: number};

const day = 86_400_000;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/** undefined: not a time. */
export function parseRange(text: string): TimeRange | undefined {
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

/** Whether the local time of day of `timeMs` is in the range. */
export function inRange({from, to}: TimeRange, timeMs: number): boolean {
	const date = new Date(timeMs);
	const ms = ((date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds()) * 1000 + date.getMilliseconds();
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
