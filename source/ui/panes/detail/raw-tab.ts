/** The tab with the event as JSON, in the names that Tetragon uses. */
import type {Event} from '../../../tetragon/event/event.js';
import {joinSafe, own, type SafeText, safe} from '../../../text/safe.js';
import type {Line} from '../../frame/line.js';
import {Cells, segment, wrapSegments} from '../../widgets/cells.js';
import {inOrder} from '../../widgets/event-json.js';

/** `  "name": value,` */
const entry = /^(\s*)("(?:[^"\\]|\\.)*":\s)?(.*)$/s;

/** An escape of JSON itself; `safe` would take its backslash for one that was typed, and double it. */
const jsonEscape = /(\\(?:u[\da-f]{4}|["\\/bfnrt]))/;

function jsonText(row: string): SafeText {
	return joinSafe(
		row.split(jsonEscape).map((part, index) => (index % 2 === 1 ? own`\\${safe(part.slice(1))}` : safe(part))),
		own(''),
	);
}

/** One row of JSON on as many lines as it needs, in its colours. */
function wrapped(row: string, width: number): Line[] {
	const [, indent = '', name = '', rest = ''] = entry.exec(row) ?? [];
	const tone = rest.startsWith('"') ? 'object' : /^[-\dtfn]/.test(rest) ? 'accent' : 'dim';
	const parts = [segment(jsonText(name), 'dim'), segment(jsonText(rest), tone)];
	return wrapSegments(parts, Math.max(8, width - indent.length)).map(piece =>
		new Cells(width).gap(indent.length).segments(piece).end(),
	);
}

export function rawLines(event: Event, width: number): Line[] {
	return JSON.stringify(inOrder(event), undefined, 1)
		.split('\n')
		.flatMap(row => wrapped(row, width));
}
