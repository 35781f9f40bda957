/**
What patches/ink@*-rows.patch adds to Ink's Output. Plain Ink writes every text into a grid of cells and turns each row of
cells into a string, in every frame. Here a row whose texts lie side by side is joined from strings that are kept from
frame to frame. Every other row goes through Ink's own grid. The bytes are the same.
*/

/** An SGR code, as @alcalzone/ansi-tokenize has it. */
type Style = {readonly code: string};
type Character = {readonly value: string; readonly styles: readonly Style[]};
type Cell = Character & {readonly type: 'char'; readonly fullWidth: boolean};

type Operation =
	| {
			readonly type: 'write';
			readonly x: number;
			readonly y: number;
			readonly text: string;
			readonly transformers: ReadonlyArray<(line: string, row: number) => string>;
	  }
	| {readonly type: 'clip' | 'unclip'};
type Write = Extract<Operation, {type: 'write'}>;

/** The caches of Ink's Output; in plain Ink they live for one frame. */
type Caches = {
	readonly widths: Map<string, number>;
	readonly blockWidths: Map<string, number>;
	readonly styledChars: Map<string, readonly Character[]>;
	readonly getStyledChars: (text: string) => readonly Character[];
	readonly getStringWidth: (text: string) => number;
};

/** The functions of @alcalzone/ansi-tokenize, from the copy that Ink itself uses. */
type Ansi = {
	readonly diffAnsiCodes: (from: readonly Style[], to: readonly Style[]) => readonly Style[];
	readonly ansiCodesToString: (codes: readonly Style[]) => string;
	readonly styledCharsToString: (characters: readonly Character[]) => string;
};

/** The part of Ink's Output that rows are drawn from. */
export type Drawing = {
	readonly width: number;
	readonly height: number;
	readonly operations: readonly Operation[];
	readonly applyWriteOperation: (rows: Cell[][], operation: Write, clip: undefined) => void;
};

type Styles = {readonly list: readonly Style[]; readonly key: string};

/**
A text as part of a row: its characters with the codes between them, and the styles at both ends. styledCharsToString()
only compares a character with the one before it, so a row is its pieces and the codes from the end of one to the next.
*/
type Piece = {
	readonly inner: string;
	/** Every character takes at most one cell. */
	readonly isPlain: boolean;
	readonly width: number;
	readonly first: Styles;
	readonly last: Styles;
};

/** Entries of each cache. A full cache is emptied: to fill it again costs one slow frame. */
const maxTexts = 4000;
/** Texts with an object for each character take 20 kB each, and only rows that go cell by cell need them again. */
const maxCharacterTexts = 200;

function trim(map: Map<string, unknown>, most = maxTexts): void {
	if (map.size > most) {
		map.clear();
	}
}

const noStyles: Styles = {list: [], key: ''};

function stylesOf(list: readonly Style[] = []): Styles {
	return list.length === 0 ? noStyles : {list, key: list.map(style => style.code).join('')};
}

const blank: Cell = {type: 'char', value: ' ', fullWidth: false, styles: []};

export class Rows {
	readonly #caches: Caches;
	readonly #ansi: Ansi;
	/** The text of a write → the same text with each code once, as plain Ink passes it to transformers. */
	readonly #normal = new Map<string, string>();
	/** A line after its transformers → its piece. */
	readonly #pieces = new Map<string, Piece>();
	/** Keys of two styles → the codes that lead from one to the other. */
	readonly #ways = new Map<string, string>();

	constructor(caches: Caches, ansi: Ansi) {
		this.#caches = caches;
		this.#ansi = ansi;
	}

	/** What Output.get() returns, or undefined where the drawing has clips or texts of several lines. */
	draw(drawing: Drawing): {readonly output: string; readonly height: number} | undefined {
		this.#trim();
		const writes = drawing.operations.filter(operation => operation.type === 'write');
		if (writes.length < drawing.operations.length || writes.some(({text}) => text.includes('\n'))) {
			return undefined;
		}

		const rows = Array.from({length: drawing.height}, (): Write[] => []);
		for (const write of writes) {
			rows[write.y]?.push(write);
		}

		const lines = rows.map((row, y) => this.#joined(row, drawing.width) ?? this.#cellByCell(drawing, row, y));
		return {output: lines.join('\n'), height: drawing.height};
	}

	#trim(): void {
		trim(this.#caches.widths);
		trim(this.#caches.blockWidths);
		trim(this.#caches.styledChars, maxCharacterTexts);
		trim(this.#normal);
		trim(this.#pieces);
		trim(this.#ways);
	}

	/** undefined: the texts overlap, are cut at the edge, or hold a character of two cells. */
	#joined(writes: readonly Write[], width: number): string | undefined {
		let line = '';
		let x = 0;
		let styles = noStyles;
		for (const write of writes) {
			const piece = this.#pieceOf(write);
			if (!piece.isPlain || write.x < x || write.x + piece.width > width) {
				return undefined;
			}

			if (piece.width === 0) {
				continue;
			}

			if (write.x > x) {
				line += this.#way(styles, noStyles) + ' '.repeat(write.x - x);
				styles = noStyles;
			}

			line += this.#way(styles, piece.first) + piece.inner;
			styles = piece.last;
			x = write.x + piece.width;
		}

		if (x < width) {
			line += this.#way(styles, noStyles) + ' '.repeat(width - x);
			styles = noStyles;
		}

		return (line + this.#way(styles, noStyles)).trimEnd();
	}

	#pieceOf({text, transformers}: Write): Piece {
		let line = this.#normal.get(text);
		if (line === undefined) {
			line = this.#ansi.styledCharsToString(this.#caches.getStyledChars(text));
			this.#normal.set(text, line);
		}

		for (const transformer of transformers) {
			line = transformer(line, 0);
		}

		let piece = this.#pieces.get(line);
		if (piece === undefined) {
			piece = this.#newPiece(line);
			this.#pieces.set(line, piece);
		}

		return piece;
	}

	#newPiece(line: string): Piece {
		const characters = this.#caches.getStyledChars(line);
		let inner = '';
		let isPlain = true;
		let before: Character | undefined;
		for (const character of characters) {
			isPlain &&= this.#caches.getStringWidth(character.value) <= 1;
			inner += (before ? this.#codes(before.styles, character.styles) : '') + character.value;
			before = character;
		}

		return {
			inner,
			isPlain,
			width: characters.length,
			first: stylesOf(characters[0]?.styles),
			last: stylesOf(before?.styles),
		};
	}

	#way(from: Styles, to: Styles): string {
		if (from.key === to.key) {
			return '';
		}

		const key = `${from.key}\0${to.key}`;
		let way = this.#ways.get(key);
		if (way === undefined) {
			way = this.#codes(from.list, to.list);
			this.#ways.set(key, way);
		}

		return way;
	}

	#codes(from: readonly Style[], to: readonly Style[]): string {
		return this.#ansi.ansiCodesToString(this.#ansi.diffAnsiCodes(from, to));
	}

	/** One row through Ink's own grid. */
	#cellByCell(drawing: Drawing, writes: readonly Write[], y: number): string {
		const row = Array.from({length: drawing.width}, () => blank);
		const rows: Cell[][] = [];
		rows[y] = row;
		for (const write of writes) {
			drawing.applyWriteOperation(rows, write, undefined);
		}

		// A wide character at the edge leaves holes after the last cell.
		return this.#ansi.styledCharsToString(row.filter(cell => cell !== undefined)).trimEnd();
	}
}
