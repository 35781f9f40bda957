/** The bounds and windows of the nodes, their rates and their clocks, each at its edge. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {AgentLoss} from '../../../source/store/nodes/agent-loss.js';
import {Skew} from '../../../source/store/nodes/skew.js';
import {Timeline} from '../../../source/store/nodes/timeline.js';
import {Cells, Rate, RecentCount} from '../../../source/store/rates.js';

function skewOf(lagsMs: readonly number[], stepMs = 1): Skew {
	const skew = new Skew();
	for (const [index, lagMs] of lagsMs.entries()) {
		skew.see(lagMs, 1000 + index * stepMs);
	}

	return skew;
}

function times(count: number, lagMs: number): number[] {
	return Array.from({length: count}, () => lagMs);
}

test('five events say something of a clock, four do not', () => {
	assert.equal(skewOf(times(4, -60_000)).words(), '');
	assert.equal(skewOf(times(5, -60_000)).words(), 'its clock is 60.0 s ahead of ours');
});

test('a clock that is 1 s ahead, or 3 s behind in all events, is named; less is jitter', () => {
	assert.equal(skewOf(times(5, -999)).words(), '');
	assert.equal(skewOf(times(5, -999)).isAhead, false);
	assert.notEqual(skewOf(times(5, -1000)).words(), '');
	assert.equal(skewOf(times(5, -1000)).isAhead, true);
	assert.equal(skewOf(times(5, 2999)).words(), '');
	assert.notEqual(skewOf(times(5, 3000)).words(), '');
	assert.equal(skewOf([...times(5, 60_000), 100]).words(), '', 'one event in time shows that the clock is right');
});

test('a window of clocks has 10 s; the one before counts until the new one has five events', () => {
	const late = skewOf(times(5, 60_000));
	late.see(0, 10_999);
	assert.equal(late.words(), '', 'an event in time, in the same window');
	const later = skewOf(times(5, 60_000));
	later.see(0, 11_000);
	assert.notEqual(later.words(), '', 'the first event of the next window');
	const next = skewOf(times(5, -60_000));
	for (let index = 0; index < 4; index++) {
		next.see(0, 11_000 + index);
	}

	assert.equal(next.isAhead, true);
	next.see(0, 11_004);
	assert.equal(next.isAhead, false);
	const sparse = skewOf(times(5, -60_000));
	sparse.see(0, 11_000);
	sparse.see(0, 21_000);
	assert.equal(sparse.isAhead, false, 'a window with too few events says nothing');
});

test('the timeline has an hour', () => {
	const timeline = new Timeline();
	timeline.add('all', 3_600_000);
	timeline.add('all', 1000);
	timeline.add('all', 0);
	const {all} = timeline.cells(1000, 3601, 3_600_000);
	assert.deepEqual([all[0], all[1], all.at(-1)], [0, 1, 1]);
});

test('the throttling of 4 096 cgroups is followed at a time', () => {
	const loss = new AgentLoss();

	function start(number: number) {
		return loss.ruleOf({process_throttle: {type: 'THROTTLE_START', cgroup: `cgroup-${number}`}}, 0, 1);
	}

	for (let number = 0; number < 4096; number++) {
		assert.notEqual(start(number), undefined);
	}

	assert.equal(start(4096), undefined);
	loss.ruleOf({process_throttle: {type: 'THROTTLE_STOP', cgroup: 'cgroup-0'}}, 0, 2);
	assert.notEqual(start(4096), undefined);
});

test('a rate is the mean of the last five full seconds', () => {
	const rate = new Rate();
	for (let second = 0; second < 7; second++) {
		rate.add(second * 1000, 10 ** second);
	}

	assert.equal(rate.perSecond(6000), 111_110 / 5);
	assert.equal(rate.peak(6000), 100_000);
	assert.equal(rate.peak(7000), 1_000_000);
});

test('a spark line has at most 24 cells of 5 s, and all of them are remembered', () => {
	const rate = new Rate();
	for (let second = 0; second < 120; second++) {
		rate.add(second * 1000);
	}

	assert.deepEqual(
		rate.spark(119_000, 30),
		Array.from({length: 24}, () => 5),
	);
	assert.deepEqual(rate.spark(119_000, 2), [5, 5]);
	rate.add(129_000);
	assert.equal(rate.spark(129_000, 24)[0], 5, 'the oldest cell of 24 is whole');
});

test('a recent count covers the current and the previous 5 s', () => {
	const cells = new Cells();
	const recent = new RecentCount();
	recent.add(cells);
	cells.advance(5000);
	recent.add(cells);
	assert.equal(recent.count(cells), 2);
	assert.equal(cells.seconds, 5);
	cells.advance(9500);
	assert.equal(recent.count(cells), 2);
	assert.equal(cells.seconds, 9.5);
	cells.advance(10_000);
	assert.equal(recent.count(cells), 1);
	cells.advance(15_000);
	assert.equal(recent.count(cells), 0);
	recent.add(cells);
	assert.equal(recent.count(cells), 1);
});
