/** The width of a text is what terminals draw: the measured ones of terminals/widths.tsv, and xterm.js in this process. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import stringWidth from 'string-width';
import {own, safe} from '../../source/text/safe.js';
import {widthOf} from '../../source/text/width.js';
import {unicodeGlyphs} from '../../source/ui/frame/glyphs.js';
import {Cells} from '../../source/ui/widgets/cells.js';
import {agreedCells, agreedSource} from './terminals/agreed-source.js';
import {inXtermJs} from './terminals/emulators.js';
import {emulatorNames, measuredWidths} from './terminals/measured.js';

const measured = measuredWidths();
/** Character → its cells in each terminal. */
const cells = new Map<number, readonly number[]>();
for (const {first, last, cells: drawn} of measured) {
	for (let code = first; code <= last; code++) {
		cells.set(code, drawn);
	}
}

/** Clusters that were drawn in other cells than they were counted, by script. */
const clusters: Readonly<Record<string, readonly string[]>> = {
	thai: ['น้ำ', 'กำ', 'ทำงาน'],
	lao: ['ນຳ້', 'ກຳ', 'ຄໍາ'],
	devanagari: ['स्ते', 'क्षि', 'हिन्दी', 'र्क'],
	bengali: ['ক্ষ', 'বাংলা'],
	tamil: ['நிலை', 'கொ', 'க்ஷ'],
	malayalam: ['മലയാളം', 'ക്ക'],
	khmer: ['ខ្មែរ', 'ស្រ្តី'],
	sinhala: ['ශ්‍රී', 'ක්ෂ', 'සිංහල'],
	myanmar: ['မြန်မာ', 'က္က'],
	tibetan: ['བོད', 'ཀྱི'],
	jamo: ['한', 'ᄀ가', 'ᅡ', 'ᆨ', '각', 'ꥠᄀ', 'ힰ'],
	flags: ['🇩🇪', '🇩', '🇩🇪🇫', 'a🇩b'],
	emoji: ['👍', '👍🏽', '👨‍👩‍👧', '⚠️', '1️⃣', '❤️‍🔥', '☠', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
	arabic: ['سَلَام', 'ﷺ'],
	fillers: ['\u3164', '\u115f', '\u2800', '\u00ad', '\u034f'],
	marks: ['e\u0301\u0301\u0301\u0301', '\u0301', 'か\u3099'],
};

/** Random texts of the scripts above and of all characters; the seed is printed. */
const seed = Number(process.env['SEED'] ?? 20_261_128);
let state = seed;

function random(below: number): number {
	state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
	return Math.floor((state / 2_147_483_648) * below);
}

const pieces = Object.values(clusters).flat();

function foreign(): string {
	let text = '';
	for (let length = 1 + random(20); length > 0; length--) {
		const kind = random(4);
		if (kind === 0) {
			text += pieces[random(pieces.length)] ?? '';
		} else if (kind === 1) {
			const parts = [...(pieces[random(pieces.length)] ?? '')];
			text += parts[random(parts.length)] ?? '';
		} else if (kind === 2) {
			text += String.fromCodePoint(random(0x30_00));
		} else {
			text += String.fromCharCode(0x20 + random(0x5f));
		}
	}
	return text;
}

test('what is shown as it is has the same cells in all measured terminals, and these are its width', () => {
	assert.ok(emulatorNames.length >= 5);
	let shown = 0;
	for (const each of measured) {
		for (let code = each.first; code <= each.last; code++) {
			const character = String.fromCodePoint(code);
			if (safe(`a${character}`) === `a${character}`) {
				shown++;
				assert.equal(agreedCells(code, each.cells), widthOf(`a${character}`) - 1, code.toString(16));
			}
		}
	}
	assert.ok(shown > 140_000, `${shown} characters are shown`);
});

test('a character that was not measured is an escape', () => {
	for (let code = 0xa0; code <= 0x10_ff_ff; code++) {
		if (!cells.has(code)) {
			assert.match(safe(`a${String.fromCodePoint(code)}`), /^a\\/, code.toString(16));
		}
	}
});

test('the set in the source is the measured one', () => {
	const source = readFileSync(new URL('../../source/text/agreed.ts', import.meta.url), 'utf8');
	assert.ok(source.split('`')[1] === agreedSource(measured).split('`')[1], 'run test/text/terminals/measure.ts');
});

test('Ink measures as we do', () => {
	for (const text of [...pieces.map(piece => safe(piece)), ...Object.values(unicodeGlyphs).flat(), '日本語', 'naïve']) {
		assert.equal(stringWidth(text), widthOf(text), text);
	}
});

test('our own characters have the same cells everywhere', async () => {
	const drawn = Object.values(unicodeGlyphs).flat().map(String);
	for (const hasGraphemes of [true, false]) {
		const columns = await inXtermJs(drawn, hasGraphemes);
		assert.deepEqual(
			drawn.filter((glyph, index) => columns[index] !== widthOf(glyph)),
			[],
		);
	}
});

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: nested loops over terminals and rows
test(`a row of foreign texts ends where it should in every terminal (SEED=${seed})`, async () => {
	const width = 60;
	const rows: string[] = [];
	for (let count = 0; count < 3000; count++) {
		const row = new Cells(width)
			.put(own('KILLED '))
			.field(safe(foreign()), 12)
			.gap()
			.field(safe(foreign()), 10, 'plain', {cut: 'middle'})
			.gap()
			.put(safe(foreign()))
			.end();
		rows.push(`${row.map(({text}) => text).join('')}|`);
	}

	for (const [at, name] of emulatorNames.entries()) {
		for (const row of rows) {
			let sum = 0;
			for (const character of row) {
				sum += character < '\u007f' ? 1 : (cells.get(character.codePointAt(0) ?? 0)?.[at] ?? Number.NaN);
			}
			// xterm.js without an addon draws new emoji in one cell: never in more than two.
			assert.ok(
				name.startsWith('xterm.js (') ? sum <= width + 1 : sum === width + 1,
				`${name}: ${JSON.stringify(row)}`,
			);
		}
	}

	const [plain, grouping] = await Promise.all([inXtermJs(rows, false), inXtermJs(rows, true)]);
	for (const [index, row] of rows.entries()) {
		assert.ok((plain[index] ?? 99) <= width + 1, JSON.stringify(row));
		assert.equal(grouping[index], width + 1, JSON.stringify(row));
	}
});
