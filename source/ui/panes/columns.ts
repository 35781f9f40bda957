/**
The columns of a list: one table says for each its title, its width, which ones leave first when there is little room, and
its cell. The headings and the rows are both drawn from it, so a column is one row of the table.
*/
import {own, type SafeText} from '../../text/safe.js';
import type {Fit} from '../../text/width.js';
import type {Segment, Tone} from '../frame/line.js';
import type {Cells} from '../widgets/cells.js';
import type {PaneContext} from './pane.js';

export type Column<Shape, Row, Context> = {
	readonly id: string;
	readonly title: SafeText | ((context: PaneContext) => SafeText);
	/** Cells that it wants, without the blanks after it; 0: it is not there. `left`: cells that are still free. */
	readonly cells: (shape: Shape, left: number) => number;
	/**
	Columns take their cells in this order, lowest first, so the highest leave first. Without it the column is always there.
	*/
	readonly priority?: number;
	/** Cells that must stay free for the columns after it in that order; where they would not, the column leaves. */
	readonly keeps?: number;
	/** It is there only together with this column. */
	readonly needs?: string;
	/** It is the last of its line and as long as its text; without a priority it has all cells that are left. */
	readonly isRest?: boolean;
	/** Blanks after it, where that differs from the other columns of the list. */
	readonly gap?: number;
	/** Blanks before it. */
	readonly indent?: number;
	readonly align?: 'left' | 'right';
	/** Which part of a text too long is left out. */
	readonly cut?: NonNullable<Fit['cut']>;
	readonly cell: (context: Context, row: Row, cells: number) => Segment | readonly Segment[];
};

/** A column and its width in cells. */
export type FittedColumn<Shape, Row, Context> = Column<Shape, Row, Context> & {readonly width: number};

export type FittedColumns<Shape, Row, Context> = ReadonlyArray<FittedColumn<Shape, Row, Context>>;

/** How the columns of one list are drawn. */
export type ColumnStyle = {
	/** Blanks after a column that does not say otherwise. */
	readonly gap?: number;
	/** The tone of a cell, where it is not the cell's own. */
	readonly toneOf?: (tone: Tone) => Tone;
	/** What a title that is cut ends with; default nothing. */
	readonly ellipsis?: SafeText | undefined;
};

/** The columns that fit into `room` cells, in the order of the table, the rest last. `keepsAtMost` bounds their `keeps`. */
export function fitColumns<Shape, Row, Context>(
	table: ReadonlyArray<Column<Shape, Row, Context>>,
	shape: Shape,
	room: number,
	{gap = 1, keepsAtMost = Number.POSITIVE_INFINITY}: {readonly gap?: number; readonly keepsAtMost?: number} = {},
): FittedColumns<Shape, Row, Context> {
	const widths = new Map<string, number>();
	let left = room;

	function take({id, gap: after = gap}: Column<Shape, Row, Context>, width: number): void {
		widths.set(id, width);
		left -= width === 0 ? 0 : width + after;
	}

	for (const column of table.filter(({priority, isRest}) => priority === undefined && !isRest)) {
		take(column, column.cells(shape, left));
	}

	left = Math.max(0, left);
	const byPriority = table
		.filter(({priority}) => priority !== undefined)
		.toSorted((one, other) => (one.priority ?? 0) - (other.priority ?? 0));
	for (const column of byPriority) {
		const {needs, keeps = 0, gap: after = gap} = column;
		const wanted = needs === undefined || (widths.get(needs) ?? 0) > 0 ? column.cells(shape, left) : 0;
		take(column, wanted > 0 && left - wanted - after >= Math.min(keeps, keepsAtMost) ? wanted : 0);
	}

	return table
		.map(column => ({...column, width: widths.get(column.id) ?? (column.isRest ? left : 0)}))
		.filter(({width}) => width > 0)
		.toSorted((one, other) => Number(one.isRest ?? false) - Number(other.isRest ?? false));
}

/** Cells of a column; 0: it is not there. */
export function widthOfColumn(
	columns: ReadonlyArray<{readonly id: string; readonly width: number}>,
	id: string,
): number {
	return columns.find(column => column.id === id)?.width ?? 0;
}

/** Puts the titles of the columns into a line. */
export function putTitles<Shape, Row, Context>(
	cells: Cells,
	columns: FittedColumns<Shape, Row, Context>,
	context: PaneContext,
	style: ColumnStyle = {},
): Cells {
	const ellipsis = 'ellipsis' in style ? style.ellipsis : own('');
	for (const {title, width, align = 'left', indent = 0, gap = style.gap ?? 1, isRest} of columns) {
		const text = typeof title === 'function' ? title(context) : title;
		cells.gap(indent);
		if (isRest) {
			cells.put(text, 'dim');
		} else {
			cells.field(text, width, 'dim', ellipsis === undefined ? {align} : {align, ellipsis}).gap(gap);
		}
	}

	return cells;
}

/** Puts the cells of a row into its line. */
export function putRow<Shape, Row, Context>(
	cells: Cells,
	columns: FittedColumns<Shape, Row, Context>,
	context: Context,
	row: Row,
	{gap = 1, toneOf = tone => tone}: ColumnStyle = {},
): Cells {
	for (const {cell, width, align = 'left', cut = 'end', indent = 0, gap: after = gap, isRest} of columns) {
		const content = cell(context, row, width);
		cells.gap(indent);
		if (!('tone' in content)) {
			cells.segments(content);
		} else if (isRest) {
			cells.put(content.text, toneOf(content.tone));
		} else {
			cells.field(content.text, width, toneOf(content.tone), {align, cut});
		}

		cells.gap(isRest ? 0 : after);
	}

	return cells;
}
