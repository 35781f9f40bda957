import assert from 'node:assert/strict';
import test from 'node:test';
import {actor, counters, policy, Scene} from '../scene.js';

test('a flood of denials, far more than are judged anew, raises no UNSEEN', () => {
	const scene = new Scene();
	const cat = actor();
	scene.exec(0, cat);
	let denied = 0;

	function list(seconds: number): void {
		scene.policies(seconds, policy('ENFORCE', {stats: counters({override: denied, post: denied})}));
		scene.tick(seconds);
	}

	list(0.5);
	for (let seconds = 1; seconds <= 20; seconds++) {
		for (let index = 0; index < 500; index++) {
			scene.hook(seconds + index / 1000, cat, {action: 'KPROBE_ACTION_OVERRIDE'});
			denied++;
		}

		list(seconds + 0.9);
	}

	for (let seconds = 21; seconds < 32; seconds++) {
		list(seconds);
	}

	assert.deepEqual(scene.states(), ['DENIED×10000']);
	assert.equal(scene.store.policyRows()[0]?.unseen, 0);
});

test('a monitor flood between two polls hides no later kill without an event, and raises none', () => {
	for (const hidden of [0, 3]) {
		const scene = new Scene();
		const cat = actor();
		scene.exec(0, cat);
		scene.policies(0.5, policy('MONITOR', {stats: counters({signal: 0, monitor_signal: 0})}));
		for (let index = 0; index < 6000; index++) {
			scene.hook(4 + index / 2000, cat, {action: 'KPROBE_ACTION_SIGKILL'});
		}

		const flood = {monitor_signal: 6000, post: 6000};
		scene.policies(10, policy('MONITOR', {stats: counters({signal: 0, ...flood})}));
		for (let seconds = 20; seconds < 40; seconds += 2) {
			scene.policies(seconds, policy('ENFORCE', {stats: counters({signal: hidden, ...flood})}));
			scene.tick(seconds);
		}

		assert.equal(scene.store.policyRows()[0]?.unseen, hidden);
		assert.deepEqual(
			scene.states().filter(state => /UNSEEN/.test(state)),
			hidden === 0 ? [] : [`UNSEEN×${hidden}`],
		);
	}
});
