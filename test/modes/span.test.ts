import assert from 'node:assert/strict';
import test from 'node:test';
import {Newest, SpanTally, spanOf} from '../../source/modes/span.js';
import {momentMs, parseMoment} from '../../source/moment.js';
import {Refusal} from '../../source/problem.js';

const now = Date.parse('2026-11-28T12:00:00Z');

function at(text: string): string | undefined {
	const moment = parseMoment(text);
	return moment && new Date(momentMs(moment, now)).toISOString();
}

test('times are taken as kubectl, stern and people write them', () => {
	const rows: ReadonlyArray<readonly [string, string | undefined]> = [
		['10m', '2026-11-28T11:50:00.000Z'],
		['2h30m', '2026-11-28T09:30:00.000Z'],
		['2d', '2026-11-26T12:00:00.000Z'],
		['-5m', '2026-11-28T11:55:00.000Z'],
		['11:59', '2026-11-28T11:59:00.000Z'],
		['12:04', '2026-11-27T12:04:00.000Z'],
		['12:04:05', '2026-11-27T12:04:05.000Z'],
		['2026-11-28T12:04Z', '2026-11-28T12:04:00.000Z'],
		['2026-11-28T12:04:05+02:00', '2026-11-28T10:04:05.000Z'],
		['2026-11-28T11:04', '2026-11-28T11:04:00.000Z'],
		['2026-11-28', '2026-11-28T00:00:00.000Z'],
		['0', '2026-11-28T12:00:00.000Z'],
		['', undefined],
		['10', undefined],
		['10x', undefined],
		['24:00', undefined],
		['12:60', undefined],
		['2026-02-30', undefined],
		['yesterday', undefined],
		[`${'9'.repeat(400)}d`, undefined],
	];
	for (const [text, right] of rows) {
		assert.equal(at(text), right, text);
	}
});

test('a span that can have no event is refused in one sentence', () => {
	const rows = [
		[{since: '2026-11-28T13:00Z'}, /--since .* is in the future|it is in the future/],
		[{until: '2026-11-28T13:00Z'}, /in the future/],
		[{since: '10m', until: '20m'}, /is not before/],
	] as const;
	for (const [words, why] of rows) {
		assert.throws(
			() => spanOf({since: undefined, until: undefined, last: undefined, ...words}, now),
			(error: unknown) => error instanceof Refusal && why.test(error.why) && error.fix !== '',
		);
	}
});

test('a span that nobody has, and events without a time, are said', () => {
	const span = spanOf({since: '10m', until: undefined, last: undefined}, now);
	const tally = new SpanTally(span);
	assert.equal(tally.has(now - 3_600_000), false);
	assert.equal(tally.has(Number.NaN), false);
	assert.match(
		tally.sentence() ?? '',
		/^no event between 2026-11-28T11:50:00Z and now: there are events from 2026-11-28T11:00:00Z to .*; 1 event has no time/,
	);
	assert.equal(tally.has(now - 1000), true);
	assert.match(tally.sentence() ?? '', /^1 event has no time/);
	const all = new SpanTally(spanOf({since: '0', until: undefined, last: undefined}, now));
	assert.equal(all.has(Number.NaN), true);
	assert.equal(all.sentence(), undefined);
});

test('the newest of all are kept in their order, in bounded memory', () => {
	const newest = new Newest<number>(3);
	for (let index = 0; index < 10_000; index++) {
		newest.add(index, index === 17 ? 99_999 : index);
	}

	newest.add(-1, Number.NaN);
	assert.deepEqual(newest.all(), [17, 9998, 9999]);
});
