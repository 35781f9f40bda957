import assert from 'node:assert/strict';
import test from 'node:test';
import {LossMeter, readCounters} from '../../source/fleet/loss.js';

function metrics(overflow: number, missed: readonly number[]): string {
	return [
		'# HELP tetragon_notify_overflowed_events_total The total number of events dropped',
		'# TYPE tetragon_notify_overflowed_events_total counter',
		`tetragon_notify_overflowed_events_total ${overflow}`,
		...missed.map((count, index) => `tetragon_bpf_missed_events_total{error="E${index}",msg_op="23 } x"} ${count}`),
		'tetragon_events_total{type="PROCESS_EXEC"} 123',
		'process_start_time_seconds 1.79e+09',
		'go_goroutines 12',
		'# EOF',
	].join('\n');
}

test('counters of loss are read from an agent’s metrics, labels summed', () => {
	const counters = readCounters(metrics(7, [1, 2]));
	assert.deepEqual(
		[...(counters?.lost ?? [])],
		[
			['the agent’s queue for a client was full', 7],
			['BPF could not send them', 3],
		],
	);
	assert.equal(counters?.startedAt, 1.79e9);
});

test('a page without these counters says nothing of loss', () => {
	assert.equal(readCounters(''), undefined);
	assert.equal(readCounters('<html>not found</html>'), undefined);
	assert.equal(readCounters('tetragon_notify_overflowed_events_total NaN\n__proto__ 3'), undefined);
});

test('a comment is no counter, and blanks of any number part a name from its value', () => {
	const lines = ['# tetragon_bpf_missed_events_total 5', 'tetragon_notify_overflowed_events_total \t 7'];
	assert.deepEqual([...(readCounters(lines.join('\n'))?.lost ?? [])], [['the agent’s queue for a client was full', 7]]);
});

test('a counter that appears between two readings counts whole', () => {
	const meter = new LossMeter();
	meter.read(readCounters(metrics(7, [])) ?? assert.fail());
	assert.deepEqual(meter.read(readCounters(metrics(7, [4])) ?? assert.fail()), [
		{count: 4, reason: 'BPF could not send them'},
	]);
});

test('only what was lost since we look is ours, and a restarted agent’s counters are new', () => {
	const meter = new LossMeter();

	function read(overflow: number) {
		return meter.read(readCounters(metrics(overflow, [])) ?? assert.fail());
	}

	assert.deepEqual(read(1000), []);
	assert.deepEqual(read(1000), []);
	assert.deepEqual(read(1250), [{count: 250, reason: 'the agent’s queue for a client was full'}]);
	assert.deepEqual(read(40), [{count: 40, reason: 'the agent’s queue for a client was full'}]);
	assert.equal(meter.total, 290);
});
