import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actor, counters, policy, Scene, startMs} from '../scene.js';

/** A policy with [Sigkill, Post] kills two processes at 5 s: its events say POST, its counter says two signals. */
function killedByReport(after: (scene: Scene) => void, signals = 2): Scene {
	const scene = new Scene();
	const victims = [actor(), actor()];
	scene.policies(0, policy('ENFORCE', {stats: counters({signal: 0, post: 0})}));
	for (const victim of victims) {
		scene.exec(1, victim);
		scene.hook(5, victim, {action: 'KPROBE_ACTION_POST'});
		scene.exit(5.1, victim, 'SIGKILL');
	}

	after(scene);
	scene.policies(10, policy('ENFORCE', {stats: counters({signal: signals, post: 2})}));
	scene.tick(14);
	return scene;
}

test('reports whose process died at once are the kills that the counter tells of', () => {
	assert.deepEqual(killedByReport(() => {}).states(), ['KILLED×2']);
});

test('where more processes died than signals were sent, none is called killed: each is KILL ?', () => {
	assert.deepEqual(killedByReport(() => {}, 1).states(), ['KILL ?×2']);
});

test('reports are looked for in the newest 262 144 rows', () => {
	function rows(count: number) {
		return (scene: Scene) => {
			for (let index = 0; index < count; index++) {
				scene.store.rule(scene.node, {type: 'day'}, startMs + 6000);
			}
		};
	}

	// Six rows are there: the hook of the first victim is the second, that of the other one the fifth.
	assert.deepEqual(killedByReport(rows(262_144 - 5)).states(), ['KILLED×2']);
	assert.deepEqual(killedByReport(rows(262_144 - 4)).states(), ['KILLED×1', 'UNSEEN×1']);
});
