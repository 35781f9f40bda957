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

test('another text has the cells of its characters, and only one with other codes than colours is measured', () => {
	const {measure, calls} = counting();
	for (let round = 0; round < 2; round++) {
		assert.equal(quickWidth('\u001B[31m漢\u001B[0mस्त', measure), 4);
		assert.equal(quickWidth('漢'.repeat(1001), measure), 2002);
	}
	assert.equal(calls(), 0);
	assert.equal(quickWidth('漢\u001B]8;;x\u0007', measure), 101);
	assert.equal(quickWidth('漢\u001B]8;;x\u0007', measure), 101);
});

test('4 000 other texts push one out, and it is measured again', () => {
	for (let index = 0; index <= 4001; index++) {
		assert.equal(
			quickWidth(`字${index}`, () => 0),
			2 + String(index).length,
		);
	}
});

test('a late expression is compiled when a text is tested', () => {
	const broken = new LateRegExp('(', 'v');
	assert.throws(() => broken.test('a'), SyntaxError);
	assert.ok(new LateRegExp(String.raw`^\p{RGI_Emoji}$`, 'v').test('👍🏽'));
});
