/** Which rows of a list are on screen. Pure, so that actions and panes agree on it. */

export type Window = {readonly first: number; readonly count: number};

/**
The part of a list of `length` rows that `height` screen lines show.

The row with `cursorIndex` keeps its screen line `screenRow` while others come and go above it; `follow` shows the last
rows. A `cursorIndex` below zero means that nothing is selected. Never leaves lines empty while there are rows for them.
*/
export function windowOf(
	length: number,
	cursorIndex: number,
	screenRow: number,
	height: number,
	follow: boolean,
): Window {
	if (height <= 0 || length <= 0) {
		return {first: 0, count: 0};
	}
	const last = Math.max(0, length - height);
	if (follow) {
		return {first: last, count: Math.min(length, height)};
	}
	const row = Math.min(Math.max(0, screenRow), height - 1);
	const wanted = cursorIndex < 0 ? 0 : Math.min(cursorIndex, length - 1) - row;
	const first = Math.min(Math.max(0, wanted), last);
	return {first, count: Math.min(length - first, height)};
}
