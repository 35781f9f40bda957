import assert from 'node:assert/strict';
import test from 'node:test';
import {OwnExecs} from '../../../source/kubernetes/agents/own-execs.js';
import type {ProcessFacts} from '../../../source/tetragon/event/facts.js';

function facts(change: Partial<ProcessFacts>): ProcessFacts {
	return {
		execId: 'e1',
		parentExecId: 'p1',
		pid: 1,
		uid: 0,
		binary: '/usr/bin/nc',
		arguments: 'local:/var/run/tetragon/tetragon.sock 0',
		cwd: '/',
		flags: 'execve',
		startMs: 1_000_000,
		namespace: 'kube-system',
		pod: 'tetragon-a',
		container: 'tetragon',
		containerId: '',
		image: '',
		workload: '',
		workloadKind: '',
		podLabels: undefined,
		inInitTree: false,
		execProbe: false,
		...change,
	};
}

const netcat = {
	node: 'n',
	namespace: 'kube-system',
	pod: 'tetragon-a',
	container: 'tetragon',
	command: ['nc', 'local:/var/run/tetragon/tetragon.sock', '0'],
};

test('exactly the process that we started is ours, and what it starts', () => {
	const own = new OwnExecs(() => 1_000_000);
	own.started(netcat);
	assert.equal(own.isOwn('other-node', facts({})), false);
	assert.equal(own.isOwn('n', facts({pod: 'xwing'})), false);
	assert.equal(own.isOwn('n', facts({arguments: '10.0.0.1 80'})), false);
	assert.equal(own.isOwn('n', facts({startMs: 1_000_000 - 3_600_000})), false, 'somebody else ran it an hour ago');
	assert.equal(own.isOwn('n', facts({})), true);
	assert.equal(own.isOwn('n', facts({})), true, 'still, when it is asked again');
	assert.equal(own.isOwn('n', facts({execId: 'e2', parentExecId: 'e1', binary: '/bin/child', arguments: ''})), true);
	assert.equal(own.isOwn('n', facts({execId: 'e3'})), false, 'one start is one process');
	assert.equal(own.count('n'), 2);
});

test('an event is looked at closely only while a process of ours is still to be seen', () => {
	let nowMs = 1_000_000;
	const own = new OwnExecs(() => nowMs);
	assert.equal(own.expects('n'), false);
	own.started(netcat);
	assert.deepEqual([own.expects('n'), own.expects('other-node')], [true, false]);
	own.isOwn('n', facts({}));
	assert.equal(own.expects('n'), false);
	assert.equal(own.knows('n', 'e1', ''), true);
	assert.equal(own.knows('n', 'e9', 'e1'), true);
	assert.equal(own.knows('n', '', ''), false);
	own.started(netcat);
	nowMs += 120_000;
	assert.equal(own.expects('n'), false, 'one that never came is given up');
});

test('a shell with quoted arguments is known by its name', () => {
	const own = new OwnExecs(() => 1_000_000);
	own.started({
		...netcat,
		command: ['sh', '-c', 'tetra "$@" & p=$!\nwait $p', 'tetratop-0a1b2c3d', 'getevents', '-o', 'json'],
	});
	const written = '-c "tetra "$@" & p=$!\nwait $p" tetratop-0a1b2c3d getevents -o json';
	assert.equal(own.isOwn('n', facts({binary: '/bin/sh', arguments: written.replace('0a1b2c3d', 'ffffffff')})), false);
	assert.equal(own.isOwn('n', facts({binary: '/bin/sh', arguments: written})), true);
});

test('a claim expires after a minute, clocks may differ by 30 s, and 1 000 processes of a node are remembered', () => {
	let nowMs = 1_000_000;
	const own = new OwnExecs(() => nowMs);
	own.started(netcat);
	nowMs += 59_999;
	assert.equal(own.expects('n'), true);
	nowMs += 1;
	assert.equal(own.expects('n'), false);
	own.started(netcat);
	assert.equal(own.isOwn('n', facts({startMs: nowMs - 30_001})), false);
	assert.equal(own.isOwn('n', facts({startMs: nowMs - 30_000})), true);
	for (let child = 0; child < 1000; child++) {
		own.knows('n', `child-${child}`, child === 0 ? 'e1' : `child-${child - 1}`);
	}

	assert.equal(own.count('n'), 1000);
	assert.equal(own.knows('n', 'e1', ''), false, 'the oldest is forgotten');
	assert.equal(own.knows('n', 'child-0', ''), true);
});
