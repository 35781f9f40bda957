/**
The help: the keys that count in the pane behind it, made from the binding table; then the query language, the badges, and
where files are. It scrolls as one list; `/` finds a key.
*/
import {own, type SafeText, safe} from '../../text/safe.js';
import {widthOf, wrap} from '../../text/width.js';
import type {Line} from '../frame/line.js';
import type {KindId} from '../frame/pane-ids.js';
import {type HelpPage, helpPages} from '../keys/key-help.js';
import type {Scope} from '../keys/keymap.js';
import {kinds} from '../panes/pane-kinds.js';
import type {UiState} from '../state/state.js';
import {blankLine, Cells, segment} from '../widgets/cells.js';
import {boxed, type OverlayContext, roomIn, rowsIn, type Size} from './boxed.js';
import {secondPage} from './help-words.js';

function scopeBehind(ui: UiState): Scope {
	if (ui.view !== 'main') {
		return ui.view;
	}
	return ui.timeline.active ? 'timeline' : ui.focus;
}

/** The scope whose keys the help lists, in words. */
function aboutScope(scope: Scope): SafeText {
	return Object.hasOwn(kinds, scope) ? kinds[scope as KindId].about : own`${safe(scope)}`;
}

/** One group of keys under its title; the words wrap beside the keys. */
export function groupLines({title, entries}: HelpPage, width: number): Line[] {
	const lines: Line[] = [new Cells(width).put(title, 'strong').end()];
	const keys = Math.min(width >> 1, Math.max(10, ...entries.map(entry => widthOf(entry.keys) + 2)));
	for (const entry of entries) {
		const rows = wrap(entry.help, Math.max(4, width - keys - 1));
		for (const [index, row] of rows.entries()) {
			const cells = new Cells(width).gap();
			cells.field(index === 0 ? entry.keys : own(''), keys - 1, 'accent').gap();
			lines.push(cells.put(row).end());
		}
	}
	return lines;
}

/** Groups in columns of about the same height, in their order. */
function inColumns(pages: readonly HelpPage[], width: number, count: number): Line[] {
	const gap = 3;
	const wide = Math.floor((width - gap * (count - 1)) / count);
	const blocks = pages.map(page => [...groupLines(page, wide), blankLine(wide)]);
	const all = blocks.reduce((sum, block) => sum + block.length, 0);
	const columns: Line[][] = Array.from({length: count}, () => []);
	let at = 0;
	for (const block of blocks) {
		const column = columns[at];
		if (column && at < count - 1 && column.length > 0 && column.length + (block.length >> 1) > all / count) {
			at++;
		}
		columns[at]?.push(...block);
	}
	const height = Math.max(0, ...columns.map(column => column.length));
	return Array.from({length: height}, (_, row) => {
		const cells = new Cells(width);
		for (const [index, column] of columns.entries()) {
			if (index > 0) {
				cells.gap(gap);
			}
			cells.segments(column[row] ?? blankLine(wide));
		}
		return cells.end();
	});
}

const wanted = 150;

/** Every line of the help, on screen or not: the actions scroll no further than its length. */
export function helpLines(context: OverlayContext, size: Size): Line[] {
	const {overlay} = context.ui;
	const search = overlay?.type === 'help' ? overlay.search : undefined;
	const width = roomIn(size, wanted);
	const pages = helpPages(scopeBehind(context.ui), search ?? '', {allowWrite: context.ui.allowWrite});
	const columns = width >= 130 ? 3 : width >= 84 ? 2 : 1;
	if (pages.length === 0) {
		return [new Cells(width).put(own`no key does "${safe(search ?? '', 64)}"`, 'warn').end()];
	}
	const keys = inColumns(pages, width, columns);
	return search ? keys : [...keys, ...inColumns(secondPage(context), width, Math.min(columns, 2))];
}

export function helpOverlay(context: OverlayContext, size: Size): Line[] {
	const {ui} = context;
	const {overlay} = ui;
	if (overlay?.type !== 'help') {
		return [];
	}
	const lines = helpLines(context, size);
	const rows = rowsIn(size);
	const first = Math.min(overlay.scroll, Math.max(0, lines.length - rows));
	const place = own`${Math.min(lines.length, first + rows)}/${lines.length}`;
	const find = overlay.search === undefined ? own('/ find a key') : own`find: ${safe(overlay.search, 64)}_`;
	return boxed(context, size, {
		title: own`Help: ${aboutScope(scopeBehind(ui))}`,
		hint: [segment(own`${place}  j/k scroll  ${find}  Esc`, 'dim')],
		foot: ui.allowWrite
			? own('--allow-write: m in the policies view switches a policy between monitor and enforce')
			: own('read-only: tetratop never kills or edits anything in the cluster'),
		lines: lines.slice(first, first + rows),
		width: roomIn(size, wanted),
	});
}
