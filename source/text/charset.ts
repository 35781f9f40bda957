/**
The characters that the terminal can show. It is set before the first frame from the locale and the flags (ui/frame/glyphs.ts),
and again where a terminal draws the glyphs in two cells. `safe` and the default ellipsis read it, so that no pane can forget it.
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
