import assert from 'node:assert/strict';
import test from 'node:test';
import {tetraFlags} from '../../../source/kubernetes/transport/tetra-flags.js';
import {withSignals} from '../../../source/modes/fleet/signal-filter.js';
import {requestFor} from '../../../source/tetragon/agent/request-for.js';

const target = {allow_list: [{namespace: ['default'], pod_regex: ['^xwing$']}]};

test('with a target the agents are asked for the senders of signals too, wherever these are', () => {
	const [scope, signals] = withSignals(target).allow_list ?? [];
	assert.deepEqual(scope, target.allow_list[0]);
	assert.deepEqual(signals?.event_set, ['PROCESS_KPROBE', 'PROCESS_LSM']);
	assert.match(signals?.cel_expression?.join('\n') ?? '', /process_kprobe\.function_name == 'security_task_kill'/);
	assert.equal(signals?.namespace, undefined);
});

test('a request for everything stays as it is', () => {
	assert.deepEqual(withSignals({}), {});
});

test('an agent without CEL is not asked for all hooks instead, and says nothing of a filter that nobody gave', () => {
	assert.deepEqual(requestFor('v1.2.0', withSignals(target)), {request: target, ignored: []});
	assert.deepEqual(requestFor('v1.7.0', withSignals(target)).request, withSignals(target));
});

test("tetra's flags keep the target's filter", () => {
	assert.deepEqual(tetraFlags(withSignals(target)), tetraFlags(target));
});
