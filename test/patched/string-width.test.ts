import assert from 'node:assert/strict';
import test from 'node:test';
import {LateRegExp, quickWidth} from '../../source/patched/string-width.js';

/** Counts calls; the width is a number that no text here has. */
function counting(): {readonly measure: () => number; readonly calls: () => number} {
	let count = 0;
	return {measure: () => ++count + 100, calls: () => count};
}

test('a coloured row of one-cell characters is not measured', () => {
	const {measure, calls} = counting();
	assert.equal(quickWidth('\u001B[1;31m│ pod-é … ●\u001B[0m', measure), 11);
	assert.equal(quickWidth('', measure), 0);
	assert.equal(calls(), 0);
});

test('another text is measured once, and again when 4 000 others came', () => {
	const {measure, calls} = counting();
	assert.equal(quickWidth('漢', measure), 101);
	assert.equal(quickWidth('漢', measure), 101);
	assert.equal(calls(), 1);
	for (let index = 0; index <= 4000; index++) {
		quickWidth(`字${index}`, () => 0);
	}

	assert.equal(quickWidth('漢', measure), 102);
});

test('a text of more than 1 000 units is measured each time', () => {
	const {measure, calls} = counting();
	quickWidth('漢'.repeat(1001), measure);
	quickWidth('漢'.repeat(1001), measure);
	assert.equal(calls(), 2);
	quickWidth('字'.repeat(1000), measure);
	quickWidth('字'.repeat(1000), measure);
	assert.equal(calls(), 3);
});

test('a late expression is compiled when a text is tested', () => {
	const broken = new LateRegExp('(', 'v');
	assert.throws(() => broken.test('a'), SyntaxError);
	assert.ok(new LateRegExp(String.raw`^\p{RGI_Emoji}$`, 'v').test('👍🏽'));
});
