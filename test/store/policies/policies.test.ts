import assert from 'node:assert/strict';
import test from 'node:test';
import {actor, counters, policy, Scene, startMs} from '../scene.js';

/** A policy that posts what it kills, and its counters. */
function killing(signal: number) {
	return policy('ENFORCE', {stats: counters({signal, post: signal})});
}

/** Two kills before the poll at 10 s, neither with its event: UNSEEN×2 at 14 s. */
function twoUnseen() {
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
}

function killsOfTimeline({store}: Scene, seconds: number): number {
	return store.timeline(1000, 60, startMs + seconds * 1000).kills.reduce((sum, count) => sum + count, 0);
}

test('an event that the agent held back takes its UNSEEN back: alert, totals, policy, node and timeline', () => {
	const {scene, cats} = twoUnseen();
	const {store} = scene;
	scene.hook(3, cats[0], {late: 20});
	scene.tick(23.1);
	assert.deepEqual(scene.states(), ['KILL-SENT×1', 'UNSEEN×1']);
	assert.equal(store.kills().byState?.UNSEEN, 1);
	assert.equal(store.policyRows()[0]?.unseen, 1);
	assert.equal(store.policyRows()[0]?.missed, 1);
	assert.equal(killsOfTimeline(scene, 24), 2);
	scene.hook(9.5, cats[1], {late: 20});
	scene.tick(29.6);
	assert.deepEqual(scene.states(), ['KILL-SENT×2'], 'the row goes with its last one');
	assert.equal(store.policyRows()[0]?.unseen, 0);
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

	function acknowledged() {
		return store.kills().groups.map(group => `${group.state} ${group.pod} ${group.acknowledged}`);
	}

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

/** `[Sigkill, Post]`: the agent reports the last action only, and counts both. */
const reported = {action: 'KPROBE_ACTION_POST', policy: 'deny-shadow'};

function watching(): Scene {
	const scene = new Scene();
	scene.policies(0, killing(0));
	return scene;
}

/** As if by `[Sigkill, Post]`: a report, and the end of the process a moment later. */
function killByPost(scene: Scene, seconds: number, killed = actor()) {
	scene.exec(seconds - 1, killed);
	scene.hook(seconds, killed, reported);
	scene.exit(seconds + 0.003, killed, 'SIGKILL');
	return killed;
}

/** The next poll, and the time for events to come. */
function poll(scene: Scene, signal: number, seconds = 10, more: Readonly<Record<string, number>> = {}): string[] {
	scene.policies(seconds, policy('ENFORCE', {stats: counters({signal, post: signal, ...more})}));
	scene.tick(seconds + 4);
	return scene.states();
}

test('a report whose process ends at once by SIGKILL is KILLED when the signal counter rose and no event says so', () => {
	const scene = watching();
	const {store} = scene;
	const cat = killByPost(scene, 3);
	assert.deepEqual(scene.states(), [], 'the event alone says POST, and an exit by SIGKILL has many causes');
	assert.deepEqual(poll(scene, 1), ['KILLED×1']);
	const [kill] = store.kills().groups[0]?.kills ?? [];
	assert.equal(kill?.process?.execId, cat.exec_id);
	assert.deepEqual([kill?.action, kill?.mode, kill?.exitSignal], ['POST', 'enforce', 'SIGKILL']);
	assert.equal(kill?.timeMs, startMs + 3000);
	assert.deepEqual(store.process(cat.exec_id)?.kills, [kill], 'the tree and the feed find it');
	assert.equal(store.event(kill!.seq)?.process_kprobe?.action, 'KPROBE_ACTION_POST');
	assert.deepEqual([store.policyRows()[0]?.unseen, store.policyRows()[0]?.missed], [0, 0]);
	assert.equal(store.nodes()[0]?.kills, 1);
	assert.deepEqual(poll(scene, 1, 20), ['KILLED×1'], 'told once');
	killByPost(scene, 22);
	assert.deepEqual(poll(scene, 2, 30), ['KILLED×2']);
});

test('three reports of one killed process are one death, and what is left of the signals is UNSEEN', () => {
	const scene = watching();
	const cat = actor();
	scene.exec(1, cat);
	for (const seconds of [3, 3.001, 3.002]) {
		scene.hook(seconds, cat, reported);
	}

	scene.exit(3.004, cat, 'SIGKILL');
	assert.deepEqual(poll(scene, 5), ['KILLED×1', 'UNSEEN×2']);
	assert.equal(scene.store.policyRows()[0]?.unseen, 2);
	assert.equal(scene.store.nodes()[0]?.kills, 1, 'a node counts deaths');
});

test('of a process that was reported before it was killed, the last report is the kill', () => {
	const scene = watching();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2.9, cat, reported);
	scene.hook(3, cat, reported);
	scene.exit(3.003, cat, 'SIGKILL');
	assert.deepEqual(poll(scene, 1, 10, {post: 2}), ['KILLED×1']);
	assert.equal(scene.store.kills().groups[0]?.lastMs, startMs + 3000);
});

test('the killed process may have become another image since the report', () => {
	const scene = watching();
	const shell = actor({pid: 4321, binary: '/bin/sh'});
	const curl = actor({pid: 4321, binary: '/usr/bin/curl', parent: shell, start: 3.001, flags: 'execve'});
	scene.exec(2, shell);
	scene.hook(3, shell, reported);
	scene.exec(3.001, curl, shell);
	scene.exit(3.003, curl, 'SIGKILL');
	assert.deepEqual(poll(scene, 1), ['KILLED×1']);
});

test('a report is no kill where anything else explains the exit or the counter', () => {
	const stories: Readonly<Record<string, (scene: Scene) => string[]>> = {
		'no counter rose: the OOM killer, kill -9 or the kubelet'(scene) {
			killByPost(scene, 3);
			return poll(scene, 0, 10, {post: 1});
		},
		'it ended of its own accord'(scene) {
			const cat = actor();
			scene.hook(3, cat, reported);
			scene.exit(3.003, cat, '', 1);
			return poll(scene, 1);
		},
		'it lived on for a while'(scene) {
			const cat = actor();
			scene.hook(3, cat, reported);
			scene.exit(4.5, cat, 'SIGKILL');
			return poll(scene, 1);
		},
		'two ended so and one signal was sent: nobody knows whose it was'(scene) {
			killByPost(scene, 3);
			killByPost(scene, 4);
			return poll(scene, 1, 10, {post: 2});
		},
		'another policy reported it'(scene) {
			const cat = actor();
			scene.hook(3, cat, {...reported, policy: 'file-audit'});
			scene.exit(3.003, cat, 'SIGKILL');
			return poll(scene, 1);
		},
		'it was before the counter rose'(scene) {
			killByPost(scene, 3);
			poll(scene, 0, 10, {post: 1});
			return poll(scene, 1, 20, {post: 2});
		},
		'nothing was posted: the kill itself has NoPost'(scene) {
			killByPost(scene, 10.5);
			return poll(scene, 1, 10, {post: 0});
		},
	};
	for (const [story, tell] of Object.entries(stories)) {
		const expected = story.startsWith('no counter') ? [] : [story.startsWith('two ended so') ? 'KILL ?×2' : 'UNSEEN×1'];
		assert.deepEqual(tell(watching()), expected, story);
	}
});

test('an event that says SIGKILL explains the exit: a report beside it does not take the kill of another', () => {
	const scene = watching();
	const cat = actor();
	scene.hook(3, cat, {action: 'KPROBE_ACTION_SIGKILL'});
	scene.hook(3.001, cat, reported);
	scene.exit(3.003, cat, 'SIGKILL');
	assert.deepEqual(poll(scene, 2), ['KILLED×1', 'UNSEEN×1']);
});

test('an override that is reported as POST is no kill', () => {
	const scene = watching();
	killByPost(scene, 3);
	assert.deepEqual(poll(scene, 0, 10, {override: 1, post: 1}), ['UNSEEN×1']);
});
