/**
What the terminal can show. It is set before the first frame, from the locale and the flags (ui/glyphs.ts decides), and again
where the terminal turns out to draw the glyphs in two cells;
every text that passes `safe` and every default ellipsis follows it, so that no pane can forget it.
*/
export type Charset = 'unicode' | 'ascii';

let current: Charset = 'unicode';

export function charset(): Charset {
	return current;
}

/** Text made safe before the change stays as it was. */
export function setCharset(next: Charset): void {
	current = next;
}
