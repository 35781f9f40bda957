/**
Build-time patches of Ink 8.0.0 and string-width 8.3.0, so that a frame costs what changed in it and not the whole screen.
Each changes no result: a row is a pure function of the texts written to it, so an equal row may be taken from the frame
before.

test/scripts/ink-patches.test.ts shows that patched and plain Ink draw the same screen; bench/frame.ts what it saves.
*/
import {patchPlugin, patchText} from './patches.js';

/** Bounds of the caches that live across frames, in entries; a full one is emptied, for a rebuild costs one slow frame. */
const textEntries = 4000;
/** Texts as an object for every character: 20 kB each, and only wanted again for rows that go cell by cell. */
const characterEntries = 200;

// Characters that string-width counts as one cell and that never join with a neighbour: printable ASCII and the signs
// tetratop draws itself (arrows, box drawing, blocks, geometric shapes, a few more).
const plainSigns = String.raw`\u0020-\u007E\u00B7\u00D7\u2013\u2014\u2019\u2026\u203A\u2190-\u21FF\u23CE\u2500-\u257F\u2580-\u259F\u25B2\u25B6\u25B8\u25BC\u25BE\u25CB\u25CC\u25CF-\u25D3\u2715\u2716`;

const patches = [
	{
		file: /[\\/]ink[\\/]build[\\/]output\.js$/,
		changes: [
			// Styled characters and widths are pure functions of the text: keep them across frames.
			['    caches = new OutputCaches();', '    caches = sharedCaches;'],
			[
				"import { styledCharsFromTokens, styledCharsToString, tokenize, } from '@alcalzone/ansi-tokenize';",
				"import { ansiCodesToString, diffAnsiCodes, styledCharsFromTokens, styledCharsToString, tokenize, } from '@alcalzone/ansi-tokenize';",
			],
			[
				'export default class Output {',
				`const sharedCaches = new OutputCaches();
const trim = (map, most = ${textEntries}) => { if (map.size > most) map.clear(); };
// A text as it stands in a row: its signs with the codes between them, and the styles at both ends. styledCharsToString
// only ever looks from one character to the next, so a row is its texts and what leads from the end of one to the next.
const normal = new Map();
const pieces = new Map();
const noStyles = { styles: [], key: '' };
const styleOf = styles => styles.length === 0 ? noStyles : { styles, key: styles.map(style => style.code).join('') };
const pieceOf = ({ text, transformers }, caches) => {
    let line = normal.get(text);
    if (line === undefined) {
        line = styledCharsToString(caches.getStyledChars(text));
        normal.set(text, line);
    }
    for (const transformer of transformers) {
        line = transformer(line, 0);
    }
    let piece = pieces.get(line);
    if (piece === undefined) {
        const characters = caches.getStyledChars(line);
        let inner = '';
        let isPlain = true;
        for (const [index, { value, styles }] of characters.entries()) {
            isPlain &&= caches.getStringWidth(value) <= 1;
            inner += (index === 0 ? '' : ansiCodesToString(diffAnsiCodes(characters[index - 1].styles, styles))) + value;
        }
        piece = { inner, isPlain, width: characters.length, first: styleOf(characters[0]?.styles ?? []), last: styleOf(characters.at(-1)?.styles ?? []) };
        pieces.set(line, piece);
    }
    return piece;
};
const ways = new Map();
const wayFrom = (from, to) => {
    if (from.key === to.key) {
        return '';
    }
    const key = from.key + '\\u0000' + to.key;
    let way = ways.get(key);
    if (way === undefined) {
        way = ansiCodesToString(diffAnsiCodes(from.styles, to.styles));
        ways.set(key, way);
    }
    return way;
};
// undefined: its texts do not simply stand side by side.
const joined = (operations, width, caches) => {
    let line = '';
    let x = 0;
    let style = noStyles;
    for (const operation of operations) {
        const piece = pieceOf(operation, caches);
        if (!piece.isPlain || operation.x < x || operation.x + piece.width > width) {
            return undefined;
        }
        if (piece.width === 0) {
            continue;
        }
        if (operation.x > x) {
            line += wayFrom(style, noStyles) + ' '.repeat(operation.x - x);
            style = noStyles;
        }
        line += wayFrom(style, piece.first) + piece.inner;
        style = piece.last;
        x = operation.x + piece.width;
    }
    if (x < width) {
        line += wayFrom(style, noStyles) + ' '.repeat(width - x);
        style = noStyles;
    }
    return (line + wayFrom(style, noStyles)).trimEnd();
};
export default class Output {`,
			],
			[
				'        // Initialize output array with a specific set of rows,',
				`        trim(sharedCaches.widths);
        trim(sharedCaches.blockWidths);
        trim(sharedCaches.styledChars, ${characterEntries});
        trim(normal);
        trim(pieces);
        trim(ways);
        // Only unclipped one-line texts: a row is then a pure function of what is written to it, in order.
        if (this.operations.every(operation => operation.type === 'write' && !operation.text.includes('\\n'))) {
            return this.getByRows();
        }
        // Initialize output array with a specific set of rows,`,
			],
			[
				'    get() {',
				`    getByRows() {
        const rows = Array.from({ length: this.height }, () => []);
        for (const operation of this.operations) {
            rows[operation.y]?.push(operation);
        }
        const lines = rows.map((operations, y) => joined(operations, this.width, this.caches) ?? this.rowOfCells(operations, y));
        return { output: lines.join('\\n'), height: this.height };
    }
    // What overlaps, is cut, or has characters of two cells goes cell by cell, as every row does in plain Ink.
    rowOfCells(operations, y) {
        const row = [];
        for (let x = 0; x < this.width; x++) {
            row.push({ type: 'char', value: ' ', fullWidth: false, styles: [] });
        }
        const output = [];
        output[y] = row;
        for (const operation of operations) {
            this.applyWriteOperation(output, operation, undefined);
        }
        return styledCharsToString(row.filter(item => item !== undefined)).trimEnd();
    }
    get() {`,
			],
		],
	},
	{
		file: /[\\/]ink[\\/]build[\\/]squash-text-nodes\.js$/,
		changes: [
			[
				'const squashTextNodes = (node) => {',
				`const squashed = new WeakMap();
const squashTextNodes = (node) => {
    const only = node.childNodes.length === 1 ? node.childNodes[0] : undefined;
    if (only?.nodeName !== '#text') {
        return squashAll(node);
    }
    const before = squashed.get(node);
    if (before?.value === only.nodeValue) {
        return before.text;
    }
    const text = squashAll(node);
    squashed.set(node, { value: only.nodeValue, text });
    return text;
};
const squashAll = (node) => {`,
			],
		],
	},
	{
		file: /[\\/]ink[\\/]build[\\/]line-update\.js$/,
		changes: [['const printableAscii = /^[ -~]*$/u;', `const printableAscii = /^[${plainSigns}]*$/u;`]],
	},
	{
		file: /[\\/]node_modules[\\/]string-width[\\/]index\.js$/,
		changes: [
			// The set of all emoji takes 30 ms to build: only when a text holds a character that may be one.
			[
				String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
				String.raw`let rgiEmoji;
const rgiEmojiRegex = {
	test(text) {
		rgiEmoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v');
		return rgiEmoji.test(text);
	},
};`,
			],
			[
				'export default function stringWidth(input, options = {}) {',
				String.raw`const plain = /^(?:[${'SIGNS'}]|\u001B\[[\d;]*m)*$/;
const sgr = /\u001B\[[\d;]*m/g;
const widths = new Map();
const noOptions = {};
export default function stringWidth(input, options = noOptions) {
	if (options !== noOptions || typeof input !== 'string' || input.length > 1000) {
		return measureString(input, options);
	}

	if (plain.test(input)) {
		return input.includes('\u001B') ? input.replace(sgr, '').length : input.length;
	}

	let width = widths.get(input);
	if (width === undefined) {
		width = measureString(input, options);
		if (widths.size > ${textEntries}) {
			widths.clear();
		}

		widths.set(input, width);
	}

	return width;
}

function measureString(input, options) {`.replace('SIGNS', plainSigns),
			],
		],
	},
];

/** The text of a module of Ink or string-width with its patches; undefined where none is for it. */
export const patchModule = (file, text) => patchText(patches, file, text);

/** The patches as an esbuild plugin. */
export const inkPatches = patchPlugin('ink-patches', /(?:output|squash-text-nodes|line-update|index)\.js$/, patches);
