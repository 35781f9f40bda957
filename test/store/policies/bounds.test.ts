/** The bounds and windows of the policies, each at its edge. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actor, counters, policy, Scene, signals} from '../scene.js';

test('an event counts for a poll when it happened at most 1 s after it', () => {
	for (const [seconds, states] of [
		[11, ['KILL-SENT×1']],
		[11.001, ['KILL-SENT×1', 'UNSEEN×1']],
	] as const) {
		const scene = new Scene();
		const shell = actor();
		scene.exec(0, shell);
		scene.policies(0, policy('ENFORCE', {stats: counters({signal: 0})}));
		scene.policies(10, policy('ENFORCE', {stats: counters({signal: 1})}));
		scene.hook(seconds, shell);
		scene.tick(14);
		assert.deepEqual(scene.states(), states, `${seconds}`);
	}
});

test('a counter that rose is an alert when its events had 4 s to arrive', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE', {stats: counters({signal: 0})}));
	scene.policies(10, policy('ENFORCE', {stats: counters({signal: 1})}));
	scene.tick(13.999);
	assert.deepEqual(scene.states(), []);
	scene.tick(14);
	assert.deepEqual(scene.states(), ['UNSEEN×1']);
});

test('4 096 policies of a node are known by its events', () => {
	const scene = new Scene();
	const shell = actor();
	for (let index = 0; index < 4097; index++) {
		scene.hook(1, shell, {policy: `policy-${index}`, action: 'KPROBE_ACTION_POST'});
	}

	assert.equal(scene.store.policyRows().length, 4096);
});

test('the blast radius of a monitor policy has 1 000 workloads and binaries', () => {
	const scene = new Scene();
	scene.policies(0, policy('MONITOR'));
	for (let index = 0; index < 1001; index++) {
		scene.hook(1, actor({binary: `/bin/${index}`}), {action: signals.kill});
	}

	scene.hook(2, actor({binary: '/bin/0'}), {action: signals.kill});
	const [row] = scene.store.policyRows();
	assert.equal(row?.blastRadius.length, 1000);
	assert.deepEqual([row?.blastRadius[0]?.binary, row?.blastRadius[0]?.count], ['/bin/0', 2]);
});

test('a policy is noisy from 1 000 events on that are more than half of all', () => {
	function note(hooks: number, execs: number): string {
		const scene = new Scene();
		const shell = actor();
		for (let index = 0; index < hooks; index++) {
			scene.hook(1, shell, {action: 'KPROBE_ACTION_POST'});
		}

		for (let index = 0; index < execs; index++) {
			scene.exec(1, shell);
		}

		return scene.store.policyRows()[0]?.note ?? '';
	}

	assert.equal(note(999, 0), '');
	assert.equal(note(1000, 0), 'noisy: 100 % of all events');
	assert.equal(note(1000, 999), 'noisy: 50 % of all events');
	assert.equal(note(1000, 1000), '');
});
