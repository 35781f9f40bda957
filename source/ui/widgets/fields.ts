/** Labelled values, one below the other: the value wraps under itself and is never cut. */
import {own, type SafeText} from '../../text/safe.js';
import {wrap} from '../../text/width.js';
import type {Line, Tone} from '../frame/line.js';
import {blankLine, Cells} from './cells.js';

export type Field =
	| {readonly type: 'value'; readonly label: SafeText; readonly value: SafeText; readonly tone?: Tone}
	| {readonly type: 'text'; readonly value: SafeText; readonly tone?: Tone; readonly indent?: number}
	| {readonly type: 'blank'};

export function value(label: SafeText, text: SafeText, tone: Tone = 'plain'): Field {
	return {
		type: 'value',
		label,
		value: text,
		tone,
	};
}

export function text(words: SafeText, tone: Tone = 'plain', indent = 0): Field {
	return {
		type: 'text',
		value: words,
		tone,
		indent,
	};
}

export const blank: Field = {type: 'blank'};

const labelCells = 9;

export function fieldLines(fields: readonly Field[], width: number): Line[] {
	const lines: Line[] = [];
	for (const field of fields) {
		if (field.type === 'blank') {
			lines.push(blankLine(width));
			continue;
		}
		const indent = field.type === 'value' ? labelCells : (field.indent ?? 0);
		for (const [index, row] of wrap(field.value, Math.max(1, width - indent)).entries()) {
			const cells = new Cells(width);
			if (field.type === 'value') {
				cells.field(index === 0 ? field.label : own(''), labelCells, 'dim');
			} else {
				cells.gap(indent);
			}
			lines.push(cells.put(row, field.tone).end());
		}
	}
	return lines;
}
