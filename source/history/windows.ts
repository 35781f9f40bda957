/**
Windows of a span that cross no quarter of an hour. A store that cuts a request at whole or half hours and runs the parts at once
needs seconds to cancel those which are too much: cut here, it is asked for one part only.
*/
import {type NsSpan, nsPerMs} from './store-record.js';

const quarterNs = 15n * 60_000n * nsPerMs;

/** Oldest first; together they are the span. */
export function quarterWindows({from, to}: NsSpan): NsSpan[] {
	const windows: NsSpan[] = [];
	for (let at = from; at < to; ) {
		const next = (at / quarterNs + 1n) * quarterNs;
		const end = next < to ? next : to;
		windows.push({from: at, to: end});
		at = end;
	}

	return windows;
}
