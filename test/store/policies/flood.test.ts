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
