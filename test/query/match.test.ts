import assert from 'node:assert/strict';
import test from 'node:test';
import {needsVerb} from '../../source/query/event-words.js';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {actor, counters, policy, Scene, startMs} from '../store/scene.js';

function chips(text: string) {
	const parsed = parseChips(text);
	assert.ok('chips' in parsed, text);
	return parsed.chips;
}

const scene = new Scene();
scene.policies(0, policy('ENFORCE'));
const node = actor({binary: '/usr/bin/node', arguments: 'server.js', pid: 11, labels: {app: 'api'}});
const shell = actor({binary: '/bin/sh', arguments: '-c "curl http://x"', parent: node, pid: 12, container: 'side'});
const host = actor({binary: '/usr/sbin/sshd', pod: '', pid: 13});
const other = actor({binary: '/usr/bin/cat', pod: 'api-1', namespace: 'payments', workload: 'api', pid: 14});
scene.exec(1, node);
scene.exec(2, shell, node);
scene.exec(3, host);
scene.exec(4, other);
scene.hook(5, shell, {functionName: 'security_file_permission'});
scene.hook(6, other, {
	functionName: '__x64_sys_openat',
	args: [{int_arg: -100}, {string_arg: '/etc/x'}],
	action: 'KPROBE_ACTION_POST',
	policy: 'audit',
});
scene.exit(7, shell, 'SIGKILL');
const {store} = scene;

function matcher(text: string) {
	return matcherOf(chips(text), id => store.nodeName(id));
}

/** Sequence numbers that a filter lets through: 0 to 6 in the order above. */
function seen(text: string): number[] {
	const feed = store.openFeed(matcher(text).event);
	while (feed.step(1000, () => 0)) {
		// The clock stands still: one step does it all.
	}

	const rows = Array.from({length: feed.length}, (_, index) => feed.seqAt(index));
	store.closeFeed(feed);
	return rows;
}

test('each field asks what it says', () => {
	const cases: ReadonlyArray<readonly [string, readonly number[]]> = [
		['xw', [0, 1, 4, 6]],
		['payments/api', [3, 5]],
		['ns=payments', [3, 5]],
		['ns=""', [2]],
		['!ns=""', [0, 1, 3, 4, 5, 6]],
		['node:node', [0, 1, 2, 3, 4, 5, 6]],
		['bin=sh', [1, 4, 6]],
		['bin=/bin/sh', [1, 4, 6]],
		['bin~^/usr', [0, 2, 3, 5]],
		['arg:curl', [1, 4, 6]],
		['w:api', [3, 5]],
		['w:deployment/api', [3, 5]],
		['c=side', [1, 4, 6]],
		['l:app=api', [0]],
		['l:app', [0]],
		['pid:13', [2]],
		['pid:13|14', [2, 3, 5]],
		['uid=0', [0, 1, 2, 3, 4, 5, 6]],
		['pol=audit', [5]],
		['pol:shadow', [4]],
		['ev:exec', [0, 1, 2, 3]],
		['ev=process_exit', [6]],
		['ev:kill', [4]],
		['ev:kprobe', [4, 5]],
		['ev:sys_openat', [5]],
		['ev:open', [5]],
		['bin=sh ev:exit', [6]],
		['bin=sh|ns:payments', [1, 3, 4, 5, 6]],
		['!bin=sh', [0, 2, 3, 5]],
	];
	for (const [text, wanted] of cases) {
		assert.deepEqual(seen(text), wanted, text);
	}
});

test('a time of day is asked in the reader’s own time', () => {
	function local(seconds: number) {
		return new Date(startMs + seconds * 1000).toTimeString().slice(0, 8);
	}

	assert.deepEqual(seen(`t:${local(2)}-${local(4)}`), [1, 2, 3]);
	assert.deepEqual(seen(`t:${local(6)}-`), [5, 6]);
	assert.deepEqual(seen(`t:-${local(1)}`), [0]);
});

test('the tree is asked about processes only: what an event did does not hide who did it', () => {
	const process = store.process(shell.exec_id, scene.node)!;
	assert.equal(matcher('ev:exec').process, undefined);
	assert.equal(matcher('pol:x|bin=sh').process, undefined);
	assert.equal(matcher('bin=sh ev:exec').process?.(process), true);
	assert.equal(matcher('bin=cat').process?.(process), false);
	assert.equal(matcher('!xwing').process?.(process), false);
});

test('a process passes when each chip has a term that it matches', () => {
	const process = store.process(shell.exec_id, scene.node)!;
	for (const [text, wanted] of [
		['bin=sh|bin=cat', true],
		['bin=cat|bin=sh', true],
		['bin=sh bin=cat', false],
		['bin=cat bin=sh', false],
		['bin=sh !bin=cat', true],
	] as const) {
		assert.equal(matcher(text).process?.(process), wanted, text);
	}
});

test('without a chip nothing is asked', () => {
	assert.deepEqual(
		matcherOf([], () => ''),
		{event: undefined, process: undefined, kill: undefined},
	);
});

test('no event is decoded for a word that names a type or an enforcement', () => {
	for (const word of ['exec', 'process_exec', 'EXEC', 'unknown', '?', 'kill', 'sigkill', 'deny', 'override']) {
		assert.equal(needsVerb(word), false, word);
	}

	assert.equal(needsVerb('open'), true);
});

test('rows of kills are asked like their newest event', () => {
	const [group] = store.kills().groups;
	for (const [text, wanted] of [
		['xwing', true],
		['pol:shadow ev:kill', true],
		['ns=payments', false],
		['bin=sh', true],
	] as const) {
		assert.equal(matcher(text).kill?.(group!), wanted, text);
	}
});

test('only a question about the verb is costly', () => {
	for (const [text, costly] of [
		['ev:exec api bin=sh', false],
		['ev:kill', false],
		['ev:open', true],
		['ev~^con', true],
	] as const) {
		assert.equal(matcher(text).event?.costly, costly, text);
	}
});

test('a regular expression made to hang a backtracking engine does not', () => {
	const evil = actor({binary: `/${'a'.repeat(5000)}!`});
	scene.exec(8, evil);
	assert.deepEqual(seen('bin~^/(a+)+$'), []);
});

test('a filter shows an UNSEEN when a process that it may have killed passes, and a death when one of its policies does', () => {
	const story = new Scene();

	function killing(signal: number) {
		return policy('ENFORCE', {stats: counters({signal, post: 0})});
	}

	story.policies(0, killing(0));
	const cat = actor({pod: 'xwing'});
	story.exec(1, cat);
	story.exit(5, cat, 'SIGKILL');
	story.policies(10, killing(1));
	for (let seconds = 10; seconds < 16; seconds++) {
		story.tick(seconds);
	}

	const [group] = story.store.kills().groups;
	assert.equal(group?.state, 'UNSEEN');

	function passes(text: string): boolean | undefined {
		return group && matcherOf(chips(text), () => 'minikube').kill?.(group);
	}

	assert.equal(passes('pod:xwing'), true);
	assert.equal(passes('pod:tiefighter'), false);
	const both = {...group!, policies: ['one', 'two'], policy: 'one, two'};
	assert.equal(matcherOf(chips('pol=two'), () => 'minikube').kill?.(both), true);
});
