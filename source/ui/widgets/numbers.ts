/** Numbers as the screens write them: exact with thousands commas where there is room, short where there is not. */
import {own, type SafeText, safe} from '../../text/safe.js';

/** `58,120` */
export function thousands(count: number): SafeText {
	if (!Number.isFinite(count)) {
		return own('?');
	}
	return safe(String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ','));
}

const units = ['', 'k', 'M', 'G', 'T'] as const;

/** At most four cells: `842`, `1.2k`, `58k`, `4.1M`. */
export function short(count: number): SafeText {
	if (!Number.isFinite(count)) {
		return own('?');
	}
	let value = Math.max(0, count);
	let unit = 0;
	while (Math.round(value) >= 1000 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
	return safe(digits + (units[unit] ?? ''));
}

/** Events a second in at most four cells; below ten with one decimal, so that `0.2` is not nothing. */
export function rate(perSecond: number): SafeText {
	return perSecond > 0 && perSecond < 9.95 && Math.round(perSecond * 10) % 10 !== 0
		? safe(perSecond.toFixed(1))
		: short(perSecond);
}

/** Bytes in at most five cells: `21M`, `4.1M`, `640k`. Powers of 1024. */
export function bytes(count: number): SafeText {
	let value = Math.max(0, count);
	let unit = 0;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
	return safe(digits + (unit === 0 ? 'B' : (units[unit] ?? '')));
}

/** `1 pod`, `2 pods` with thousands commas. */
export function counted(count: number, one: SafeText, many: SafeText): SafeText {
	return own`${thousands(count)} ${count === 1 ? one : many}`;
}
