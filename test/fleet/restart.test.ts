import assert from 'node:assert/strict';
import test from 'node:test';
import {type AgentIdentity, countersOf, restartReason} from '../../source/fleet/restart.js';

const agent: AgentIdentity = {agent: 'tetragon-a', version: 'v1.7.0', startedAt: undefined, counters: new Map()};
const lastEnd = {code: 14, wasRefused: false};

test('a network that failed is no restart', () => {
	assert.equal(restartReason(agent, lastEnd, {...agent}), undefined);
});

test('each sign of another agent is named', () => {
	const cases: ReadonlyArray<
		readonly [Partial<AgentIdentity>, Partial<typeof lastEnd>, Partial<AgentIdentity>, RegExp]
	> = [
		[{}, {}, {version: 'v1.8.0'}, /v1\.7\.0 → v1\.8\.0/],
		[{}, {}, {agent: 'tetragon-b'}, /tetragon-a → tetragon-b/],
		[{startedAt: 1}, {}, {startedAt: 2}, /restarted/],
		[{}, {wasRefused: true}, {}, /refused in between/],
		[{}, {code: 1}, {}, /ended the stream itself/],
		[{counters: new Map([['/p', 5n]])}, {}, {counters: new Map([['/p', 4n]])}, /counters began again/],
	];
	for (const [before, how, after, expected] of cases) {
		const reason = restartReason({...agent, ...before}, {...lastEnd, ...how}, {...agent, ...after});
		assert.match(reason ?? 'none', expected);
	}
});

test('counters that grew, or a policy that is new or gone, are no restart', () => {
	const before = {
		...agent,
		counters: new Map([
			['/p', 5n],
			['/q', 9n],
		]),
	};
	const after = {
		...agent,
		counters: new Map([
			['/p', 6n],
			['/r', 0n],
		]),
	};
	assert.equal(restartReason(before, lastEnd, after), undefined);
});

test('counters beyond 2^53 are compared exactly', () => {
	function count(post: string) {
		return countersOf([{name: 'p', stats: {action_counters: {post, signal: '1'}}}]);
	}

	const before = {...agent, counters: count('9007199254740993')};
	assert.match(restartReason(before, lastEnd, {...agent, counters: count('9007199254740992')}) ?? '', /began again/);
	assert.equal(countersOf([{name: 'old agent'}]).size, 0);
});
