import assert from 'node:assert/strict';
import {test} from 'node:test';
import {own} from '../../../source/text/safe.js';
import {asciiGlyphs, chooseCharset, unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import type {Line} from '../../../source/ui/frame/line.js';
import {chooseTheme, paintLine, themeNames, themes} from '../../../source/ui/frame/theme.js';

function parameters(text: string): number[] {
	return [...text.matchAll(/\[(\d+)m/g)].map(match => Number(match[1]));
}

function isColor(parameter: number): boolean {
	return parameter >= 30 && parameter !== 39;
}

test('NO_COLOR, --color=never and a terminal without colours leave attributes only', () => {
	const environments = [{TERM: 'xterm', NO_COLOR: '1'}, {TERM: 'dumb'}, {TERM: 'vt100'}];
	for (const environment of environments) {
		assert.equal(chooseTheme(environment).name, 'mono');
	}
	assert.equal(chooseTheme({TERM: 'xterm'}, {color: 'never', theme: 'light'}).name, 'mono');
	for (const {on} of Object.values(themes.mono.tones)) {
		assert.ok(!parameters(on).some(isColor));
	}
});

test('an empty NO_COLOR counts for nothing, and --color=always is stronger than a full one', () => {
	assert.equal(chooseTheme({TERM: 'xterm', NO_COLOR: ''}).name, 'default');
	assert.equal(chooseTheme({TERM: 'xterm', NO_COLOR: '1'}, {color: 'always', theme: 'light'}).name, 'light');
});

test('every theme stays in the 16 colours and ends what it begins', () => {
	const endings: Record<number, number> = {1: 22, 2: 22, 4: 24, 7: 27};
	for (const name of themeNames) {
		for (const {on, off} of Object.values(themes[name].tones)) {
			const begun = parameters(on);
			assert.ok(begun.every(each => each < 10 || (each >= 30 && each < 38) || (each >= 90 && each < 98)));
			assert.deepEqual(new Set(parameters(off)), new Set(begun.map(each => endings[each] ?? 39)));
		}
	}
});

test('without colours a kill, a would-kill and plain text still differ', () => {
	const {killed, would, plain, paused, unseen} = themes.mono.tones;
	assert.equal(new Set([killed.on, would.on, plain.on]).size, 3);
	assert.ok(parameters(paused.on).includes(7) && parameters(unseen.on).includes(7));
});

test('a row is one string, and is made once for a theme', () => {
	const line: Line = [
		{text: own('KILLED'), tone: 'killed'},
		{text: own(' curl'), tone: 'plain'},
	];
	const first = paintLine(line, themes.default);
	assert.equal(first, '\u001B[1m\u001B[31mKILLED\u001B[22m\u001B[39m curl');
	assert.equal(paintLine(line, themes.mono), '\u001B[7mKILLED\u001B[27m curl');
	assert.equal(paintLine(line, themes.default), first);
});

test('the locale and the terminal decide between the glyphs', () => {
	const utf8 = {TERM: 'xterm-256color', LANG: 'en_US.UTF-8'};
	assert.equal(chooseCharset(utf8), 'unicode');
	assert.equal(chooseCharset({...utf8, LANG: 'C.utf8'}), 'unicode');
	assert.equal(chooseCharset(utf8, {ascii: true}), 'ascii');
	assert.equal(chooseCharset({...utf8, LC_ALL: 'C'}), 'ascii', 'LC_ALL is stronger than LANG');
	assert.equal(chooseCharset({...utf8, LC_ALL: '', LC_CTYPE: 'de_DE.ISO-8859-1'}), 'ascii');
	assert.equal(chooseCharset({TERM: 'xterm'}), 'ascii', 'no locale is the C locale');
	for (const TERM of ['linux', 'dumb', 'vt100', 'vt220', '']) {
		assert.equal(chooseCharset({...utf8, TERM}), 'ascii', TERM);
	}
	assert.equal(chooseCharset({...utf8, TERM: 'screen'}), 'unicode');
});

test('the ASCII twins are ASCII, and steps of a sparkline are one cell each', () => {
	for (const glyph of Object.values(asciiGlyphs).flat()) {
		assert.match(glyph, /^[ -~]+$/);
	}
	assert.equal(asciiGlyphs.spark.length, 8);
	assert.equal(unicodeGlyphs.spark.length, 8);
	assert.deepEqual(Object.keys(asciiGlyphs).sort(), Object.keys(unicodeGlyphs).sort());
});

test('no glyph is an emoji, a variation selector, braille or from the private use area', () => {
	for (const glyph of Object.values(unicodeGlyphs).flat()) {
		assert.doesNotMatch(glyph, /\p{Emoji_Presentation}|\p{Variation_Selector}|\p{Co}|\p{Script=Braille}/u);
	}
});
