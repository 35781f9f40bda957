/** The whole screen as Ink draws it, on a terminal of any size: ink-testing-library's terminal always has 100 columns. */
import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {stripVTControlCharacters} from 'node:util';
import {render} from 'ink';
import {createElement} from 'react';
import {App} from '../../source/ui/frame/app.js';
import {unicodeGlyphs} from '../../source/ui/frame/glyphs.js';
import {themes} from '../../source/ui/frame/theme.js';
import {frameOf} from '../../source/ui/screen.js';
import type {User} from './user.js';

class Terminal extends EventEmitter {
	readonly isTTY = true;
	readonly columns: number;
	readonly rows: number;
	last = '';

	constructor(columns: number, rows: number) {
		super();
		this.columns = columns;
		this.rows = rows;
	}

	write(text: string): boolean {
		this.last = text;
		return true;
	}
}

/** What the user sees, drawn by Ink: rows without attributes and without the blanks at their ends. */
export function inkScreen(user: User): string[] {
	const terminal = new Terminal(user.ui.columns, user.ui.rows);
	const look = {glyphs: unicodeGlyphs, theme: themes.default, program: {version: '0.1.0'}};
	const frame = frameOf(user.ui, user.picture, look);
	const ink = render(createElement(App, {source: {subscribe: () => () => {}, current: () => frame}}), {
		stdout: terminal as unknown as NodeJS.WriteStream,
		stdin: new PassThrough() as unknown as NodeJS.ReadStream,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	const drawn = terminal.last;
	ink.unmount();
	return stripVTControlCharacters(drawn)
		.split('\n')
		.map(row => row.trimEnd());
}
