import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
	attribute,
	type Claim,
	type Family,
	type Poll,
	type Ruling,
	type Trace,
} from '../../../source/store/policies/attribution.js';

const nothing = {
	signal: {enforced: 0, monitored: 0},
	override: {enforced: 0, monitored: 0},
	notify: {enforced: 0, monitored: 0},
};

function poll(atMs: number, enforced: number, monitored: number, family: Family = 'signal'): Poll {
	return {
		askedMs: atMs,
		gotMs: atMs,
		counts: {...nothing, [family]: {enforced, monitored}},
		posts: enforced + monitored,
	};
}

function claim(timeMs: number, trace: Trace, more: Partial<Claim> = {}): Claim {
	return {timeMs, trace, family: 'signal', isExplicit: true, process: timeMs, ...more};
}

function rule(polls: readonly Poll[], ...claims: readonly Claim[]): readonly Ruling[] {
	return attribute(polls, claims).rulings;
}

test('an event before the first poll is not counted, one after the last poll waits', () => {
	assert.deepEqual(rule([], claim(5000, 'enforced')), ['uncounted']);
	assert.deepEqual(rule([poll(0, 0, 0)], claim(5000, 'enforced')), ['pending']);
	assert.deepEqual(rule([poll(60_000, 0, 0)], claim(5000, 'enforced')), ['uncounted']);
});

test('the counter that rose around an event decides, whatever the process did', () => {
	assert.deepEqual(rule([poll(0, 0, 0), poll(10_000, 1, 0)], claim(5000, 'enforced')), ['enforced']);
	assert.deepEqual(rule([poll(0, 0, 0), poll(10_000, 0, 1)], claim(5000, 'enforced')), ['monitored']);
	assert.deepEqual(rule([poll(0, 0, 0), poll(10_000, 1, 0)], claim(5000, 'open')), ['enforced']);
	assert.deepEqual(rule([poll(0, 7, 3), poll(10_000, 7, 4)], claim(5000, 'open')), ['monitored']);
});

test('a switch between two polls: who went on was watched, so who died was killed', () => {
	const polls = [poll(0, 0, 0), poll(10_000, 1, 1)];
	assert.deepEqual(rule(polls, claim(3000, 'monitored'), claim(5000, 'enforced')), ['monitored', 'enforced']);
});

test('an enforced and a watched event in one window, and both died: nobody knows which', () => {
	const polls = [poll(0, 0, 0), poll(10_000, 1, 1)];
	assert.deepEqual(rule(polls, claim(3000, 'enforced'), claim(5000, 'enforced')), ['mixed', 'mixed']);
});

test('an event beside a poll is found in the span that counted it', () => {
	const polls = [poll(0, 0, 0), poll(10_000, 0, 0), poll(20_000, 1, 0)];
	assert.deepEqual(rule(polls, claim(9500, 'enforced')), ['enforced']);
	const late = [poll(0, 0, 0), poll(10_000, 0, 1), poll(20_000, 0, 1)];
	assert.deepEqual(rule(late, claim(10_500, 'enforced')), ['monitored']);
});

test('an answer that came five seconds late may count what happened while it was on its way', () => {
	const slow: Poll = {...poll(10_000, 1, 0), gotMs: 15_000};
	assert.deepEqual(rule([poll(0, 0, 0), slow, poll(20_000, 1, 0)], claim(14_000, 'enforced')), ['enforced']);
});

test('a report is a kill when its process died and a signal is left over, and a report alone otherwise', () => {
	const report = {isExplicit: false};
	const polls = [poll(0, 0, 0), poll(10_000, 1, 0)];
	assert.deepEqual(rule(polls, claim(5000, 'enforced', report)), ['enforced']);
	assert.deepEqual(rule(polls, claim(5000, 'monitored', report)), ['none']);
	assert.deepEqual(rule([poll(0, 0, 0), poll(10_000, 0, 0)], claim(5000, 'enforced', report)), ['uncounted']);
	assert.deepEqual(rule(polls, claim(4000, 'enforced'), claim(5000, 'enforced', report)), ['enforced', 'none']);
});

test('twenty deaths with a report each, 1.2 s apart, are twenty kills however the polls fall', () => {
	const claims = Array.from({length: 20}, (_, index) => claim(10_000 + index * 1200, 'enforced', {isExplicit: false}));
	for (const [every, lateMs] of [
		[1000, 0],
		[10_000, 0],
		[1000, 5000],
		[10_000, 5000],
		[7000, 300],
	] as const) {
		const polls = Array.from({length: Math.ceil(60_000 / every)}, (_, index) => {
			const atMs = index * every;
			const counted = claims.filter(({timeMs}) => timeMs <= atMs).length;
			return {...poll(atMs, counted, 0), gotMs: atMs + lateMs};
		});
		const {rulings, unexplained} = attribute(polls, claims);
		assert.deepEqual(new Set(rulings), new Set(['enforced']), `every ${every} ms, ${lateMs} ms late`);
		assert.deepEqual(unexplained, []);
	}
});

test('what is counted and has no event is unexplained, in its own span of time', () => {
	const polls = [poll(0, 0, 0), poll(10_000, 2, 0), poll(20_000, 2, 0), poll(30_000, 3, 1)];
	const {rulings, unexplained} = attribute(polls, [claim(5000, 'enforced')]);
	assert.deepEqual(rulings, ['enforced']);
	assert.deepEqual(unexplained, [
		{fromMs: -2500, toMs: 11_000, enforced: 1, signal: {enforced: 1, monitored: 0}},
		{fromMs: 17_500, toMs: 31_000, enforced: 1, signal: {enforced: 1, monitored: 1}},
	]);
});

test('counters from before the first poll prove a mode only where the other never rose', () => {
	assert.deepEqual(rule([poll(10_000, 3, 0)], claim(5000, 'enforced')), ['enforced']);
	assert.deepEqual(rule([poll(10_000, 0, 3)], claim(5000, 'enforced')), ['monitored']);
	assert.deepEqual(rule([poll(10_000, 3, 2)], claim(5000, 'enforced')), ['early']);
	assert.deepEqual(attribute([poll(10_000, 3, 0)], []).unexplained, []);
});

/** What really happened, with every poll exact: a mode that changes, hits in it, and people who kill for themselves. */
const story = fc.record({
	hits: fc.array(
		fc.record({gapMs: fc.integer({min: 1, max: 15_000}), isEnforced: fc.boolean(), killsItself: fc.boolean()}),
		{minLength: 1, maxLength: 12},
	),
	everyMs: fc.constantFrom(1000, 2500, 10_000),
	lateMs: fc.integer({min: 0, max: 6000}),
	lost: fc.array(fc.nat({max: 40}), {maxLength: 8}),
	/** How old the counters of an answer are. */
	staleMs: fc.integer({min: 0, max: 1500}),
	/** How far the clock of the events is ahead of that of the polls. */
	aheadMs: fc.integer({min: -900, max: 900}),
});

test('no ruling is ever wrong, whatever is polled and when: enforced and monitored are true, or it is said to be open', () => {
	fc.assert(
		fc.property(story, ({hits, everyMs, lateMs, lost, staleMs, aheadMs}) => {
			let timeMs = 2000;
			const events = hits.map(hit => {
				timeMs += hit.gapMs;
				return {...hit, timeMs};
			});
			const polls: Poll[] = [];
			for (let index = 0; index * everyMs < timeMs + 20_000; index++) {
				if (!lost.includes(index) || index === 0) {
					const readMs = index * everyMs + lateMs / 2 - staleMs;
					const seen = events.filter(event => event.timeMs <= readMs);
					const enforced = seen.filter(({isEnforced}) => isEnforced).length;
					polls.push({...poll(index * everyMs, enforced, seen.length - enforced), gotMs: index * everyMs + lateMs});
				}
			}

			const claims = events.map(event =>
				claim(event.timeMs + aheadMs, event.isEnforced || event.killsItself ? 'enforced' : 'monitored'),
			);
			for (const [index, ruling] of rule(polls, ...claims).entries()) {
				const {isEnforced} = events[index]!;
				assert.ok(ruling !== 'enforced' || isEnforced, `called enforced: ${JSON.stringify(events[index])}`);
				assert.ok(ruling !== 'monitored' || !isEnforced, `called monitored: ${JSON.stringify(events[index])}`);
			}

			const isAmbiguous = events.some(({isEnforced, killsItself}) => !isEnforced && killsItself);
			if (!isAmbiguous) {
				assert.ok(!rule(polls, ...claims).includes('mixed'), 'nobody killed himself: every event is decided');
			}
		}),
		{numRuns: 2000},
	);
});
