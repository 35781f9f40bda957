import assert from 'node:assert/strict';
import test from 'node:test';
import {runInNewContext} from 'node:vm';
import {LateSegmenter} from '../../source/patched/late-segmenter.js';

/** Node's own, which the tests run without. */
const {Segmenter} = runInNewContext('Intl') as typeof Intl;

test('the tests run with the segmenter of the bundle', () => {
	assert.notEqual(Intl.Segmenter, Segmenter);
	assert.equal(Intl.Segmenter.name, LateSegmenter.name);
});

test('graphemes are those of Intl.Segmenter, whatever is beside what', () => {
	const real = new Segmenter('en', {granularity: 'grapheme'});
	const late = new LateSegmenter('en', {granularity: 'grapheme'});
	const pieces = [
		...'aZ ~éßƒ¡\u001B[m',
		...'·×–—’…›→⇿⏎─╿█░■◿●▶◀◼◻✕✖',
		...'\r\n\t\u00A0\u00AD©®\uFE0F\u200D\u0301\u0903\u20E3◽漢ᄀ가각🇩🇪👍🏽\uD83D',
		'\r\n',
		'👨‍👩‍👧',
	];
	// As far as the ✖: the pieces that need no table.
	const short = pieces.indexOf('✖') + 1;
	let seed = 11;
	function random(below: number) {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return seed % below;
	}

	for (let round = 0; round < 20_000; round++) {
		const among = round % 2 === 0 ? short : pieces.length;
		const text = Array.from({length: random(6)}, () => pieces[random(among)]).join('');
		assert.deepEqual(
			Array.from(late.segment(text), ({segment, index}) => ({segment, index})),
			Array.from(real.segment(text), ({segment, index}) => ({segment, index})),
			JSON.stringify(text),
		);
	}
});
