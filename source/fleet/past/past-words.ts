/** Sentences about events that were brought from a node's past. */

/** `01:12`, `1:02:05` */
function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	const rest = `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
	return hours > 0 ? `${hours}:${rest}` : rest;
}

export type Brought = {readonly count: number; readonly words: string; readonly leftOut: readonly string[]};

/** `412 events brought back from the export file; host events are not exported` */
function broughtWords({count, words, leftOut}: Brought, back: string): string {
	const events = count === 1 ? '1 event' : `${count} events`;
	return [`${events} ${back} from the ${words}`, ...leftOut.map(exportWords)].join('; ');
}

function exportWords(clause: string): string {
	return clause === 'no host processes'
		? 'host events are not exported'
		: clause.replace(/^no (.*)$/, '$1: not exported');
}

export function healedWords(gap: {readonly fromMs: number; readonly toMs: number}, brought: Brought): string {
	return `${duration(gap.toMs - gap.fromMs)} without the stream: ${broughtWords(brought, 'brought back')}`;
}

export function lostWords(lost: number, brought: Brought): string {
	return `the agent dropped ${lost === 1 ? '1 event' : `${lost} events`}: ${broughtWords(brought, 'brought back')}`;
}

/** Where live began. @param isLate live events were shown before it. */
export function liveWords(brought: readonly Brought[], failures: readonly string[], isLate: boolean): string {
	const parts = brought.map(one => broughtWords(one, isLate ? 'from before live' : 'before it'));
	const start = isLate ? 'the past came late' : 'live from here';
	return `${start}: ${[...new Set([...parts, ...failures])].join('; ')}`;
}
