/** Texts at the very cell and unit where they are cut. */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {setCharset} from '../../source/text/charset.js';
import {own, repeatSafe, safe, sliceSafe} from '../../source/text/safe.js';
import {fit as fitted, wrap} from '../../source/text/width.js';

afterEach(() => setCharset('unicode'));

test('a limit keeps a pair whole, and takes no unit more after a character of one unit', () => {
	assert.equal(safe('a\u{1F44D}b', 2), 'a\u{1F44D}');
	assert.equal(safe('a\u{1F44D}b', 3), 'a\u{1F44D}');
	assert.equal(safe('日本', 1), '日');
	setCharset('ascii');
	assert.equal(safe('a\u{10000}b', 2), 'a\\u{10000}');
	assert.equal(safe('a\u{10FC00}b', 2), 'a\\u{10fc00}');
	assert.equal(safe('\uFF5Eb', 1), '\\uff5e');
	assert.equal(safe('abc', 3), 'abc');
});

test('the length of an escape changes at U+0100 and at U+10000', () => {
	setCharset('ascii');
	assert.equal(safe('\u00FF\u0100\uFFFD\u{10000}'), '\\xff\\u0100\\ufffd\\u{10000}');
});

test('a text that just fits is not cut, and one that does not keeps as many wide characters as fit', () => {
	assert.equal(fitted(own('日本語'), 6), '日本語');
	assert.equal(fitted(own('日本語'), 5), '日本…');
	assert.equal(fitted(own('日本語'), 5, {cut: 'start'}), '…本語');
	assert.equal(fitted(own('日本語'), 4, {cut: 'start'}), '…語 ');
	for (const cut of ['start', 'middle', 'end'] as const) {
		assert.equal(fitted(own('日本語'), 0, {cut}), '');
		assert.equal(fitted(own('abc'), -3, {cut}), '');
		assert.equal(fitted(own('日本語'), -3, {cut}), '');
	}

	assert.equal(fitted(own('日本語日本語'), 9, {cut: 'middle'}), '日本…本語');
});

test('a row that just fits is one row, and a break is at the last space that the row reaches', () => {
	assert.deepEqual(wrap(own('ab cd'), 5), ['ab cd']);
	assert.deepEqual(wrap(own('a bcd ef'), 5), ['a bcd', 'ef']);
	assert.deepEqual(wrap(own(' abcdef'), 4), [' abc', 'def']);
});

test('a repetition below zero is empty, and a slice takes the units it names', () => {
	assert.equal(repeatSafe(own('ab'), -1), '');
	assert.equal(repeatSafe(own('ab'), 2), 'abab');
	assert.equal(sliceSafe(own('abcd'), 1, 3), 'bc');
	assert.equal(sliceSafe(own('abcd'), 2), 'cd');
});
