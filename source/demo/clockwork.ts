/** Moves the times of a slice of a recording to those of the demo: wall clock, and nanoseconds since boot. */

const nanosecondsPerMs = 1_000_000n;

export type Move = {
	/** First frame of the slice as recorded: nanoseconds since 1970, and since boot. */
	readonly recordedNs: bigint;
	readonly recordedKtime: bigint;
	/** The same moment in the demo. */
	readonly playedNs: bigint;
	readonly playedKtime: bigint;
	readonly speed: number;
};

/** RFC 3339 with up to nine digits of fraction. */
export function nanosecondsOf(text: string): bigint {
	const match = /^(.*?)(?:\.(\d{1,9}))?Z$/.exec(text);
	const seconds = BigInt(Date.parse(`${match?.[1] ?? text}Z`) || 0) * nanosecondsPerMs;
	return seconds + BigInt((match?.[2] ?? '').padEnd(9, '0'));
}

export function timeText(nanoseconds: bigint): string {
	const whole = new Date(Number(nanoseconds / nanosecondsPerMs)).toISOString().slice(0, 19);
	return `${whole}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}Z`;
}

export function secondsOf(text: string): number {
	return Number(nanosecondsOf(text) / 1_000_000_000n);
}

export function moveTime(move: Move, nanoseconds: bigint): bigint {
	return move.playedNs + scaled(nanoseconds - move.recordedNs, move.speed);
}

export function moveKtime(move: Move, ktime: bigint): bigint {
	return move.playedKtime + scaled(ktime - move.recordedKtime, move.speed);
}

function scaled(span: bigint, speed: number): bigint {
	return speed === 1 ? span : BigInt(Math.round(Number(span) / speed));
}
