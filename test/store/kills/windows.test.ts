/** The time windows and bounds of the kills, each at its edge. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type EnforcementRecord, newRecord} from '../../../source/store/kills/enforcement-record.js';
import {KillGroups} from '../../../source/store/kills/kill-groups.js';
import {type Actor, actor, counters, policy, Scene, signals, startMs} from '../scene.js';

/** In enforce mode; `shell` runs and `next` is the image that it execs into, whose exec was never seen. */
function scene(): {readonly scene: Scene; readonly shell: Actor; readonly next: Actor} {
	const made = new Scene();
	const shell = actor();
	made.policies(0, policy('ENFORCE'));
	made.exec(0, shell);
	return {scene: made, shell, next: actor({pid: shell.pid ?? 0, parent: shell})};
}

test('the exit of a later image proves a kill when it happened at most 5 s after the hook', () => {
	for (const [seconds, state] of [
		[6, 'KILLED×1'],
		[6.001, 'KILL-SENT×1'],
	] as const) {
		const {scene: made, shell, next} = scene();
		made.hook(1, shell);
		made.exit(seconds, next, 'SIGKILL');
		assert.deepEqual(made.states(), [state], `${seconds}`);
	}
});

test('an exit that the agent held back for up to 35 s is matched by pid, a later one is not', () => {
	for (const [held, state] of [
		[34.9, 'KILLED×1'],
		[35, 'KILL-SENT×1'],
	] as const) {
		const {scene: made, shell, next} = scene();
		made.hook(1, shell);
		made.tick(1 + held);
		made.exit(1.1, next, 'SIGKILL', 0, held);
		assert.deepEqual(made.states(), [state], `${held}`);
	}
});

test('the newest 4 096 kills wait for an exit by pid', () => {
	for (const [others, state] of [
		[4095, 'KILLED×1'],
		[4096, undefined],
	] as const) {
		const {scene: made, shell, next} = scene();
		made.hook(1, shell);
		const other = actor({pod: 'other'});
		made.exec(1, other);
		for (let index = 0; index < others; index++) {
			made.hook(1, other);
		}

		made.exit(1.1, next, 'SIGKILL');
		assert.equal(
			made.states().find(row => row.startsWith('KILLED')),
			state,
			`${others}`,
		);
	}
});

test('a hook event without an exec_id finds its process among the newest 256 exits by SIGKILL', () => {
	for (const [others, state] of [
		[255, 'KILLED×1'],
		[256, 'KILL-SENT×1'],
	] as const) {
		const {scene: made, shell} = scene();
		made.exit(1, shell, 'SIGKILL');
		for (let index = 0; index < others; index++) {
			const other = actor({pid: 100_000 + index});
			made.exec(1, other);
			made.exit(1, other, 'SIGKILL');
		}

		made.send(1, {
			process_kprobe: {
				process: {pid: shell.pid ?? 0},
				function_name: 'security_file_permission',
				policy_name: 'deny-shadow',
				action: signals.kill,
			},
		});
		assert.deepEqual(made.states(), [state], `${others}`);
	}
});

test('a process that is seen more than 1 s after the enforcer was asked was not killed', () => {
	for (const [seconds, state] of [
		[2, 'KILL-SENT×1'],
		[2.001, 'DENIED×1'],
	] as const) {
		const {scene: made, shell} = scene();
		made.hook(1, shell, {action: 'KPROBE_ACTION_NOTIFYENFORCER'});
		made.hook(seconds, shell, {action: 'KPROBE_ACTION_POST'});
		assert.deepEqual(made.states(), [state], `${seconds}`);
	}
});

test('the first policy list of a node gives their mode to the kills of the 30 s before it', () => {
	for (const [seconds, state] of [
		[31, 'KILL-SENT×1'],
		[31.001, 'KILL ?×1'],
	] as const) {
		const made = new Scene();
		const shell = actor();
		made.exec(0, shell);
		made.hook(1, shell);
		made.policies(seconds, policy('ENFORCE'));
		assert.deepEqual(made.states(), [state], `${seconds}`);
	}
});

test('a signal that killed beside a SIGKILL of another policy stays SIGNALLED', () => {
	const {scene: made, shell} = scene();
	made.hook(1, shell, {action: signals.signal});
	made.hook(1, shell);
	made.exit(1.1, shell, 'SIGKILL');
	assert.deepEqual(made.states(), ['KILLED×1', 'SIGNALLED×1']);
});

test('readers are told once more when a sent kill is 5 s old, since its words change then', () => {
	const {scene: made, shell} = scene();
	made.hook(1, shell);
	made.tick(3);
	const {version} = made.store;
	made.tick(4.9);
	const between = made.store.version;
	made.tick(6);
	assert.ok(made.store.version > between);
	made.tick(10);
	const after = made.store.version;
	made.tick(11);
	assert.equal(made.store.version, after);
	assert.ok(version <= between);
});

function record(policyName: string, timeMs: number, pod = 'xwing'): EnforcementRecord {
	return newRecord({
		seq: 1,
		node: 0,
		timeMs,
		arrivedMs: timeMs,
		kind: 'process_kprobe',
		action: 'SIGKILL',
		policy: policyName,
		functionName: pod,
		listedMode: 'enforce',
		clientMs: timeMs,
		policyOnNode: undefined,
		returnedError: undefined,
		process: undefined,
		image: undefined,
		pid: 1,
		chain: [],
		frame: undefined,
		format: 'protobuf',
		count: 1,
	});
}

test('a row keeps its newest 100 kills, and counts all of them', () => {
	const groups = new KillGroups();
	for (let index = 0; index < 101; index++) {
		groups.add(record('one', index));
	}

	const [group] = groups.all();
	assert.deepEqual([group?.kills.length, group?.kills[0]?.timeMs, group?.count], [100, 1, 101]);
});

test('all rows together keep 20 000 kills', () => {
	const groups = new KillGroups();
	for (let index = 0; index < 20_200; index++) {
		groups.add(record(`policy-${index % 202}`, index));
	}

	assert.equal(
		groups.all().reduce((sum, {kills}) => sum + kills.length, 0),
		20_000,
	);
	assert.equal(
		groups.all().reduce((sum, {count}) => sum + count, 0),
		20_200,
	);
});

test('there are 10 000 rows; the oldest acknowledged one goes first', () => {
	const groups = new KillGroups();
	for (let index = 0; index < 10_000; index++) {
		groups.add(record(`policy-${index}`, index));
	}

	assert.equal(groups.all().length, 10_000);
	const seen = groups.all().find(({policy: name}) => name === 'policy-5');
	groups.acknowledge(seen?.id ?? '');
	groups.add(record('new', 20_000));
	assert.equal(groups.all().length, 10_000);
	assert.equal(groups.overflowed, 0);
	assert.ok(!groups.all().some(({policy: name}) => name === 'policy-5'));
	groups.add(record('newer', 20_001));
	assert.equal(groups.overflowed, 1);
	assert.ok(!groups.all().some(({policy: name}) => name === 'policy-0'));
});

test('a kill by the listed mode alone is open 20 s after the last answer: somebody may have switched the mode', () => {
	for (const [mode, seconds, state] of [
		['ENFORCE', 21.9, 'KILLED×1'],
		['ENFORCE', 22.1, 'KILL ?×1'],
		['MONITOR', 22.1, 'KILL ?×1'],
	] as const) {
		const made = new Scene();
		const cat = actor();
		made.policies(0, policy(mode, {stats: counters({signal: 4})}));
		made.exec(2, cat);
		made.hook(2, cat);
		made.exit(2.01, cat, 'SIGKILL');
		made.tick(seconds);
		assert.deepEqual(made.states(), [state], `${mode} ${seconds}`);
		made.policies(30, policy('ENFORCE', {stats: counters({signal: 5})}));
		assert.deepEqual(made.states(), ['KILLED×1'], 'the counters decide when they come after all');
	}
});

test('a restart takes the counters that would have counted a kill: it stays open, and the new ones count new kills only', () => {
	const made = new Scene();
	const [before, after] = [actor(), actor()];
	made.policies(0, policy('ENFORCE', {stats: counters({signal: 1, monitor_signal: 1})}));
	made.exec(5, before);
	made.hook(5, before);
	made.exit(5.01, before, 'SIGKILL');
	assert.deepEqual(made.states(), ['KILLED×1'], 'by its listed mode');
	made.store.rule(made.node, {type: 'restart', reason: 'agent restarted'}, startMs + 6000);
	assert.deepEqual(made.states(), ['KILL ?×1']);
	// More than before the restart: nothing fell.
	made.policies(7, policy('MONITOR', {stats: counters({signal: 1, monitor_signal: 1})}));
	made.exec(20, after);
	made.hook(20, after);
	made.exit(20.01, after, 'SIGKILL');
	made.policies(25, policy('MONITOR', {stats: counters({signal: 1, monitor_signal: 2})}));
	assert.deepEqual(made.states(), ['KILL ?×1', 'WOULD-KILL×1']);
	made.tick(60);
	assert.deepEqual(made.states(), ['KILL ?×1', 'WOULD-KILL×1'], 'and none is UNSEEN');
});

test('counters of most policies that fell are a restart, also for a policy whose own rose beyond what they were', () => {
	const made = new Scene();
	const cat = actor();

	function list(seconds: number, mode: string, counts: Readonly<Record<string, number>>, others: number): void {
		const stats = counters({signal: others});
		made.policies(
			seconds,
			policy(mode, {stats: counters(counts)}),
			policy('ENFORCE', {name: 'other', stats}),
			policy('ENFORCE', {name: 'third', stats}),
		);
	}

	list(0, 'ENFORCE', {signal: 1}, 9);
	made.exec(5, cat);
	made.hook(5, cat);
	made.exit(5.2, cat, 'SIGKILL');
	// Two kills after the restart sent no event; the one before it was somebody's own kill -9 in monitor mode.
	list(15, 'ENFORCE', {signal: 2, monitor_signal: 1}, 1);
	assert.deepEqual(made.states(), ['KILL ?×1']);
});

test('the exit of a reported process that comes between the last poll and a restart explains its kill', () => {
	const made = new Scene();
	const cat = actor();
	made.policies(0, policy('ENFORCE', {stats: counters({signal: 0, post: 0})}));
	made.exec(5, cat);
	made.hook(5, cat, {action: 'KPROBE_ACTION_POST'});
	made.policies(5, policy('ENFORCE', {stats: counters({signal: 1, post: 1})}));
	made.exit(5.01, cat, 'SIGKILL');
	made.store.rule(made.node, {type: 'restart', reason: 'agent restarted'}, startMs + 6000);
	made.policies(7, policy('ENFORCE', {stats: counters({signal: 0, post: 0})}));
	for (let seconds = 8; seconds < 20; seconds += 1) {
		made.tick(seconds);
	}

	assert.deepEqual(made.states(), ['KILLED×1']);
});
