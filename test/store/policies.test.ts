import assert from 'node:assert/strict';
import test from 'node:test';
import {actor, counters, policy, Scene, startMs} from './scene.js';

/** A policy that posts what it kills, and its counters. */
const killing = (signal: number) => policy('ENFORCE', {stats: counters({signal, post: signal})});

/** Two kills before the poll at 10 s, neither with its event: UNSEEN×2 at 14 s. */
const twoUnseen = () => {
	const scene = new Scene();
	scene.policies(0, killing(0));
	const cats = [actor(), actor()] as const;
	for (const cat of cats) {
		scene.exec(1, cat);
	}

	scene.policies(10, killing(2));
	scene.tick(14);
	assert.deepEqual(scene.states(), ['UNSEEN×2']);
	return {scene, cats};
};

const killsOfTimeline = ({store}: Scene, seconds: number): number =>
	store.timeline(1000, 60, startMs + seconds * 1000).kills.reduce((sum, count) => sum + count, 0);

test('an event that the agent held back takes its UNSEEN back: alert, totals, policy, node and timeline', () => {
	const {scene, cats} = twoUnseen();
	const {store} = scene;
	scene.hook(3, cats[0], {late: 20});
	scene.tick(23.1);
	assert.deepEqual(scene.states(), ['KILL-SENT×1', 'UNSEEN×1']);
	assert.equal(store.kills().byState?.UNSEEN, 1);
	assert.equal(store.policyRows()[0]?.unseen, 1);
	assert.equal(store.policyRows()[0]?.missed, 1);
	assert.equal(store.nodes()[0]?.kills, 2, 'two kills, whoever told of them');
	assert.equal(killsOfTimeline(scene, 24), 2);
	scene.hook(9.5, cats[1], {late: 20});
	scene.tick(29.6);
	assert.deepEqual(scene.states(), ['KILL-SENT×2'], 'the row goes with its last one');
	assert.equal(store.policyRows()[0]?.unseen, 0);
	assert.equal(store.nodes()[0]?.kills, 2);
	for (const poll of [30, 40, 50]) {
		scene.policies(poll, killing(2));
		scene.tick(poll + 4);
	}

	assert.deepEqual(scene.states(), ['KILL-SENT×2'], 'and does not come back');
});

test('an UNSEEN that was acknowledged stays so while it shrinks, and no other row is touched', () => {
	const {scene, cats} = twoUnseen();
	const {store} = scene;
	scene.hook(14.5, actor({pod: 'ywing'}));
	store.acknowledge('all');
	scene.hook(3, cats[0], {late: 20});
	scene.tick(23.1);
	const acknowledged = () => store.kills().groups.map(group => `${group.state} ${group.pod} ${group.acknowledged}`);
	assert.deepEqual(acknowledged().sort(), ['KILL-SENT xwing false', 'KILL-SENT ywing true', 'UNSEEN  true']);
	assert.equal(store.kills().unacknowledged, 1);
	scene.hook(4, cats[1], {late: 20});
	scene.tick(24.1);
	assert.deepEqual(acknowledged().sort(), ['KILL-SENT xwing false', 'KILL-SENT ywing true']);
});

test('only an event of its own time takes an UNSEEN back: a kill that sends none stays told', () => {
	const {scene} = twoUnseen();
	const cat = actor();
	scene.exec(14, cat);
	scene.hook(15, cat);
	scene.hook(16, cat, {late: 4});
	// Reports do not enforce, whenever they come.
	scene.hook(3, cat, {late: 18, action: 'KPROBE_ACTION_POST'});
	scene.policies(20, killing(4));
	scene.tick(24);
	assert.deepEqual(scene.states(), ['KILL-SENT×2', 'UNSEEN×2']);
	// A third for two: the events of that time are one more than the counters told of.
	for (const late of [22, 23, 24]) {
		scene.hook(3, cat, {late});
	}

	scene.tick(28);
	assert.deepEqual(scene.states(), ['KILL-SENT×5']);
	assert.equal(scene.store.policyRows()[0]?.unseen, 0);
	assert.equal(scene.store.kills().byState?.UNSEEN, 0);
});

test('each UNSEEN of several polls is taken back by the events of its own poll', () => {
	const {scene, cats} = twoUnseen();
	scene.policies(20, killing(3));
	scene.tick(24);
	assert.deepEqual(scene.states(), ['UNSEEN×3']);
	scene.hook(15, cats[0], {late: 10});
	scene.tick(25.1);
	const [row] = scene.store.kills().groups.filter(({state}) => state === 'UNSEEN');
	assert.deepEqual(
		row?.kills.map(({timeMs, count}) => [timeMs - startMs, count]),
		[[14_000, 2]],
	);
	assert.equal(row?.lastMs, startMs + 14_000, 'the row ends with what is left of it');
});
