import assert from 'node:assert/strict';
import test from 'node:test';
import type {Process} from '../../../source/store/processes/process.js';
import type {Tree, TreeOptions} from '../../../source/store/tree/tree.js';
import {TreeOrder} from '../../../source/store/tree/tree-order.js';
import {type Actor, actor, policy, Scene} from '../scene.js';

const open: TreeOptions = {folded: new Map(), showHost: true, showInfra: true, flat: false, nowMs: 0};

function drawn(tree: Tree): string[] {
	return Array.from({length: tree.length}, (_, index) => {
		const row = tree.at(index)!;
		const name =
			row.type === 'process' ? (row.process?.facts?.binary ?? '?') : `${row.type} ${row.name} (${row.processes})`;
		return '  '.repeat(row.depth) + name + (row.folded ? ' …' : '');
	});
}

function rows(scene: Scene, options: Partial<TreeOptions> = {}) {
	return drawn(scene.store.tree({...open, ...options}));
}

function village(): Scene {
	const scene = new Scene();
	const systemd = actor({pod: '', binary: '/systemd'});
	const init = actor({binary: '/init', start: 1});
	scene.exec(0, systemd);
	scene.exec(1, init, systemd);
	scene.exec(3, actor({binary: '/second', parent: init, start: 3}), init);
	scene.exec(2, actor({binary: '/first', parent: init, start: 2}), init);
	scene.exec(2, actor({binary: '/exec-ed-in', parent: systemd, start: 2, initTree: false}), systemd);
	scene.exec(4, actor({binary: '/envoy', container: 'proxy', start: 4}));
	for (const pod of ['api-2', 'api-1']) {
		scene.exec(5, actor({binary: '/api', namespace: 'payments', pod, workload: 'api', container: 'app'}));
	}

	scene.exec(6, actor({binary: '/coredns', namespace: 'kube-system', pod: 'coredns'}));
	return scene;
}

test('namespace, workload of two pods, pod, container, processes; hosts by node; by name and start, not by activity', () => {
	const wanted = [
		'namespace default (5)',
		'  pod xwing (5)',
		'    container main (4)',
		'      /init',
		'        /first',
		'        /second',
		'      /exec-ed-in',
		'    container proxy (1)',
		'      /envoy',
		'namespace kube-system (1)',
		'  pod coredns (1)',
		'    container main (1)',
		'      /coredns',
		'namespace payments (2)',
		'  workload api (2)',
		'    pod api-1 (1)',
		'      container app (1)',
		'        /api',
		'    pod api-2 (1)',
		'      container app (1)',
		'        /api',
		'host node-1 (1)',
		'  /systemd',
	];
	const scene = village();
	assert.deepEqual(rows(scene), wanted);
	const noisy = actor({binary: '/api', namespace: 'payments', pod: 'api-2', workload: 'api', container: 'app', pid: 1});
	for (let index = 0; index < 100; index++) {
		scene.hook(7, noisy, {action: 'KPROBE_ACTION_POST'});
	}

	assert.deepEqual(rows(scene).slice(0, 18), wanted.slice(0, 13).concat(rows(scene).slice(13, 18)));
});

test('hosts and the cluster’s own namespaces are one folded row each until they are asked for', () => {
	const scene = village();
	const shown = rows(scene, {showHost: false, showInfra: false});
	assert.deepEqual(shown.slice(-2), ['namespace kube-system (1) …', 'host  (1) …']);
	assert.equal(scene.store.tree({...open, showHost: false}).indexOf('host'), rows(scene, {showHost: false}).length - 1);
});

test('what is folded stays one row that counts what it hides', () => {
	const scene = village();
	const tree = scene.store.tree(open);
	const init = tree.at(3)!;
	const folded = new Map([
		['pod/default/xwing', false],
		[init.id, true],
		['ns/payments', true],
	]);
	const shown = rows(scene, {folded});
	assert.equal(shown[3], '      /init …');
	assert.equal(shown[4], '      /exec-ed-in');
	assert.ok(shown.includes('namespace payments (2) …'));
});

test('a filter keeps the ancestors of what it finds and nothing else', () => {
	const scene = village();

	function filter(process: Process) {
		return process.facts?.binary === '/second';
	}

	assert.deepEqual(rows(scene, {filter, showInfra: false, showHost: false}), [
		'namespace default (1)',
		'  pod xwing (1)',
		'    container main (1)',
		'      /init',
		'        /second',
	]);
});

test('flat is processes alone', () => {
	assert.deepEqual(rows(village(), {flat: true, showHost: false, showInfra: false}), [
		'/init',
		'/first',
		'/second',
		'/exec-ed-in',
		'/envoy',
		'/api',
		'/api',
	]);
});

test('the branch of a row says which of its ancestors go on below', () => {
	const tree = village().store.tree(open);

	function row(index: number) {
		return tree.at(index)!;
	}

	assert.deepEqual([row(3).last, row(4).last, row(5).last, row(6).last], [false, false, true, true]);
	assert.deepEqual(row(5).branch, [true]);
	assert.deepEqual([row(3).leaf, row(4).leaf], [false, true]);
});

test('exec without fork is one row that keeps its place, its id and its history', () => {
	const scene = new Scene();
	const images: Actor[] = [];
	for (let index = 0; index < 3; index++) {
		const parent = images.at(-1);
		images.push(
			actor({
				pid: 77,
				binary: `/image-${index}`,
				flags: parent ? 'execve' : 'execve clone',
				start: index,
				...(parent ? {parent} : {}),
			}),
		);
		scene.exec(index, images[index]!, parent);
	}

	const tree = scene.store.tree(open);
	assert.deepEqual(drawn(tree).slice(3), ['      /image-2']);
	assert.equal(tree.at(3)?.id, images[0]!.exec_id);
	for (const {exec_id: execId} of images) {
		assert.equal(tree.indexOf(execId), 3);
	}

	const process = scene.store.process(images[2]!.exec_id)!;
	assert.deepEqual(
		scene.store.imagesOf(process).map(({facts, state}) => `${facts?.binary} ${state}`),
		['/image-0 replaced', '/image-1 replaced'],
	);
	assert.deepEqual(tree.pathOf(process), [
		'ns/default',
		'workload/default/Deployment/xwing',
		'pod/default/xwing',
		'container/default/xwing/main',
	]);
});

test('exited ones stay 30 s with the reason, killed ones until acknowledged', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'));
	const [plain, killed] = [actor({binary: '/plain'}), actor({binary: '/killed'})];
	scene.exec(1, plain);
	scene.exec(1, killed);
	scene.exit(2, plain, '', 3);
	scene.hook(2, killed);
	scene.exit(2, killed, 'SIGKILL');
	scene.tick(31);

	function reasons() {
		return rows(scene)
			.filter(row => row.trim().startsWith('/'))
			.map(row => row.trim());
	}

	assert.deepEqual(reasons(), ['/plain', '/killed']);
	assert.equal(scene.store.process(plain.exec_id)?.status, 3);
	scene.tick(33);
	assert.deepEqual(reasons(), ['/killed']);
	scene.tick(3600);
	assert.deepEqual(reasons(), ['/killed']);
	scene.store.acknowledge('all');
	assert.deepEqual(rows(scene), []);
});

test('nothing is laid out again while nothing came or went, and 20 000 dead in one pod stay fast', () => {
	const scene = new Scene({maxProcesses: 400_000});
	const init = actor({binary: '/init'});
	scene.exec(0, init);
	for (let index = 0; index < 20_000; index++) {
		const child = actor({parent: init, start: index / 1000});
		scene.exec(index / 1000, child, init);
		scene.exit(index / 1000, child);
	}

	const tree = scene.store.tree(open);
	assert.equal(tree.length, 20_004);
	const {version} = tree;
	assert.equal(tree.update({...open, nowMs: 1, folded: new Map()}), false);
	scene.hook(20, init, {action: 'KPROBE_ACTION_POST'});
	assert.equal(tree.update(open), false);
	assert.equal(tree.version, version);
	/** Of this thread, because other programs run beside. */
	function cpuMs(): number {
		const {user, system} = process.threadCpuUsage();
		return (user + system) / 1000;
	}

	const times = Array.from({length: 5}, (_, index) => {
		scene.exec(21 + index, actor({parent: init, start: 21 + index}), init);
		const start = cpuMs();
		tree.update(open);
		return cpuMs() - start;
	}).sort((a, b) => a - b);
	assert.ok(times[2]! < 50, `laying out takes ${times[2]} ms`);
	const start = cpuMs();
	scene.tick(100);
	assert.ok(cpuMs() - start < 250);
	tree.update(open);
	assert.equal(tree.length, 9);
});

test('siblings, or the flat list, in the order of a value; it holds as long as one look at the values is used', () => {
	const scene = new Scene();
	const init = actor({binary: '/init', start: 1});
	const quiet = actor({binary: '/quiet', parent: init, start: 2});
	const busy = actor({binary: '/busy', parent: init, start: 3});
	scene.exec(1, init);
	scene.exec(2, quiet, init);
	scene.exec(3, busy, init);

	function names(order: TreeOrder | undefined, flat = false) {
		return rows(scene, {order, flat}).flatMap(row => (row.includes('/') ? row.trim() : []));
	}

	assert.deepEqual(names(undefined), ['/init', '/quiet', '/busy']);
	assert.deepEqual(names(new TreeOrder('newest', false)), ['/init', '/busy', '/quiet']);
	assert.deepEqual(names(new TreeOrder('newest', true), true), ['/init', '/quiet', '/busy']);
	assert.deepEqual(names(new TreeOrder('newest', false), true), ['/busy', '/quiet', '/init']);
	for (let second = 0; second < 3; second++) {
		scene.exec(3.5, actor({binary: '/leaf', parent: busy, start: 3.5}), busy);
	}
	const look = new TreeOrder('rate', false);
	const before = names(look, true);
	scene.exec(4, actor({binary: '/late', parent: quiet, start: 4}), quiet);
	assert.deepEqual(
		names(look, true).filter(name => name !== '/late'),
		before,
	);
});
