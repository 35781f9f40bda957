import assert from 'node:assert/strict';
import test from 'node:test';
import {runInNewContext} from 'node:vm';
import stringWidth from 'string-width';
import {isOneCellEach, oneCellText} from '../../source/text/one-cell.js';

/** Node's own, not the one that takes the short way. */
const {Segmenter} = runInNewContext('Intl') as typeof Intl;
const segmenter = new Segmenter('en', {granularity: 'grapheme'});

const units = Array.from({length: 0x1_00_00}, (_, unit) => String.fromCharCode(unit));
const oneCell = units.filter(isOneCellEach);

/** With options string-width takes its long way, also where it is patched. */
function measured(text: string): number {
	return stringWidth(text, {});
}

test('the expression and the function name the same characters, and they are the ones tetratop draws with', () => {
	assert.deepEqual(
		units.filter(unit => oneCellText.test(unit)),
		oneCell,
	);
	assert.ok(isOneCellEach('pod-1/a ~ é · × – — ’ … › ← ⇿ ⏎ │ ├─ ▁█ ● ▶ ▼ ◌ ✕ ✖'));
	assert.ok(isOneCellEach(''));
});

test('each of the one-cell characters takes one cell', () => {
	assert.deepEqual(
		oneCell.filter(unit => measured(unit) !== 1),
		[],
	);
});

test('a one-cell character never joins with a one-cell character before it', () => {
	const text = oneCell.flatMap(unit => [unit, unit, 'a', unit]).join('');
	assert.equal([...segmenter.segment(text)].length, text.length);
	assert.equal(measured(text), text.length);
});

test('characters that join, take two cells or none, or may become an emoji are not in the set', () => {
	for (const unit of [
		'\u0000',
		'\n',
		'\u001B',
		'\u007F',
		'\u00A0',
		'\u00AD',
		'©',
		'®',
		'\u0301',
		'\u200D',
		'\uFE0F',
		'◽',
		'漢',
		'\uD83D',
	]) {
		assert.ok(!isOneCellEach(`a${unit}`), JSON.stringify(unit));
	}
});
