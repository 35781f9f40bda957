import assert from 'node:assert/strict';
import test from 'node:test';
import {defaultServerAddress} from '../../../source/kubernetes/agents/server-address.js';
import {StepMemory} from '../../../source/kubernetes/transport/step-memory.js';
import {Refusal} from '../../../source/problem.js';
import {transportsOf} from '../../../source/transports.js';

const auto = transportsOf('auto');

test('the order is the weakest right first, then what the agents say, then what worked', () => {
	const memory = new StepMemory();
	assert.deepEqual(memory.order('a', auto, defaultServerAddress), ['port-forward', 'nc-unix', 'nc-tcp', 'tetra']);
	assert.equal(memory.order('a', auto, {...defaultServerAddress, type: 'unix'})[0], 'nc-unix');
	memory.worked('a', 'nc-tcp');
	assert.equal(
		memory.order('b', auto, {...defaultServerAddress, type: 'unix'})[0],
		'nc-tcp',
		'one of the same cluster',
	);
	memory.worked('b', 'port-forward');
	assert.deepEqual(
		memory.order('a', auto, defaultServerAddress).slice(0, 2),
		['nc-tcp', 'port-forward'],
		'its own first',
	);
	memory.failed('a');
	assert.equal(memory.order('a', auto, defaultServerAddress)[0], 'port-forward');
});

test('the last resort is not learnt, and nothing is tried that was not chosen', () => {
	const memory = new StepMemory();
	memory.worked('a', 'tetra');
	assert.equal(memory.order('a', auto, defaultServerAddress)[0], 'port-forward');
	memory.worked('a', 'nc-unix');
	assert.deepEqual(memory.order('a', transportsOf('port-forward'), defaultServerAddress), ['port-forward']);
	assert.deepEqual(memory.order('a', transportsOf('exec-json'), defaultServerAddress), ['tetra']);
});

test('what is forbidden is forbidden for all that need the same right, and asked for again soon', () => {
	let nowMs = 0;
	const memory = new StepMemory(() => nowMs);
	memory.forbid('nc-unix', new Refusal('exec', 'forbidden', ''));
	assert.ok(memory.forbidden('tetra'));
	assert.equal(memory.forbidden('port-forward'), undefined);
	nowMs = 9999;
	assert.ok(memory.forbidden('tetra'));
	nowMs = 10_000;
	assert.equal(memory.forbidden('tetra'), undefined);
});
