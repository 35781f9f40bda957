import assert from 'node:assert/strict';
import test from 'node:test';
import {Arrival} from '../../../source/store/arrival.js';
import {asksForWhole} from '../../../source/tetragon/filter/whole-policies.js';
import {actor, counters, policy, Scene, startMs} from '../scene.js';

function killing(signal: number) {
	return policy('ENFORCE', {stats: counters({signal, post: signal})});
}

/** Two kills of other pods are counted, and no event of them comes. */
function played(scene: Scene): Scene {
	scene.policies(0, killing(0));
	scene.policies(10, killing(2));
	for (let seconds = 10; seconds < 40; seconds += 0.5) {
		scene.tick(seconds);
	}

	return scene;
}

test('asking for less raises no alarm: what was not asked for is neither UNSEEN nor MISSED', () => {
	for (const request of [{allow_list: [{pod_regex: ['^xwing$']}]}, {deny_list: [{pod_regex: ['^xwing$']}]}]) {
		const scene = new Scene();
		scene.store.setRequest(scene.node, name => asksForWhole(request, name));
		assert.deepEqual(played(scene).states(), [], JSON.stringify(request));
		const [row] = scene.store.policyRows();
		assert.deepEqual([row?.unseen, row?.missed, row?.notAsked, row?.isWhole], [0, 0, 2, false]);
	}
});

test('asking for all of a policy keeps its alarms, whatever else is left out', () => {
	const scene = new Scene();
	scene.store.setRequest(scene.node, name => asksForWhole({allow_list: [{policy_names: ['deny-shadow']}]}, name));
	assert.deepEqual(played(scene).states(), ['UNSEEN×2']);
	assert.equal(scene.store.policyRows()[0]?.notAsked, 0);
});

test('an event that the filter flags leave out here explains what its policy counted', () => {
	const scene = new Scene();
	scene.policies(0, killing(0));
	const cat = actor();
	const event = {
		time: new Date(startMs + 3000).toISOString(),
		process_kprobe: {process: cat, policy_name: 'deny-shadow', action: 'KPROBE_ACTION_SIGKILL'},
	};
	const line = Buffer.from(JSON.stringify(event));
	scene.store.pass(scene.node, new Arrival().line(line, event), startMs + 3000);
	scene.policies(10, killing(1));
	for (let seconds = 10; seconds < 30; seconds++) {
		scene.tick(seconds);
	}

	assert.deepEqual(scene.states(), []);
});
