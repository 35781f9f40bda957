/** One row of the feed: an event in its columns, or a marker across them where something is missing or was marked. */
import type {FeedRow} from '../../../store/snapshot.js';
import {own} from '../../../text/safe.js';
import type {Line} from '../../frame/line.js';
import {wrapSegments} from '../../widgets/cells.js';
import {highlighted} from '../../widgets/matches.js';
import {short} from '../../widgets/numbers.js';
import {putRow, widthOfColumn} from '../columns.js';
import type {PaneContext} from '../pane.js';
import {markerLine} from './feed-marker.js';
import {type RowStyle, rowStart} from './feed-row-start.js';
import {type EventRow, say} from './feed-words.js';

/** A row of a feed that wraps takes at most this many lines; the detail pane has the whole. */
const mostLines = 12;

function eventLines(context: PaneContext, row: EventRow, style: RowStyle): Line[] {
	const {ui, glyphs} = context;
	const {columns, width} = style;
	const detailCells = widthOfColumn(columns, 'detail');
	const room = ui.events.wrap ? detailCells * mostLines : detailCells + ui.events.shift;
	const said = say(context, row, room, widthOfColumn(columns, 'policy') > 0);
	const before = columns.filter(({isRest}) => !isRest);
	const cells = putRow(rowStart(context, style), before, {...context, style, said}, row);
	// The count comes before what may be cut or scrolled away.
	if (style.count > 1) {
		cells.put(own`${glyphs.times}${short(style.count)} `, 'strong');
	}
	const detail = highlighted(said.detail, style.matched ? ui.highlight : undefined, ui.events.shift);
	if (!ui.events.wrap || cells.left < 8) {
		return [cells.segments(detail).end()];
	}
	const indent = width - cells.left;
	const [first = [], ...more] = wrapSegments(detail, cells.left);
	const lines = [cells.segments(first).end()];
	for (const piece of more.slice(0, mostLines - 1)) {
		const isFocused = style.mark === 'focused';
		const next = rowStart(context, {...style, mark: 'none'}, isFocused);
		lines.push(
			next
				.gap(indent - 1)
				.segments(piece)
				.end(),
		);
	}
	return lines;
}

/** One line, or as many as the row needs where the feed wraps. */
export function feedLines(context: PaneContext, row: FeedRow, style: RowStyle): readonly Line[] {
	return row.type === 'event' ? eventLines(context, row, style) : [markerLine(context, row, style)];
}
