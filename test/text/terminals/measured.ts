/** widths.tsv: what the terminals drew. */
import {readFileSync} from 'node:fs';

export type Measured = {
	readonly first: number;
	readonly last: number;
	/** Cells, in the order of `emulatorNames`; -1: glibc does not know the character. */
	readonly cells: readonly number[];
};

const [head = '', ...rows] = readFileSync(new URL('widths.tsv', import.meta.url), 'utf8')
	.trimEnd()
	.split('\n');

export const emulatorNames = head.split('\t').slice(2);

export function measuredWidths(): Measured[] {
	return rows.map(row => {
		const [first = '', last = '', ...cells] = row.split('\t');
		return {first: Number.parseInt(first, 16), last: Number.parseInt(last, 16), cells: cells.map(Number)};
	});
}
