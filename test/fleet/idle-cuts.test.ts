import assert from 'node:assert/strict';
import test from 'node:test';
import {IdleCuts} from '../../source/fleet/idle-cuts.js';
import type {Problem} from '../../source/problem.js';

function watched() {
	const problems = new Map<string, Problem>();
	let raised = 0;
	const cuts = new IdleCuts({
		raise(problem) {
			raised++;
			problems.set(problem.id, problem);
		},
		settle: id => problems.delete(id),
	});

	function after(node: number, ...seconds: readonly number[]) {
		for (const idle of seconds) {
			cuts.ended(node, 'exec-json', idle * 1000);
		}
	}

	return {problems, after, raised: () => raised};
}

test('streams of different ages ended for reasons of their own', () => {
	const {problems, after} = watched();
	after(1, 300, 340, 300, 60, 300, 300, 3600, 300);
	assert.equal(problems.size, 0);
});

test('cuts of several nodes at one moment are one event, not a habit of the path', () => {
	const {problems, after} = watched();
	for (const node of [1, 2, 3, 4]) {
		after(node, 300, 300);
	}

	assert.equal(problems.size, 0);
});

test('a hundred nodes behind one load balancer say it once', () => {
	const {problems, after, raised} = watched();
	for (let node = 0; node < 100; node++) {
		after(node, 300, 301, 300 + node / 100, 300);
	}

	assert.equal(problems.size, 1);
	assert.equal(raised(), 1);
	assert.match([...problems.values()][0]?.what ?? '', /after about 300 s \(exec-json\)/);
});

test('a stream that stayed idle for much longer takes it back: the path was changed', () => {
	const {problems, after} = watched();
	after(1, 300, 300, 300);
	after(2, 100);
	assert.equal(problems.size, 1);
	after(2, 1000);
	assert.equal(problems.size, 0);
	after(2, 60, 60, 60);
	assert.match([...problems.values()][0]?.what ?? '', /after about 60 s/);
});

test('long ages are told in hours and minutes', () => {
	const {problems, after} = watched();
	after(1, 14_405, 14_400, 14_398);
	assert.match([...problems.values()][0]?.what ?? '', /after about 4 h \(exec-json\)/);
});
