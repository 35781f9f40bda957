import assert from 'node:assert/strict';
import test from 'node:test';
import {widthOf} from '../../../source/text/width.js';
import {unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import {feedTime, timeFormats, timeWidth} from '../../../source/ui/widgets/moments.js';
import {bytes, rate, short, thousands} from '../../../source/ui/widgets/numbers.js';
import {spark} from '../../../source/ui/widgets/spark.js';
import {age, span, stopwatch} from '../../../source/ui/widgets/times.js';

test('numbers are exact with commas, or short in four cells', () => {
	assert.equal(thousands(58_120), '58,120');
	assert.equal(thousands(999), '999');
	assert.equal(thousands(1_234_567), '1,234,567');
	assert.deepEqual([842, 1204, 9990, 58_000, 999_600, 4_100_000].map(short), [
		'842',
		'1.2k',
		'10k',
		'58k',
		'1.0M',
		'4.1M',
	]);
	assert.equal(thousands(Number.NaN), '?');
	for (let count = 1; count < 1e13; count = count * 1.37 + 1) {
		assert.ok(short(count).length <= 4, short(count));
		assert.ok(rate(count / 10).length <= 4, rate(count / 10));
		assert.ok(bytes(count).length <= 5, bytes(count));
	}
});

test('a rate below one is not shown as nothing', () => {
	assert.equal(rate(0.2), '0.2');
	assert.equal(rate(0), '0');
	assert.equal(rate(310), '310');
});

test('an age never takes more than four cells, and a year begins after 364 days', () => {
	for (let ms = 0; ms < 1e15; ms = ms * 1.7 + 1) {
		assert.ok(age(ms).length <= 4, age(ms));
	}
	assert.equal(age(-5), '0s');
	assert.equal(age(Number.NaN), '');
	const dayMs = 86_400_000;
	for (const days of [99, 100, 199, 364]) {
		assert.equal(age(days * dayMs), `${days}d`);
	}

	assert.equal(age(365 * dayMs), '1y');
});

test('spans say two parts, and no NaN reaches the screen', () => {
	assert.equal(span(372_000), '6m12s');
	assert.equal(stopwatch(42_000), '00:00:42');
	for (const words of [span(Number.NaN), stopwatch(Number.NaN), feedTime(Number.NaN, 'clock', 0, undefined)]) {
		assert.doesNotMatch(words, /NaN/);
	}
});

test('each time format keeps to its column', () => {
	const at = Date.UTC(2026, 10, 24, 12, 4, 29, 118);
	for (const format of timeFormats) {
		for (const [now, before] of [
			[at + 500, at - 13],
			[at + 86_400_000 * 3, undefined],
			[at - 1000, at + 1000],
		] as const) {
			const room = timeWidth(format, now, at);
			for (const cells of [10, 12, 13, 14, 18, room]) {
				assert.ok(widthOf(feedTime(at, format, now, before, cells)) <= Math.max(cells, 12), `${format} ${cells}`);
			}
			assert.match(feedTime(at, format, now, undefined, room), format === 'relative' ? / ago$/ : /:29|-24/);
		}
	}
	assert.equal(feedTime(at, 'utc', at, undefined), '12:04:29.118Z');
	assert.equal(feedTime(at, 'delta', at, at - 13), '+0.013 s');
});

test('a sparkline is as wide as asked, and something is never drawn as nothing', () => {
	assert.equal(spark([0, 1, 1000], 5, unicodeGlyphs), '  ▁▂█');
	assert.equal(spark([], 3, unicodeGlyphs), '   ');
	assert.equal(spark([5, 5, 5, 5], 2, unicodeGlyphs), '██');
});
