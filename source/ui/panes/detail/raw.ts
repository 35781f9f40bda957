/** The tab with the event as JSON, in the names that Tetragon uses. */
import type {Event} from '../../../tetragon/event.js';
import {own, safe, sliceSafe} from '../../../text/safe.js';
import {wrap} from '../../../text/width.js';
import type {Line, Segment} from '../../line.js';
import {Cells, segment} from '../../widgets/cells.js';

/** `  "name": value,` */
const entry = /^(\s*)("(?:[^"\\]|\\.)*":\s)?(.*)$/s;

const coloured = (row: string): Segment[] => {
	const [, indent = '', name = '', rest = ''] = entry.exec(row) ?? [];
	const tone = rest.startsWith('"') ? 'object' : /^[-\dtfn]/.test(rest) ? 'accent' : 'dim';
	return [segment(safe(indent)), segment(safe(name), 'dim'), segment(safe(rest), tone)];
};

/** One row of JSON on as many lines as it needs, in its colours. */
const wrapped = (row: string, width: number): Line[] => {
	const parts = coloured(row);
	const indent = parts[0]?.text.length ?? 0;
	const whole = own`${parts[1]?.text ?? own('')}${parts[2]?.text ?? own('')}`;
	const nameUnits = parts[1]?.text.length ?? 0;
	const lines: Line[] = [];
	let done = 0;
	for (const piece of wrap(whole, Math.max(8, width - indent))) {
		const cells = new Cells(width).gap(indent);
		const named = Math.max(0, Math.min(piece.length, nameUnits - done));
		cells.put(sliceSafe(piece, 0, named), parts[1]?.tone).put(sliceSafe(piece, named), parts[2]?.tone);
		done += piece.length;
		lines.push(cells.end());
	}
	return lines;
};

export const rawLines = (event: Event, width: number): Line[] =>
	JSON.stringify(event, undefined, 1)
		.split('\n')
		.flatMap(row => wrapped(row, width));
