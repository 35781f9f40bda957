import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actor, Scene} from '../scene.js';

function events(scene: Scene, lateSeconds: number, count = 6, from = 100): void {
	for (let index = 0; index < count; index++) {
		scene.exec(from + index / 10, actor(), undefined, lateSeconds);
	}

	scene.tick(from + 1 + lateSeconds);
}

function said(scene: Scene): string[] {
	return scene.store.problems().map(({severity, what}) => `${severity} ${what}`);
}

test('a node whose clock is ahead is named, with by how much, in its note and as a problem', () => {
	const scene = new Scene();
	scene.store.setNode(scene.node, {note: 'no process cache'});
	events(scene, -4.2);
	assert.deepEqual(said(scene), ['note node-1: its clock is 4.2 s ahead of ours']);
	assert.equal(scene.store.nodes()[0]?.note, 'no process cache; its clock is 4.2 s ahead of ours');
	// Set right, it is named no more.
	events(scene, 0.1, 6, 120);
	assert.deepEqual(said(scene), []);
	assert.equal(scene.store.nodes()[0]?.note, 'no process cache');
});

test('a node of which all events come late may be behind; one that is only sometimes late is not', () => {
	const behind = new Scene();
	events(behind, 12);
	assert.deepEqual(said(behind), [], 'an agent with a backlog is no problem of clocks');
	assert.match(
		behind.store.nodes()[0]?.note ?? '',
		/all its events come 12\.0 s late: its clock is behind, or the agent has a backlog/,
	);
	const sometimes = new Scene();
	events(sometimes, 28, 20);
	events(sometimes, 0.2, 1, 128.5);
	assert.equal(sometimes.store.nodes()[0]?.note, '');
});

test('what ran before the agent, and events without a time, say nothing of a clock', () => {
	const scene = new Scene();
	for (let index = 0; index < 10; index++) {
		scene.exec(1, actor({flags: 'procFS auid'}), undefined, 86_400);
		scene.form = 'lines';
		scene.send(1, {process_loader: {process: actor()}, time: ''}, 86_400);
		scene.form = 'frames';
	}

	scene.tick(86_500);
	assert.deepEqual(said(scene), []);
});
