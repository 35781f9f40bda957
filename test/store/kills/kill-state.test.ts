import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Evidence, enforcementOf, type KillAction, stateOf} from '../../../source/store/kills/kill-state.js';

const hookMs = 1_000_000;

/** In enforce mode, without an exit, unless said otherwise. */
function state(action: KillAction, more: Partial<Evidence> = {}): string {
	return stateOf(action, {
		mode: 'enforce',
		timeMs: hookMs,
		exitMs: Number.NaN,
		exitSignal: '',
		outlived: false,
		otherKiller: false,
		...more,
	});
}

function exit(afterMs: number, exitSignal = 'SIGKILL'): Partial<Evidence> {
	return {exitMs: hookMs + afterMs, exitSignal};
}

test('only the action of an enforcement is one; the stronger of two counts', () => {
	assert.deepEqual(
		[0, 1, 2, 3, 4, 5, 10, 12, 13].map(action => enforcementOf(action, 0)),
		[undefined, undefined, undefined, 'SIGKILL', undefined, 'OVERRIDE', 'SIGNAL', undefined, 'NOTIFYENFORCER'],
	);
	assert.equal(enforcementOf(1, 5), 'OVERRIDE');
	assert.equal(enforcementOf(5, 3), 'SIGKILL');
	assert.equal(enforcementOf(10, 13), 'NOTIFYENFORCER');
	assert.equal(enforcementOf(5, 10), 'SIGNAL');
});

test('without the mode of the policy nothing is called a kill, and in monitor mode it would have been one', () => {
	for (const action of ['SIGKILL', 'SIGNAL', 'NOTIFYENFORCER', 'OVERRIDE', 'POST'] as const) {
		assert.equal(state(action, {...exit(0), mode: 'unknown'}), 'KILL (mode ?)');
		assert.equal(
			state(action, {...exit(0), mode: 'monitor'}),
			action === 'OVERRIDE' ? 'WOULD-DENY' : 'WOULD-KILL',
			action,
		);
	}
});

const day = 86_400_000;

/** The last exit that proves the action, and the state without a proof. */
for (const [action, lastMs, unproven] of [
	['SIGKILL', day, 'KILL-SENT'],
	['POST', day, 'KILL-SENT'],
	['SIGNAL', 5000, 'SIGNALLED'],
	['NOTIFYENFORCER', 5000, 'DENIED'],
	['OVERRIDE', 1000, 'DENIED'],
] as const) {
	test(`${action}: an exit by SIGKILL from 1 s before to ${lastMs} ms after the hook proves a kill`, () => {
		assert.equal(state(action, exit(-1000)), 'KILLED');
		assert.equal(state(action, exit(-1001)), unproven);
		assert.equal(state(action, exit(lastMs)), 'KILLED');
		assert.equal(state(action, exit(0, 'SIGTERM')), unproven);
		assert.equal(state(action, exit(0, '')), unproven);
		if (lastMs < day) {
			assert.equal(state(action, exit(lastMs + 1)), unproven);
		}
	});
}

test('where another enforcement sent SIGKILL, the exit proves that one and no other', () => {
	const other = {...exit(0), otherKiller: true};
	assert.equal(state('SIGKILL', other), 'KILLED');
	assert.equal(state('POST', other), 'KILLED');
	assert.equal(state('SIGNAL', other), 'SIGNALLED');
	assert.equal(state('NOTIFYENFORCER', other), 'DENIED');
	assert.equal(state('OVERRIDE', other), 'DENIED');
});

test('the enforcer has sent a signal until the process is seen to live on', () => {
	assert.equal(state('NOTIFYENFORCER'), 'KILL-SENT');
	assert.equal(state('NOTIFYENFORCER', {outlived: true}), 'DENIED');
	assert.equal(state('SIGNAL'), 'SIGNALLED');
	assert.equal(state('OVERRIDE'), 'DENIED');
});
