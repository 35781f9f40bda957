import assert from 'node:assert/strict';
import test from 'node:test';
import {actor, Scene, startMs} from '../scene.js';

test('events that come while a dump is merged are newer than it, and stay', () => {
	const scene = new Scene();
	const [first, second, third] = [actor({start: 1}), actor({start: 2}), actor({start: 3})];
	scene.store.setNode(scene.node, {sinceMs: startMs + 4000});
	const steps = scene.store.takeDump(
		scene.node,
		[first, second, third].map(member => ({process: member, alive: true})),
		startMs + 5000,
	);
	steps.next();
	scene.exit(5, second, 'SIGKILL');
	const born = actor({start: 5});
	scene.exec(5, born);
	for (const _ of steps) {
		// To its end.
	}

	assert.deepEqual(
		[first, second, third, born].map(({exec_id: id}) => scene.store.process(id)?.state),
		['alive', 'exited', 'alive', 'alive'],
	);
	assert.equal(scene.store.process(second.exec_id)?.signal, 'SIGKILL');
});

test('a dump is left where it is when the store forgets everything', () => {
	const scene = new Scene();
	const member = actor();
	const steps = scene.store.takeDump(scene.node, [{process: member, alive: true}], startMs);
	steps.next();
	scene.store.reset();
	assert.equal([...steps].length, 0);
	assert.equal(scene.store.process(member.exec_id), undefined);
});
