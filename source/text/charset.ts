/**
What the terminal can show. It is set once, before the first frame, from the locale and the flags (ui/glyphs.ts decides);
every text that passes `safe` and every default ellipsis follows it, so that no pane can forget it.
*/
export type Charset = 'unicode' | 'ascii';

let current: Charset = 'unicode';

export const charset = (): Charset => current;

/** For the start of the program and for tests. Text made safe before the change stays as it was. */
export const setCharset = (next: Charset): void => {
	current = next;
};
