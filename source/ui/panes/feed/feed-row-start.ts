/** How a row of the feed is drawn beside what is in it, and the first cell of its line. */
import {Cells} from '../../widgets/cells.js';
import type {PaneContext} from '../pane.js';
import type {CellStyle, FeedColumns} from './feed-columns.js';

export type RowMark = 'none' | 'here' | 'focused' | 'pinned';

export type RowStyle = CellStyle & {
	readonly width: number;
	readonly columns: FeedColumns;
	readonly mark: RowMark;
	/** Of the chosen subtree. */
	readonly barred: boolean;
	/** Equal events that the row stands for. */
	readonly count: number;
};

/** A line with its first cell: the cursor comes before the bar of the subtree. */
export function rowStart(
	{glyphs}: PaneContext,
	{width, mark, barred}: RowStyle,
	isFocused = mark === 'focused',
): Cells {
	const cells = new Cells(width, isFocused ? 'cursor' : undefined);
	if (mark === 'pinned') {
		return cells.put(glyphs.pin, 'accent');
	}

	if (mark !== 'none') {
		return cells.put(glyphs.cursor, mark === 'focused' ? 'focus' : 'dim');
	}

	return barred ? cells.put(glyphs.subtree, 'accent') : cells.gap();
}
