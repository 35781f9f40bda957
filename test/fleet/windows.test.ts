/** The periods, limits and bounds of a node's connection, with a fake clock: each at its last millisecond and one before. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {DialLimiter} from '../../source/fleet/dial-limiter.js';
import {IdleCuts} from '../../source/fleet/idle-cuts.js';
import {StallWatch} from '../../source/fleet/stall.js';
import {Refusal} from '../../source/problem.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {FakeAgent, startFake, turn} from './fake-agent.js';

function frameOf(exec_id: string): Uint8Array {
	return encodeMessage('GetEventsResponse', {process_exec: {process: {exec_id, pid: 1}}, node_name: 'n'});
}

test('what a connection still sends after the end of its session is in no count', async t => {
	const {agent, store, fleet, markers} = await startFake(t);
	const {sink} = agent;
	const frame = frameOf('x');
	const line = new TextEncoder().encode('{}');
	sink?.frame(frame);
	assert.equal(store.totals(Date.now()).events, 1);
	fleet.retry(store.nodes()[0]!.id);
	sink?.frame(frame);
	sink?.event(line, {process_exec: {process: {exec_id: 'y', pid: 2}}});
	sink?.malformed(line, 'it is not JSON');
	sink?.end({code: 0, text: 'late'});
	await turn();
	const {events, malformed} = store.totals(Date.now());
	assert.deepEqual([events, malformed], [1, 0]);
	assert.equal(markers.filter(({type}) => type === 'gap').length <= 1, true);
});

test('health is checked every 5 s; two failures in a row end the session, one does not', async t => {
	const {agent, pass, node} = await startFake(t);
	await pass(4999);
	assert.equal(agent.count('health'), 0);
	await pass(1);
	assert.equal(agent.count('health'), 1);
	let failing = 1;
	agent.health = async () => {
		agent.calls.push('health');
		if (failing-- > 0) {
			throw new Error('DEADLINE_EXCEEDED');
		}
	};

	await pass(5000);
	assert.deepEqual([agent.count('health'), agent.count('close')], [3, 0], 'the second call was answered');
	failing = 2;
	await pass(5000);
	assert.equal(agent.count('close'), 1);
	assert.match(node().note, /no answer from the agent/);
});

test('policies and metrics are read at once and then every 10 s', async t => {
	const {agent, pass} = await startFake(t);
	assert.deepEqual([agent.count('policies'), agent.count('metrics')], [1, 1]);
	await pass(9999);
	assert.deepEqual([agent.count('policies'), agent.count('metrics')], [1, 1]);
	await pass(1);
	assert.deepEqual([agent.count('policies'), agent.count('metrics')], [2, 2]);
});

test('a node is quiet 10 s after its last event, at the next check of its health', async t => {
	const {agent, pass, node} = await startFake(t);
	await pass(5000);
	assert.equal(node().state, 'streaming');
	await pass(5000);
	assert.equal(node().state, 'quiet');
	agent.sink?.frame(frameOf('x'));
	assert.equal(node().state, 'streaming');
});

test('a failed dump is tried three times, 5 s apart, and its absence is then reported', async t => {
	const agent = new FakeAgent();
	agent.failures.dump = 'too large';
	const {pass, store} = await startFake(t, {}, agent);
	assert.equal(agent.count('dump'), 1);
	await pass(4999);
	assert.equal(agent.count('dump'), 1);
	await pass(1);
	assert.equal(agent.count('dump'), 2);
	await pass(60_000);
	assert.equal(agent.count('dump'), 3);
	assert.match(store.problems()[0]?.what ?? '', /no process cache: too large/);
});

test('a blocked node is tried again after 60 s', async t => {
	const agent = new FakeAgent();
	let opens = 0;
	const link = {
		node: 'n',
		async open() {
			opens++;
			throw new Refusal('not allowed', 'RBAC', 'ask for it', false);
		},
	};
	const {pass, node} = await startFake(t, {}, Object.assign(agent, {link}));
	assert.deepEqual([node().state, opens], ['blocked', 1]);
	await pass(59_999);
	assert.equal(opens, 1);
	await pass(1);
	assert.equal(opens, 2);
});

test('an attempt to connect is given up after 20 s', async t => {
	const link = {node: 'n', open: () => new Promise<never>(() => undefined)};
	const {pass, node} = await startFake(t, {}, Object.assign(new FakeAgent(), {link}));
	await pass(19_999);
	assert.equal(node().state, 'connecting');
	await pass(1);
	assert.equal(node().state, 'retrying');
	assert.match(node().note, /no connection in 20 s/);
});

test('close() leaves no timer behind: no call is made afterwards', async t => {
	const {agent, fleet, pass} = await startFake(t);
	await pass(10_000);
	await fleet.close();
	const calls = agent.calls.length;
	await pass(120_000);
	assert.equal(agent.calls.length, calls);
});

test('by default 25 dials run at the same time, and one that takes longer than a second no longer counts', async t => {
	t.mock.timers.enable({apis: ['setTimeout']});
	const limiter = new DialLimiter();
	const {signal} = new AbortController();
	let dialling = 0;
	for (let index = 0; index < 100; index++) {
		void limiter.pass(() => {
			dialling++;
			return new Promise(() => undefined);
		}, signal);
	}

	await turn();
	assert.equal(dialling, 25);
	t.mock.timers.tick(999);
	await turn();
	assert.equal(dialling, 25);
	t.mock.timers.tick(1);
	await turn();
	assert.equal(dialling, 50);
});

test('a standstill of more than 2 s is reported, at the next reading of the clock every 500 ms', t => {
	t.mock.timers.enable({apis: ['setInterval']});
	let clock = 0;
	const seen: number[] = [];
	const watch = new StallWatch({clock: () => clock, stalled: forMs => seen.push(forMs)});
	t.after(() => watch.close());
	clock += 2000;
	t.mock.timers.tick(500);
	assert.deepEqual(seen, []);
	clock += 2001;
	t.mock.timers.tick(499);
	assert.deepEqual(seen, []);
	t.mock.timers.tick(1);
	assert.deepEqual(seen, [2001]);
});

test('ages are alike within 3 s, or within 5 % of the longest; a stream idle for 1.5 times as long takes the note back', () => {
	function noted(...idleMs: readonly number[]) {
		const ids = new Set<string>();
		const cuts = new IdleCuts({
			raise: ({id}) => ids.add(id),
			settle: id => {
				ids.delete(id);
			},
		});
		for (const ms of idleMs) {
			cuts.ended(1, 'exec', ms);
		}

		return ids.size > 0;
	}

	assert.equal(noted(10_000, 13_000, 10_000), true);
	assert.equal(noted(10_000, 13_001, 10_000), false);
	assert.equal(noted(95_000, 100_000, 95_000), true);
	assert.equal(noted(94_999, 100_000, 95_000), false);
	assert.equal(noted(10_000, 10_000), false);
	assert.equal(noted(10_000, 10_000, 10_000, 15_000), true);
	assert.equal(noted(10_000, 10_000, 10_000, 15_001), false);
});
