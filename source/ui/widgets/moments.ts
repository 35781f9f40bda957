/**
Moments: the time of a day, with its date where the day is not today. Today is the day of the picture, so a replay has the
day of its recording, which its header names.
*/
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import {age, clock, clockMs, day, utcMs} from './times.js';

export const timeFormats = ['clock', 'date', 'relative', 'delta', 'utc'] as const;
/** How the feed writes a time. `date`: every pane shows the date of every time. */
export type TimeFormat = (typeof timeFormats)[number];

/** What a moment is written for. */
export type Reader = {
	readonly ui: {readonly events: {readonly time: TimeFormat}};
	readonly picture: {readonly nowMs: number};
};

/** How much of a date a moment needs. */
type Dating = 'none' | 'day' | 'year';

/** Cells of each date, with the blank after it. */
const cellsOfDate: Readonly<Record<Dating, number>> = {none: 0, day: 6, year: 11};

function datingOf(ms: number, nowMs: number, format: TimeFormat): Dating {
	if (!Number.isFinite(ms)) {
		return 'none';
	}
	if (format === 'date') {
		return 'year';
	}
	const [then, now] =
		format === 'utc' ? [utcDay(ms), utcDay(nowMs)] : [day(ms), Number.isFinite(nowMs) ? day(nowMs) : ''];
	return then === now ? 'none' : then.slice(0, 4) === now.slice(0, 4) ? 'day' : 'year';
}

function utcDay(ms: number): string {
	return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : '';
}

/** `11-24 12:04:31`, and with the year where it is another one. */
function dated(time: SafeText, ms: number, dating: Dating, format: TimeFormat): SafeText {
	if (dating === 'none') {
		return time;
	}
	const date = format === 'utc' ? utcDay(ms) : day(ms);
	return own`${safe(dating === 'day' ? date.slice(5) : date)} ${time}`;
}

/** `12:04:31`, of another day `11-24 12:04:31`. */
export function moment({ui, picture}: Reader, ms: number): SafeText {
	const format = ui.events.time === 'date' ? 'date' : 'clock';
	return dated(clock(ms), ms, datingOf(ms, picture.nowMs, format), format);
}

/** As moment, with milliseconds. */
export function momentMs({ui, picture}: Reader, ms: number): SafeText {
	const format = ui.events.time === 'date' ? 'date' : 'clock';
	return dated(clockMs(ms), ms, datingOf(ms, picture.nowMs, format), format);
}

/** Cells of a column of moments, of which `ms` is the earliest. */
export function momentCells({ui, picture}: Reader, ms: number | undefined): number {
	const format = ui.events.time === 'date' ? 'date' : 'clock';
	return 8 + cellsOfDate[datingOf(ms ?? Number.NaN, picture.nowMs, format)];
}

/** Cells of the feed's time column. `oldestMs`: the earliest of its times; the column is as wide as that needs. */
export function timeWidth(format: TimeFormat, nowMs = Number.NaN, oldestMs = Number.NaN): number {
	if (format === 'relative' || format === 'delta') {
		return 12;
	}
	const dating = format === 'date' ? 'year' : Number.isFinite(nowMs) ? datingOf(oldestMs, nowMs, format) : 'none';
	return (format === 'utc' ? 13 : 12) + cellsOfDate[dating];
}

/**
The time of a feed row in at most `cells`. `relative` is to `nowMs` in whole seconds, so that a row changes once a second at
most; `delta` is to the row before, `previousMs`. Where a date does not fit, milliseconds give way to it, then seconds.
*/
export function feedTime(
	ms: number,
	format: TimeFormat,
	nowMs: number,
	previousMs: number | undefined,
	cells = Number.POSITIVE_INFINITY,
): SafeText {
	switch (format) {
		case 'relative':
			return Number.isFinite(ms) ? own`${age(nowMs - ms)} ago` : own('?');
		case 'delta':
			return Number.isFinite(ms) && previousMs !== undefined && Number.isFinite(previousMs)
				? delta(ms, previousMs)
				: fitting(ms, 'clock', nowMs, cells);
		default:
			return fitting(ms, format, nowMs, cells);
	}
}

function delta(ms: number, previousMs: number): SafeText {
	const seconds = (ms - previousMs) / 1000;
	return safe(`${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(3)} s`);
}

function fitting(ms: number, format: TimeFormat, nowMs: number, cells: number): SafeText {
	const dating = datingOf(ms, nowMs, format);
	const whole = dated(format === 'utc' ? utcMs(ms) : clockMs(ms), ms, dating, format);
	if (widthOf(whole) <= cells) {
		return whole;
	}
	const seconds = safe(whole.replace(/\.\d+(?=Z?$)/, ''));
	if (widthOf(seconds) <= cells) {
		return seconds;
	}
	const minutes = safe(seconds.replace(/:\d\d(?=Z?$)/, ''));
	return widthOf(minutes) <= cells ? minutes : safe(minutes.slice(0, 10));
}

export const titleOfTime: Readonly<Record<TimeFormat, SafeText>> = {
	clock: own('TIME'),
	date: own('TIME'),
	relative: own('TIME AGO'),
	delta: own('TIME +'),
	utc: own('TIME UTC'),
};
