import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {setCharset} from '../../source/text/charset.js';
import {concat, joinSafe, own, type SafeText, safe} from '../../source/text/safe.js';

afterEach(() => setCharset('unicode'));

const escapes: readonly (readonly [string, string, string])[] = [
	['a color', '\u001B[31mred', '\\x1b[31mred'],
	['a title', '\u001B]0;x\u0007', '\\x1b]0;x\\x07'],
	['an unterminated clipboard write', '\u001B]52;c;cm0=; rm -rf /', '\\x1b]52;c;cm0=; rm -rf /'],
	['C1 CSI', '\u009B2J', '\\x9b2J'],
	['line feed, tab, carriage return', 'a\nb\tc\rd', 'a\\nb\\tc\\rd'],
	['NUL, backspace, DEL', '\u0000\b\u007F', '\\x00\\x08\\x7f'],
	['right-to-left override', 'exe\u202Egnp.cod', 'exe\\u202egnp.cod'],
	['isolates and marks', '\u2066\u2069\u200E\u061C', '\\u2066\\u2069\\u200e\\u061c'],
	['zero width', 'a\u200Bb\u200Dc\u2060d', 'a\\u200bb\\u200dc\\u2060d'],
	['BOM', '\uFEFFa', '\\ufeffa'],
	['line and paragraph separator', '\u2028\u2029', '\\u2028\\u2029'],
	['tag characters', 'a\u{E0041}', 'a\\u{e0041}'],
	['variation selectors', '\u26A0\uFE0F \u{E0100}', '\u26A0\\ufe0f \\u{e0100}'],
	['soft hyphen', 'a\u00ADb', 'a\\xadb'],
	['no-break space', 'rm\u00A0-rf', 'rm\\xa0-rf'],
	['Hangul filler', '\u3164', '\\u3164'],
	['lone surrogates', '\uD800a\uDC00', '\\ud800a\\udc00'],
	['private use, unassigned, noncharacter', '\uE0B0\u0378\uFFFF', '\\ue0b0\\u0378\\uffff'],
	['skin tone and keycap', '\u{1F44D}\u{1F3FD} 1\u20E3', '\u{1F44D}\\u{1f3fd} 1\\u20e3'],
	['the third combining mark', 'e\u0301\u0302\u0303\u0304', 'e\u0301\u0302\\u0303\\u0304'],
	['a mark with no base', '\u0301a', '\\u0301a'],
];

test('what a terminal would obey, hide or reorder is written out', () => {
	for (const [what, foreign, wanted] of escapes) {
		assert.equal(safe(foreign), wanted, what);
	}
});

test('what is only text stays as it is', () => {
	for (const text of [
		'/usr/bin/curl -s http://x/?a=1&b=%20',
		'C:\\dir \\d+ a\\',
		'naïve Zürich',
		'日本語',
		'नमस्ते',
		'👍',
		'\uFFFD',
		'e\u0301',
		'',
	]) {
		assert.equal(safe(text), text);
	}
});

function unescaped(text: string): string {
	return text.replace(
		/(\\+)([nrt]|x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]+\})|(\\+)(?=[nrtux])/g,
		(_whole, slashes: string | undefined, body: string, even: string | undefined) => {
			if (slashes === undefined) {
				return '\\'.repeat((even?.length ?? 0) / 2);
			}
			const half = '\\'.repeat(slashes.length >> 1);
			if (slashes.length % 2 === 0) {
				return half + body;
			}
			const named = {n: '\n', r: '\r', t: '\t'}[body];
			return half + (named ?? String.fromCodePoint(Number.parseInt(body.replace(/[^\da-f]/g, ''), 16)));
		},
	);
}

test('an escape of ours is never taken for one that was typed: the text can be had back', () => {
	assert.equal(safe('\\n'), '\\\\n');
	assert.equal(safe('\n'), '\\n');
	const alphabet = ['\\', '\\', 'n', 'x', 'u', '1', 'b', '\n', '\u001B', '\u202E', '{', 'a', '日'];
	let seed = 1;
	for (let round = 0; round < 5000; round++) {
		let foreign = '';
		for (let length = 0; length < 8; length++) {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			foreign += alphabet[seed % alphabet.length];
		}
		assert.equal(unescaped(safe(foreign)), foreign, JSON.stringify(foreign));
	}
});

test('no string at all leaves a control, format, separator or surrogate', () => {
	const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
	for (let code = 0; code <= 0x10_ff_ff; code += code < 0x30_00 || (code >= 0xe0_00_0 && code < 0xe0_20_0) ? 1 : 61) {
		const character = String.fromCodePoint(code);
		assert.doesNotMatch(safe(`a${character}b`), forbidden, code.toString(16));
		setCharset('ascii');
		assert.match(safe(`a${character}b`), /^[ -~]*$/, code.toString(16));
		setCharset('unicode');
	}
});

test('on an ASCII terminal everything else is written out, the escapes of the bytes too', () => {
	setCharset('ascii');
	assert.equal(safe('é日\u001B'), '\\xe9\\u65e5\\x1b');
	assert.equal(safe('naïve → \\n'), 'na\\xefve \\u2192 \\\\n');
});

test('a limit cuts before the work, and never through a character', () => {
	assert.equal(safe('x'.repeat(100_000), 5), 'xxxxx');
	assert.equal(safe('abc👍d', 4), 'abc👍');
});

test('our own text is refused when it is not clean, and joins with safe text', () => {
	assert.equal(own`kills ${3} of ${safe('a\n')}`, 'kills 3 of a\\n');
	assert.throws(() => own`a\u001Bb`, /not clean/);
	assert.throws(() => own('a\u202Eb'), /not clean/);
	const parts: SafeText[] = [own('a'), own('b')];
	assert.equal(joinSafe(parts, own(', ')), 'a, b');
	assert.equal(concat(...parts), 'ab');
	const unknown: string = JSON.parse('"x"');
	// @ts-expect-error a string that the compiler does not know is foreign
	own(unknown);
	// @ts-expect-error the type keeps a raw string out of a safe place
	const wrong: SafeText = unknown;
	assert.ok(wrong);
});
