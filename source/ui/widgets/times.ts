/** Times and spans in fixed widths. Clock times are in the time zone of the person who reads. */
import {own, type SafeText, safe} from '../../text/safe.js';

function two(value: number): string {
	return String(Math.floor(value)).padStart(2, '0');
}

function three(value: number): string {
	return String(Math.floor(value)).padStart(3, '0');
}

/** `12:04:31` */
export function clock(ms: number): SafeText {
	if (!Number.isFinite(ms)) {
		return own('--:--:--');
	}
	const date = new Date(ms);
	return safe(`${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`);
}

/** `12:04:31.402` */
export function clockMs(ms: number): SafeText {
	if (!Number.isFinite(ms)) {
		return own('--:--:--.---');
	}
	return own`${clock(ms)}.${safe(three(new Date(ms).getMilliseconds()))}`;
}

/** `2026-11-24`, the day of the reader's clock. */
export function day(ms: number): SafeText {
	const date = new Date(ms);
	return safe(`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`);
}

/** `12:04:31.402Z` */
export function utcMs(ms: number): SafeText {
	return Number.isFinite(ms) ? safe(new Date(ms).toISOString().slice(11)) : own('--:--:--.---Z');
}

/** `+02:00`, the reader's offset from UTC at that time. */
export function zone(ms: number): SafeText {
	const minutes = -new Date(ms).getTimezoneOffset();
	const size = Math.abs(minutes);
	return safe(`${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`);
}

/** `00:00:42`; hours go on counting. */
export function stopwatch(spanMs: number): SafeText {
	if (!Number.isFinite(spanMs)) {
		return own('--:--:--');
	}
	const seconds = Math.max(0, Math.floor(spanMs / 1000));
	return safe(`${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`);
}

/** An age in at most four cells: `2s`, `41s`, `9m`, `4h`, `12d`, `364d`, `99y`. */
export function age(spanMs: number): SafeText {
	if (!Number.isFinite(spanMs)) {
		return own('');
	}
	const seconds = Math.max(0, Math.floor(spanMs / 1000));
	if (seconds < 60) {
		return safe(`${seconds}s`);
	}
	if (seconds < 3600) {
		return safe(`${Math.floor(seconds / 60)}m`);
	}
	if (seconds < 86_400) {
		return safe(`${Math.floor(seconds / 3600)}h`);
	}
	if (seconds < 31_536_000) {
		return safe(`${Math.floor(seconds / 86_400)}d`);
	}
	return safe(`${Math.max(1, Math.min(99, Math.floor(seconds / 31_557_600)))}y`);
}

/** A span in words that are exact to its second part: `0.4 s`, `12 s`, `6m12s`, `3h04m`, `2d 3h`. */
export function span(spanMs: number): SafeText {
	if (!Number.isFinite(spanMs)) {
		return own('?');
	}
	const seconds = Math.max(0, spanMs / 1000);
	if (seconds < 10) {
		return safe(`${seconds.toFixed(1)} s`);
	}
	if (seconds < 60) {
		return safe(`${Math.floor(seconds)} s`);
	}
	if (seconds < 3600) {
		return safe(`${Math.floor(seconds / 60)}m${two(seconds % 60)}s`);
	}
	if (seconds < 86_400) {
		return safe(`${Math.floor(seconds / 3600)}h${two((seconds / 60) % 60)}m`);
	}
	return safe(`${Math.floor(seconds / 86_400)}d ${Math.floor((seconds / 3600) % 24)}h`);
}
