import assert from 'node:assert/strict';
import test from 'node:test';
import {LateSegmenter} from '../../scripts/late-segmenter.js';

test('graphemes are those of Intl.Segmenter, whatever stands beside what', () => {
	const real = new Intl.Segmenter('en', {granularity: 'grapheme'});
	const late = new LateSegmenter('en', {granularity: 'grapheme'});
	const pieces = [
		...'aZ ~\u001B[m',
		...'·×–—’…›→⇿⏎─╿█░■◿●▶◀◼◽✕✖',
		...'\r\n\t\uFE0F\u200D\u0301\u0903\u20E3漢ᄀ가각🇩🇪👍🏽\uD83D',
		'\r\n',
		'👨‍👩‍👧',
	];
	let seed = 11;
	const random = (below: number) => {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return seed % below;
	};

	for (let round = 0; round < 20_000; round++) {
		// Half of the texts hold nothing but what has the short way.
		const among = round % 2 === 0 ? 27 : pieces.length;
		const text = Array.from({length: random(6)}, () => pieces[random(among)]).join('');
		assert.deepEqual(
			Array.from(late.segment(text), ({segment, index}) => ({segment, index})),
			Array.from(real.segment(text), ({segment, index}) => ({segment, index})),
			JSON.stringify(text),
		);
	}
});
