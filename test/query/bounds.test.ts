/** The bounds of the query language and of the ranking, each at its edge. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {rankPods} from '../../source/query/fuzzy.js';
import {isFuzzyMatch} from '../../source/query/fuzzy-match.js';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {inRange, parseRange} from '../../source/query/time-range.js';
import type {Enforcement, Process} from '../../source/store/processes/process.js';
import type {KillGroup} from '../../source/store/snapshot.js';

function pod(name: string, kills = 0, recent = 0) {
	return {namespace: 'default', pod: name, kills, recent};
}

test('a row of kills is asked by what killed, also where its event reports POST or there is none', () => {
	function row(action: string, state: KillGroup['state']): KillGroup {
		const kills =
			action === ''
				? []
				: [{action, kind: 'process_kprobe', seq: 1, candidates: [] as Process[]} as unknown as Enforcement];
		return {state, kills, policy: 'p', policies: ['p'], node: 0, lastMs: 0} as unknown as KillGroup;
	}

	function matches(text: string, group: KillGroup): boolean {
		const parsed = parseChips(text);
		assert.ok('chips' in parsed);
		return matcherOf(parsed.chips, () => '').kill?.(group) ?? true;
	}

	assert.deepEqual(
		(
			[
				['SIGKILL', 'KILLED'],
				['POST', 'KILLED'],
				['', 'UNSEEN'],
				['SIGNAL', 'SIGNALLED'],
				['NOTIFYENFORCER', 'KILLED'],
				['OVERRIDE', 'DENIED'],
			] as const
		).map(([action, state]) => {
			const words = ['sigkill', 'signal', 'notifyenforcer', 'override', 'kill', 'deny'];
			return words.filter(word => matches(`ev=${word}`, row(action, state)));
		}),
		[
			['sigkill', 'kill'],
			['sigkill', 'kill'],
			['sigkill', 'kill'],
			['signal', 'kill'],
			['notifyenforcer', 'kill'],
			['override', 'deny'],
		],
	);
});

test('letters of a fuzzy word lie within twice its length and two more', () => {
	assert.equal(isFuzzyMatch('xyz', 'x-----yz'), true);
	assert.equal(isFuzzyMatch('xyz', 'x------yz'), false);
	assert.equal(isFuzzyMatch('xy', 'x----y'), true);
	assert.equal(isFuzzyMatch('xy', 'x-----y'), false);
	assert.equal(isFuzzyMatch('x', 'y'), false);
});

test('a slip is looked for where fewer than three names have the letters', () => {
	const slip = pod('tiefigther');
	const others = [pod('tiefighter-1'), pod('tiefighter-2'), pod('tiefighter-3')];
	assert.deepEqual(rankPods('tiefighter', [slip, ...others.slice(0, 2)], 20).length, 3);
	assert.deepEqual(rankPods('tiefighter', [slip, ...others], 20).length, 3);
	assert.deepEqual(rankPods('ti', [pod('it')], 20), [], 'two letters are no word yet');
	assert.deepEqual(rankPods('AB', [pod('ab')], 20), [], 'two letters are no word yet');
	assert.equal(rankPods('tie', [pod('ite-tie')], 20).length, 1);
});

test('fuse.js orders the best 200', () => {
	const equals = Array.from({length: 199}, (_, index) => pod(`api-${String(index + 200)}`));
	const first = pod('api-100');
	assert.equal(rankPods('api', [...equals, first], 1)[0], first);
	assert.notEqual(rankPods('api', [...equals, pod('api-199'), first], 1)[0], first);
});

test('very many events do not weigh more than one kill', () => {
	const busy = pod('busy', 0, 70_000);
	const killed = pod('killed', 1, 0);
	assert.deepEqual(rankPods('', [busy, killed], 1), [killed]);
	assert.deepEqual(rankPods('', [pod('a', 5000), pod('b', 1)], 1)[0]?.pod, 'a');
});

test('a day ends at midnight, and a range over midnight has both of its ends', () => {
	assert.deepEqual(parseRange('12:04..12:10'), parseRange('12:04-12:10'));
	assert.deepEqual(parseRange('12:03-'), {from: 43_380_000, to: 86_400_000});
	assert.deepEqual(parseRange('12:03:40'), {from: 43_420_000, to: 43_421_000});
	assert.deepEqual(parseRange('12:03:40.5'), {from: 43_420_500, to: 43_420_501});
	assert.deepEqual(parseRange('12:03:40.123'), {from: 43_420_123, to: 43_420_124});
	assert.equal(parseRange('x12:03'), undefined);
	assert.equal(parseRange('12:03x'), undefined);
	assert.equal(parseRange('12:03-12:04-12:05'), undefined);
	assert.equal(parseRange('24:00'), undefined);
	assert.equal(parseRange('23:60'), undefined);
	assert.equal(parseRange('23:59:60'), undefined);
	const midnight = new Date(2026, 0, 2).getTime();
	const night = {from: 82_800_000, to: 3_600_000};
	assert.deepEqual(
		[-3_600_001, -3_600_000, 0, 3_599_999, 3_600_000].map(ms => inRange(night, midnight + ms)),
		[false, true, true, true, false],
	);
});
