/** Times as they are typed: `10m`, `2h30m`, `2d` (ago), `12:04`, `12:04:05`, `2026-11-28T12:04[:05][Z]`. Pure: the caller has the clock. */

export type Moment =
	| {readonly type: 'ago'; readonly ms: number}
	/** The last time that a clock showed it, in the local zone. */
	| {readonly type: 'clock'; readonly hour: number; readonly minute: number; readonly second: number}
	| {readonly type: 'at'; readonly ms: number};

/** What is taken, for a message. */
export const momentForm = 'a time such as 10m, 2h, 2d, 12:04 or 2026-11-28T12:04Z';

const units: ReadonlyMap<string, number> = new Map([
	['ms', 1],
	['s', 1000],
	['m', 60_000],
	['h', 3_600_000],
	['d', 86_400_000],
	['w', 7 * 86_400_000],
]);
const duration = /^-?(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const date = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d(?:\.\d{1,9})?))?(Z|[+-]\d\d:\d\d)?)?$/;
/** Years that a Date can hold. */
const longestMs = 8.64e15;

/** undefined: no time. */
export function parseMoment(text: string): Moment | undefined {
	const word = text.trim();
	if (word === '0') {
		return {type: 'ago', ms: 0};
	}

	if (duration.test(word)) {
		const ms = [...word.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)].reduce(
			(sum, [, digits, unit = 's']) => sum + Number(digits) * (units.get(unit) ?? 0),
			0,
		);
		return ms < longestMs ? {type: 'ago', ms} : undefined;
	}

	const [, hour, minute, second = '0'] = clock.exec(word) ?? [];
	if (hour !== undefined) {
		const isClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
		return isClock ? {type: 'clock', hour: Number(hour), minute: Number(minute), second: Number(second)} : undefined;
	}

	const [, day, time = '00:00', seconds = '00', zone = ''] = date.exec(word) ?? [];
	const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${time}:${seconds}${zone}`);
	// Date.parse takes 30 February for 2 March.
	return Number.isNaN(ms) || !isDay(day ?? '') ? undefined : {type: 'at', ms};
}

function isDay(day: string): boolean {
	return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Milliseconds since 1970. A time of day is the last one that was. */
export function momentMs(moment: Moment, nowMs: number): number {
	switch (moment.type) {
		case 'ago': {
			return nowMs - moment.ms;
		}

		case 'at': {
			return moment.ms;
		}

		default: {
			const at = new Date(nowMs);
			at.setHours(moment.hour, moment.minute, moment.second, 0);
			if (at.getTime() > nowMs) {
				at.setDate(at.getDate() - 1);
			}

			return at.getTime();
		}
	}
}
