import assert from 'node:assert/strict';
import test from 'node:test';
import type {Process} from '../../../source/store/processes/process.js';
import {Processes} from '../../../source/store/processes/processes.js';
import {Cells} from '../../../source/store/rates.js';
import type {Event} from '../../../source/tetragon/event/event.js';
import {factsOfEvent} from '../../../source/tetragon/wire/facts-of-event.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {random} from '../random.js';
import {type Actor, actor, at, policy, Scene, startMs} from '../scene.js';

const whole = {folded: new Map<string, boolean>(), showHost: true, showInfra: true, flat: false, nowMs: 0};

function stateOf(scene: Scene, process: Actor) {
	return scene.store.process(process.exec_id)?.state;
}

test('the table is bounded: the longest dead go first, ancestors of the living stay', () => {
	const scene = new Scene({maxProcesses: 1000});
	const init = actor({binary: '/init'});
	const bash = actor({binary: '/bash', parent: init});
	const living = actor({binary: '/sleep', parent: bash});
	scene.exec(0, init);
	scene.exec(0.1, bash, init);
	scene.exec(0.2, living, bash);
	scene.exit(0.3, bash);
	scene.exit(0.4, init);
	for (let index = 0; index < 5000; index++) {
		const short = actor({pid: 10_000 + index, start: 1});
		scene.exec(1, short);
		scene.exit(1, short);
	}

	scene.tick(200);
	assert.equal(stateOf(scene, living), 'alive');
	assert.equal(stateOf(scene, bash), 'exited');
	assert.equal(stateOf(scene, init), 'exited');
	assert.deepEqual(
		scene.store.chainOf(scene.store.process(living.exec_id)!).map(({facts}) => facts?.binary),
		['/bash', '/init'],
	);
	assert.equal(scene.store.totals().processes, 1);
});

test('processes whose exit was lost go when the table is full: the longest silent first', () => {
	const scene = new Scene({maxProcesses: 500});
	const talker = actor({binary: '/talker', pid: 9});
	scene.exec(0, talker);
	for (let index = 0; index < 3000; index++) {
		scene.exec(1 + index / 1000, actor({pid: 10_000 + index, start: 1}));
		if (index % 100 === 0) {
			scene.hook(1 + index / 1000, talker, {action: 'KPROBE_ACTION_POST'});
		}
	}

	assert.equal(stateOf(scene, talker), 'alive');
	assert.ok(scene.store.totals().processes <= 500);
});

test('a process with a kill that nobody acknowledged outlives every cap', () => {
	const scene = new Scene({maxProcesses: 200});
	scene.policies(0, policy('ENFORCE'));
	const cat = actor({pid: 7});
	scene.exec(1, cat);
	scene.hook(1, cat);
	scene.exit(1, cat, 'SIGKILL');
	for (let index = 0; index < 2000; index++) {
		scene.exec(2, actor({pid: 10_000 + index, start: 2}));
	}

	scene.tick(1000);
	assert.equal(stateOf(scene, cat), 'exited');
});

test('a shell that execs itself for ever, and a daemon that forks itself on for ever, do not fill the table', () => {
	const scene = new Scene();
	let image = actor({pid: 5, start: 0});
	scene.exec(0, image);
	let daemon = actor({pid: 1_000_000, start: 0});
	scene.exec(0, daemon);
	for (let index = 1; index < 5000; index++) {
		const next = actor({pid: 5, parent: image, flags: 'execve', start: index});
		scene.exec(index, next, image);
		image = next;
		const child = actor({pid: 1_000_000 + index, parent: daemon, start: index});
		scene.exec(index, child, daemon);
		scene.exit(index, daemon);
		daemon = child;
		scene.tick(index);
	}

	scene.tick(6000);
	const tree = scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: true, nowMs: 0});
	assert.ok(tree.length < 600, `${tree.length} rows`);
	assert.equal(scene.store.imagesOf(scene.store.process(image.exec_id)!).length, 32);
	assert.ok(scene.store.chainOf(scene.store.process(daemon.exec_id)!).length >= 32);
	assert.equal(scene.store.totals().processes, 2);
});

test('circles of parents, and the kernel that is its own parent, end every walk', () => {
	const scene = new Scene();
	const kernel = {exec_id: 'kernel', parent_exec_id: 'kernel', pid: 0, binary: '<kernel>', start_time: at(0)};
	scene.send(0, {process_exec: {process: kernel}});
	const [a, b] = [actor({pid: 1}), actor({pid: 2})];
	scene.exec(1, {...a, parent_exec_id: b.exec_id}, {...b, parent_exec_id: a.exec_id});
	scene.exec(1, {...b, parent_exec_id: a.exec_id}, {...a, parent_exec_id: b.exec_id});
	assert.deepEqual(scene.store.chainOf(scene.store.process('kernel')!), []);
	assert.ok(scene.store.chainOf(scene.store.process(a.exec_id)!).length <= 2);
	assert.equal(scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: true, nowMs: 0}).length, 3);
});

test('an exit of a process that nobody announced makes it known, and an exec that comes after its exit does not wake it', () => {
	const scene = new Scene();
	const fork = actor({flags: 'clone'});
	scene.exit(1, fork, 'SIGSEGV');
	assert.equal(scene.store.process(fork.exec_id)?.signal, 'SIGSEGV');
	const late = actor();
	scene.exit(2, late, '', 7);
	scene.exec(1.5, late, undefined, 1);
	assert.equal(stateOf(scene, late), 'exited');
	assert.equal(scene.store.process(late.exec_id)?.status, 7);
	assert.equal(scene.store.totals().processes, 0);
});

test('children that come before their parent find their place when it comes', () => {
	const scene = new Scene();
	const parent = actor({binary: '/parent', start: 1});
	const child = actor({binary: '/child', parent, start: 2});
	scene.exec(2, child);
	scene.exec(1, parent, undefined, 2);
	const tree = scene.store.tree({folded: new Map(), showHost: false, showInfra: false, flat: false, nowMs: 0});
	assert.equal(tree.at(tree.indexOf(child.exec_id))?.depth, tree.at(tree.indexOf(parent.exec_id))!.depth + 1);
});

test('a pid given anew ends its former owner, whose exit was lost, and says that it was not seen', () => {
	const scene = new Scene();
	const [first, second] = [actor({pid: 5, start: 1}), actor({pid: 5, start: 9})];
	scene.exec(1, first);
	scene.exec(9, second);
	assert.equal(stateOf(scene, first), 'exited');
	assert.equal(scene.store.process(first.exec_id)?.status, -1);
	assert.equal(stateOf(scene, second), 'alive');
});

test('pod facts that come late move the process to its pod', () => {
	const scene = new Scene();
	const known = actor({binary: '/late'});
	const {pod: _pod, ...bare} = known;
	scene.exec(1, {...bare, docker: 'abcdef', exec_id: known.exec_id});
	scene.hook(2, known, {action: 'KPROBE_ACTION_POST'});
	const facts = scene.store.process(known.exec_id)?.facts;
	const tree = scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: false, nowMs: 0});
	assert.equal(facts?.pod, 'xwing');
	assert.equal(tree.at(tree.length - 1)?.process?.execId, known.exec_id);
	assert.equal(tree.at(0)?.name, 'default');
});

test('a dump fills the tree, events win over it, and what it lacks after a gap is gone', () => {
	const scene = new Scene();
	const before = actor({binary: '/before', pid: 2});
	scene.exec(1, before);
	scene.store.setNode(scene.node, {state: 'streaming', sinceMs: startMs + 100_000});
	const init = actor({binary: '/init', pid: 3});
	const child = actor({binary: '/child', parent: init, pid: 4});
	const dead = actor({binary: '/dead', pid: 6});
	const gone = actor({binary: '/gone', pid: 8});
	scene.exec(101, gone);
	scene.exit(102, gone);
	const dump = [child, init, gone].map(process => ({process, alive: true}));
	scene.takeDump(103, [...dump, {process: dead, alive: false}]);
	assert.deepEqual(
		[before, init, child, gone].map(process => stateOf(scene, process)),
		['exited', 'alive', 'alive', 'exited'],
	);
	assert.equal(scene.store.process(init.exec_id)?.asOfDump, true);
	scene.hook(104, init, {action: 'KPROBE_ACTION_POST'});
	assert.equal(scene.store.process(init.exec_id)?.asOfDump, false);
	scene.tick(103.5);
	assert.equal(scene.store.process(dead.exec_id), undefined);
	const tree = scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: false, nowMs: 0});
	assert.equal(tree.at(tree.indexOf(child.exec_id))?.depth, tree.at(tree.indexOf(init.exec_id))!.depth + 1);
});

test('an empty dump, from an agent whose cache is off, ends nothing', () => {
	const scene = new Scene();
	const process = actor();
	scene.exec(1, process);
	scene.store.setNode(scene.node, {sinceMs: startMs + 100_000});
	scene.takeDump(101, []);
	assert.equal(stateOf(scene, process), 'alive');
});

test('events of 5 s cells count as recent and are forgotten with time', () => {
	const scene = new Scene();
	const process = actor();
	scene.exec(0, process);
	for (let index = 0; index < 9; index++) {
		scene.hook(1, process, {action: 'KPROBE_ACTION_POST'});
	}

	assert.equal(scene.store.process(process.exec_id)?.recent, 10);
	scene.tick(6);
	assert.equal(scene.store.process(process.exec_id)?.recent, 10);
	scene.tick(11);
	assert.equal(scene.store.process(process.exec_id)?.recent, 0);
	assert.equal(scene.store.process(process.exec_id)?.events, 10);
});

test('a storm on one node does not push the dead of another off the screen', () => {
	const scene = new Scene({maxProcesses: 1000});
	const quiet = scene.store.openNode('quiet');
	const dead = actor({binary: '/dead'});
	scene.send(1, {process_exec: {process: dead}}, 0, quiet);
	scene.send(1, {process_exit: {process: dead}}, 0, quiet);
	for (let index = 0; index < 3000; index++) {
		const short = actor({pid: 10_000 + index, start: 1});
		scene.exec(1, short);
		scene.exit(1, short);
	}

	scene.tick(2);
	assert.equal(stateOf(scene, dead), 'exited');
	assert.ok(scene.store.tree(whole).length < 300, 'the storm itself is cut short');
	scene.tick(32);
	assert.equal(stateOf(scene, dead), undefined);
});

/** Enough events of others to let the buffer forget everything before. */
function floodAway(scene: Scene, seconds: number): void {
	for (let index = 0; index < 400; index++) {
		const other = actor({binary: `/other-${index}`, pod: `pod-${index % 7}`, arguments: 'x'.repeat(500)});
		scene.exec(seconds, other);
		scene.exit(seconds, other);
	}
}

test('who a process is can be read when its frames have gone, and is never another’s', () => {
	const scene = new Scene({bufferBytes: 64 * 1024, maxProcesses: 400});

	function named(binary: string) {
		return actor({binary, arguments: `of ${binary}`, labels: {app: 'x'}, workload: 'deathstar'});
	}

	const [living, killed, late] = [named('/living'), named('/killed'), named('/late')];
	// Of the first process of a container everything is read at once.
	scene.exec(0, named('/first'));
	scene.policies(0, policy('ENFORCE'));
	scene.exec(1, living);
	scene.exec(1, killed);
	scene.hook(1.1, killed);
	scene.exit(1.2, killed, 'SIGKILL');
	scene.exec(1, late);
	const first = scene.store.process(late.exec_id);
	floodAway(scene, 2);
	assert.equal(scene.store.frameOf(0), undefined, 'the buffer has forgotten');
	for (const who of [living, killed, late]) {
		const facts = scene.store.process(who.exec_id)?.facts;
		assert.equal(facts?.binary, who.binary);
		assert.equal(facts?.arguments, `of ${who.binary}`);
		assert.equal(facts?.workload, 'deathstar');
		assert.deepEqual({...facts?.podLabels}, {app: 'x'});
		assert.equal(facts?.execId, who.exec_id);
	}

	scene.exit(3, late);
	scene.tick(100);
	assert.equal(scene.store.process(late.exec_id), undefined, 'the table has forgotten');
	assert.equal(first?.facts?.binary, '/late');
	scene.store.acknowledge('all');
	assert.equal(scene.store.kills().groups[0]?.binary, '/killed');
});

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one random run with its checks
test('every row of a buffer that runs over says its own process, whatever was forgotten', () => {
	for (const held of [false, true]) {
		const scene = new Scene({bufferBytes: 64 * 1024, maxProcesses: 64, keepDeadMs: 100});
		const feed = scene.store.openFeed();
		const next = random(5);
		const people: Actor[] = [];
		const seen: Process[] = [];
		for (let index = 0; index < 3000; index++) {
			const person =
				next() < 0.5 && people.length > 0 ? people[Math.floor(next() * people.length)]! : actor({binary: `/b${index}`});
			people.push(person);
			if (people.length > 20) {
				people.shift();
			}

			scene.store.hold(held);
			if (next() < 0.6) {
				scene.exec(index / 100, person);
			} else {
				scene.exit(index / 100, person);
			}

			if (held) {
				seen.push(feed.at(feed.length - 1)?.type === 'event' ? feed.processAt(feed.length - 1)! : seen[0]!);
			}

			if (index % 50 === 0) {
				scene.tick(index / 100);
				for (let row = 0; row < feed.length; row++) {
					const process = feed.processAt(row);
					const event = scene.store.event(feed.seqAt(row));
					assert.equal(process?.facts?.binary, (event?.process_exec ?? event?.process_exit)?.process?.binary);
				}
			}
		}

		for (const process of seen) {
			assert.match(process.facts?.binary ?? '', /^\/b\d+$/, 'what a held picture shows can be read');
		}
	}
});

test('of a process the newest event in the buffer is found, and none when the buffer has let it go', () => {
	const scene = new Scene({bufferBytes: 64 * 1024, maxProcesses: 400});
	const who = actor({binary: '/who'});
	scene.exec(1, who);
	scene.hook(2, who, {action: 'KPROBE_ACTION_POST'});
	scene.exec(3, actor());
	const process = scene.store.process(who.exec_id)!;
	assert.equal(scene.store.newestOf(process), 1);
	floodAway(scene, 4);
	assert.equal(scene.store.newestOf(process), undefined);
});

test('who waits for a parent that never comes is forgotten with its time, and holds no memory', () => {
	const cells = new Cells();
	const processes = new Processes({
		keepDeadMs: 1000,
		maxProcesses: 1000,
		cells,
		nodeName: () => 'a',
		held: () => false,
	});
	const facts = newFacts();

	function see(event: Event, nowMs: number): void {
		factsOfEvent(event, facts);
		processes.observe(facts, 0, nowMs, nowMs);
	}

	for (let index = 0; index < 200; index++) {
		const orphan = {...actor({pid: 10 + index}), parent_exec_id: `nobody-${index % 50}`};
		see({process_exec: {process: orphan}}, index);
		see({process_exit: {process: orphan}}, index);
	}

	assert.equal(processes.orphanParents, 50);
	processes.age(5000);
	assert.equal(processes.size, 0);
	assert.equal(processes.orphanParents, 0);
});

test('each row has an id of its own, also where an exec_id is given again or comes after 32 execs', () => {
	const scene = new Scene();
	const old = {...actor({pid: 77}), exec_id: 'c2FtZQ=='};
	scene.exec(0, old);
	scene.exec(1, actor({parent: old}));
	scene.exit(2, old);
	scene.exec(100, {...old, start_time: at(100)});
	scene.exec(101, actor({parent: old}));
	scene.exit(102, old);
	scene.exec(200, {...old, start_time: at(200)});
	const shell = actor({pid: 5, start: 210});
	let image = shell;
	scene.exec(210, shell);
	for (let exec = 1; exec <= 40; exec++) {
		image = actor({pid: 5, parent: image, flags: 'execve', start: 210 + exec});
		scene.exec(210 + exec, image);
	}

	scene.hook(260, shell);
	const tree = scene.store.tree({folded: new Map(), showHost: true, showInfra: true, flat: true, nowMs: 0});
	const ids = Array.from({length: tree.length}, (_, index) => tree.at(index)!.id);
	assert.equal(ids.length, 6);
	assert.equal(new Set(ids).size, ids.length);
	assert.deepEqual(
		ids.map((id, index) => tree.indexOf(id) === index),
		ids.map(() => true),
	);
	assert.equal(tree.at(tree.indexOf(old.exec_id))?.process?.startMs, Date.parse(at(200)));
});
