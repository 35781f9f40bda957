/** Labelled values, one below the other: a long value continues on the next lines and is never cut. */
import type {SafeText} from '../../text/safe.js';
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
	return fields.flatMap(field => linesOf(field, width));
}

function linesOf(field: Field, width: number): Line[] {
	if (field.type === 'blank') {
		return [blankLine(width)];
	}
	const indent = field.type === 'value' ? labelCells : (field.indent ?? 0);
	return wrap(field.value, Math.max(1, width - indent)).map((row, index) => {
		const cells = new Cells(width);
		if (field.type === 'value' && index === 0) {
			cells.field(field.label, labelCells, 'dim');
		} else {
			cells.gap(indent);
		}
		return cells.put(row, field.tone).end();
	});
}
