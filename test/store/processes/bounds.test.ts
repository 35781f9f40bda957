/** The bounds of the process table, each at its edge. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ExpiryQueue} from '../../../source/store/processes/expiry-queue.js';
import type {Lineage} from '../../../source/store/processes/lineage.js';
import {Orphans} from '../../../source/store/processes/orphans.js';
import {type Actor, actor, Scene} from '../scene.js';

function lineage(id: number): Lineage {
	return {id: `${id}`, forgotten: false} as Lineage;
}

test('orphans wait for 4 096 parents; the parent that is waited for longest is given up', () => {
	const orphans = new Orphans();
	for (let parent = 0; parent < 4096; parent++) {
		orphans.add(`parent-${parent}`, lineage(parent));
	}

	assert.equal(orphans.size, 4096);
	orphans.add('one more', lineage(-1));
	assert.equal(orphans.size, 4096);
	assert.deepEqual(orphans.take('parent-0'), []);
	assert.equal(orphans.take('parent-1').length, 1);
	assert.equal(orphans.take('one more').length, 1);
});

test('of one parent 256 orphans wait; the next one begins anew', () => {
	const orphans = new Orphans();
	for (let child = 0; child < 256; child++) {
		orphans.add('parent', lineage(child));
	}

	const full = new Orphans();
	for (let child = 0; child < 257; child++) {
		full.add('parent', lineage(child));
	}

	assert.equal(orphans.take('parent').length, 256);
	assert.deepEqual(
		full.take('parent').map(({id}) => id),
		['256'],
	);
});

test('an expiry queue gives each lineage once, in order, however many were taken before', () => {
	const queue = new ExpiryQueue();
	for (let index = 0; index < 5000; index++) {
		queue.add(lineage(index), index);
	}

	assert.equal(queue.take(-1), undefined);
	for (let index = 0; index < 5000; index++) {
		assert.equal(queue.length, 5000 - index);
		assert.equal(queue.take(index)?.id, `${index}`);
		assert.equal(queue.take(index), undefined, 'the next one is not due');
	}

	assert.equal(queue.length, 0);
});

function rowsOf(scene: Scene, type: 'pod' | 'container') {
	const tree = scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: false, nowMs: 0});
	return Array.from({length: tree.length}, (_, index) => tree.at(index))
		.filter(row => row?.type === type)
		.map(row => [row?.id, row?.processes]);
}

/** The cache of groups looks at the last 12 bytes of names; these are equal. */
const ending = '-abcdefghijkl';

test('containers of one pod whose names differ only in their beginning are two', () => {
	const scene = new Scene();
	for (let round = 0; round < 3; round++) {
		for (const container of [`one${ending}`, `two${ending}`]) {
			scene.exec(round, actor({container}));
		}
	}

	assert.deepEqual(rowsOf(scene, 'container'), [
		[`container/default/xwing/one${ending}`, 3],
		[`container/default/xwing/two${ending}`, 3],
	]);
});

test('pods of the same name in two namespaces are two', () => {
	const scene = new Scene();
	for (let round = 0; round < 3; round++) {
		for (const namespace of ['blue', 'grey']) {
			scene.exec(round, actor({namespace, pod: `pod${ending}`}));
		}
	}

	assert.deepEqual(rowsOf(scene, 'pod'), [
		[`pod/blue/pod${ending}`, 3],
		[`pod/grey/pod${ending}`, 3],
	]);
});

test('the chain of a process has at most 64 ancestors', () => {
	const scene = new Scene();
	let process: Actor = actor();
	scene.exec(0, process);
	for (let depth = 0; depth < 70; depth++) {
		process = actor({parent: process});
		scene.exec(depth, process);
	}

	assert.equal(scene.store.chainOf(scene.store.process(process.exec_id)!).length, 64);
});

test('a row keeps 32 of its earlier images: the one that names it, and the newest', () => {
	const scene = new Scene();
	const first = actor({pid: 77});
	scene.exec(0, first);
	const second = actor({pid: 77, parent: first, start: 1});
	let last: Actor = second;
	scene.exec(1, second);
	for (let exec = 2; exec <= 32; exec++) {
		last = actor({pid: 77, parent: last, start: exec});
		scene.exec(exec, last);
	}

	assert.equal(scene.store.imagesOf(scene.store.process(last.exec_id)!).length, 32);
	assert.ok(scene.store.process(second.exec_id) !== undefined);
	last = actor({pid: 77, parent: last, start: 33});
	scene.exec(33, last);
	assert.equal(scene.store.imagesOf(scene.store.process(last.exec_id)!).length, 32);
	assert.ok(scene.store.process(second.exec_id) === undefined);
	assert.ok(scene.store.process(first.exec_id) !== undefined);
});

test('the pod of a process is looked for in its first 8 events', () => {
	for (const [events, pod] of [
		[7, 'late-pod'],
		[8, ''],
	] as const) {
		const scene = new Scene();
		const podless = actor({pod: ''});
		scene.exec(0, podless);
		for (let index = 1; index < events; index++) {
			scene.hook(index, podless, {action: 'KPROBE_ACTION_POST'});
		}

		scene.hook(events, {...actor({pod: 'late-pod'}), exec_id: podless.exec_id}, {action: 'KPROBE_ACTION_POST'});
		assert.equal(scene.store.process(podless.exec_id)?.facts?.pod, pod, `${events}`);
	}
});

test('an exited process stays for 30 s', () => {
	const scene = new Scene();
	const shell = actor();
	scene.exec(0, shell);
	scene.exit(1, shell);
	scene.tick(30.999);
	assert.notEqual(scene.store.process(shell.exec_id), undefined);
	scene.tick(31);
	assert.equal(scene.store.process(shell.exec_id), undefined);
});

test('from 512 generations on, a dead ancestor more than 64 generations up leaves the line', () => {
	const scene = new Scene({keepDeadMs: 1_000_000});
	const line: Actor[] = [actor()];
	scene.exec(0, line[0]!);

	function fork(): void {
		const parent = line.at(-1)!;
		const child = actor({parent, start: line.length});
		scene.exec(line.length, child);
		scene.exit(line.length, parent);
		line.push(child);
	}

	function forgotten(): number[] {
		return line.flatMap(({exec_id}, index) => (scene.store.process(exec_id) === undefined ? [index] : []));
	}

	while (line.length <= 512) {
		fork();
	}

	assert.deepEqual(forgotten(), []);
	fork();
	assert.deepEqual(forgotten(), [513 - 65]);
});
