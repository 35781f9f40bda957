import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {status} from '@grpc/grpc-js';
import {Fleet, type FleetOptions} from '../../source/fleet/fleet.js';
import type {Problem} from '../../source/problem.js';
import {Refusal} from '../../source/problem.js';
import type {FeedMarker, NodeStatus} from '../../source/store/snapshot.js';
import {Store} from '../../source/store/store.js';
import {agentLink} from '../../source/tetragon/agent/client.js';
import type {Connection, Link} from '../../source/tetragon/agent/link.js';
import {buildRequest} from '../../source/tetragon/filter/filter.js';
import {TestAgent} from '../agent/agent.js';
import {framesOf, recordingNames, statsOf} from '../agent/recordings.js';

/** The machine of a node, faster: what takes seconds in the field takes hundredths here. */
const quick = {
	timers: {
		healthMs: 30,
		policiesMs: 40,
		metricsMs: 30,
		quietMs: 60,
		heldMetricsMs: 30,
		dialMs: 2000,
		blockedMs: 60_000,
		dumpAgainMs: 20,
	},
	backoff: {firstMs: 20, maximumMs: 80, stableMs: 30_000},
};

type House = {readonly store: Store; readonly fleet: Fleet; readonly rules: FeedMarker[]};

function house(t: TestContext, options: Partial<FleetOptions> = {}): House {
	const store = new Store();
	const rules: FeedMarker[] = [];
	const rule = store.rule.bind(store);
	store.rule = (node, drawn, nowMs) => {
		rules.push(drawn);
		return rule(node, drawn, nowMs);
	};

	const fleet = new Fleet({store, request: {}, ...quick, ...options});
	t.after(async () => fleet.close());
	return {store, fleet, rules};
}

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
	for (const from = performance.now(); ; ) {
		const seen = look();
		if (seen) {
			return seen;
		}

		assert.ok(performance.now() - from < 180_000, `not seen in 180 s: ${what}`);
		await new Promise(resolve => setTimeout(resolve, 5));
	}
}

function now(store: Store): NodeStatus {
	return store.nodes(Date.now())[0] ?? assert.fail('no node');
}

async function inState(store: Store, state: NodeStatus['state']) {
	return until(state, () => now(store).state === state && now(store));
}

function events(store: Store): number {
	return store.totals(Date.now()).events;
}

for (const name of recordingNames()) {
	test(`${name}: the store counts what stats.txt says, by kind`, async t => {
		await using agent = await TestAgent.start({frames: framesOf(name)});
		const {store, fleet} = house(t);
		fleet.add(agentLink(agent.client));
		const {events: expected, kinds} = statsOf(name);
		await until(`${expected} events`, () => events(store) >= expected);
		const totals = store.totals(Date.now());
		assert.equal(totals.events, expected);
		assert.deepEqual({...totals.byKind}, kinds);
		assert.equal(totals.malformed, 0);
	});
}

test('subscribes first, then dumps once, then reads the policies again and again', async t => {
	await using agent = await TestAgent.start();
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	await until(
		'policies read three times',
		() => agent.calls.filter(call => call === 'ListTracingPolicies').length >= 3,
	);
	const calls = agent.calls.filter(call => call !== 'GetHealth');
	assert.deepEqual(calls.slice(0, 2), ['GetVersion', 'GetEvents']);
	assert.equal(calls.filter(call => call === 'GetDebug').length, 1);
	await until('the cache fills the tree', () => store.totals(Date.now()).processes > 80);
});

test('an address becomes the node that the first event names, and lag is per node', async t => {
	await using agent = await TestAgent.start({frames: framesOf('loader').slice(0, 3)});
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	await until('renamed', () => now(store).name === 'minikube');
	assert.equal(now(store).via, 'unix');
	assert.equal(now(store).version, 'v1.8.0-pre.0-653-g4fbfe2d74');
});

test('a name that Kubernetes gave stays', async t => {
	await using agent = await TestAgent.start({frames: framesOf('loader').slice(0, 3)});
	const {store, fleet} = house(t);
	fleet.add(agentLink({...agent.client, node: 'node-7', via: 'port-forward'}));
	await until('events', () => events(store) >= 3);
	assert.equal(now(store).name, 'node-7');
});

test('an agent that says nothing is quiet, not gone', async t => {
	await using agent = await TestAgent.start();
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	await inState(store, 'quiet');
	agent.send(framesOf('loader').slice(0, 1));
	await inState(store, 'streaming');
	assert.equal(agent.calls.filter(call => call === 'GetEvents').length, 1);
});

for (const [code, text] of [
	[status.OK, ''],
	[status.CANCELLED, 'context canceled'],
	[status.INTERNAL, 'grpc: error while marshaling: string field contains invalid UTF-8'],
	[status.UNAVAILABLE, 'error reading from server: EOF'],
	[status.UNKNOWN, 'something else'],
] as const) {
	test(`a stream that ends with code ${code} is a disconnect: it is taken up again, and the gap is drawn`, async t => {
		await using agent = await TestAgent.start();
		const {store, fleet, rules} = house(t);
		fleet.add(agentLink(agent.client));
		await until('subscribed', () => agent.subscribers === 1 && now(store).state !== 'connecting');
		agent.endStreams(code, text);
		const gap = await until('a gap', () => rules.find(rule => rule.type === 'gap'));
		await until('subscribed again', () => agent.subscribers === 1);
		assert.ok(gap.type === 'gap' && gap.toMs >= gap.fromMs && gap.reason !== '');
	});
}

test('three idle streams in a row that were cut at the same age: the path does it, and that is said once', async t => {
	await using agent = await TestAgent.start();
	let nowMs = Date.now();
	const {store, fleet, rules} = house(t, {now: () => nowMs});
	fleet.add(agentLink(agent.client));

	function gaps() {
		return rules.filter(({type}) => type === 'gap').length;
	}

	async function cutAfter(ms: number) {
		const before = gaps();
		await until('subscribed', () => agent.subscribers === 1 && now(store).state !== 'connecting');
		nowMs += ms;
		agent.endStreams(status.UNAVAILABLE, 'EOF');
		await until('a gap', () => gaps() > before);
	}

	await cutAfter(40_000);
	await cutAfter(300_000);
	await cutAfter(301_500);
	assert.deepEqual(store.problems(), [], 'two of three');
	// A stream that ends at once, or at our own wish, says nothing of idle ones.
	await cutAfter(20);
	fleet.retry(store.nodes()[0]!.id);
	await until('a gap', () => gaps() > 4);
	await cutAfter(299_000);
	const [problem] = await until('a note', () => store.problems().length > 0 && store.problems());
	assert.equal(problem?.severity, 'note');
	assert.equal(problem?.what, 'this path cuts idle streams after about 300 s (unix)');
	assert.match(problem?.why ?? '', /three streams in a row/);
	assert.match(problem?.fix ?? '', /idle timeout/);
	await cutAfter(900_000);
	await until('settled', () => store.problems().length === 0);
});

test('an agent that restarts is found again, its gap and its restart are drawn, and the tree filled anew', async t => {
	await using agent = await TestAgent.start({frames: framesOf('tutorial-exec')});
	const {store, fleet, rules} = house(t);
	fleet.add(agentLink(agent.client));
	await until('events', () => events(store) === 56 && agent.calls.includes('GetDebug'));
	await agent.kill();
	await inState(store, 'retrying');
	await until('a second try', () => now(store).attempt >= 2);
	assert.match(
		store
			.problems()
			.map(({why}) => why)
			.join(),
		/nobody listens|no such socket/,
	);
	await agent.listen();
	await until('events of the second life', () => events(store) === 112);
	await until('a second dump', () => agent.calls.filter(call => call === 'GetDebug').length === 2);
	const types = rules.map(({type}) => type);
	assert.deepEqual(types, ['connected', 'gap', 'restart']);
	assert.deepEqual(store.problems(), [], 'settled when it answers again');
	assert.equal(now(store).attempt, 0);
});

test('an agent that answers nothing any more is left after two unanswered calls', async t => {
	let frozen = false;
	await using agent = await TestAgent.start({
		answers: {
			async GetHealth() {
				return frozen ? new Promise<Buffer>(() => undefined) : Buffer.alloc(0);
			},
		},
	});
	const {store, fleet, rules} = house(t);
	fleet.add(agentLink({...agent.client, deadlines: {health: 40}}));
	await inState(store, 'quiet');
	frozen = true;
	const gap = await until('a gap', () => rules.find(rule => rule.type === 'gap'));
	assert.match(gap.type === 'gap' ? gap.reason : '', /no answer from the agent/);
});

test('events prove an agent alive whose GetHealth is not answered', async t => {
	await using agent = await TestAgent.start({delays: {GetHealth: 60_000}});
	const {store, fleet} = house(t);
	fleet.add(agentLink({...agent.client, deadlines: {health: 40}}));
	const [frame] = framesOf('loader');
	const sending = setInterval(() => agent.send([frame ?? Buffer.alloc(0)]), 5);
	await until('twenty unanswered calls', () => agent.calls.filter(call => call === 'GetHealth').length >= 20);
	clearInterval(sending);
	assert.equal(agent.calls.filter(call => call === 'GetEvents').length, 1);
	assert.ok(['streaming', 'quiet'].includes(now(store).state));
});

test('a filter that the agent refuses blocks the node and says what is wrong', async t => {
	await using agent = await TestAgent.start();
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	await until('subscribed', () => agent.subscribers === 1);
	agent.endStreams(
		status.UNKNOWN,
		"error compiling CEL expression: ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>'\n | 1 +",
	);
	const node = await inState(store, 'blocked');
	assert.match(node.note, /error compiling CEL expression/);
	const [problem] = store.problems();
	assert.equal(problem?.severity, 'error');
	assert.match(problem?.what ?? '', /rejects the filter/);
	assert.doesNotMatch(problem?.why ?? '', /\n/);
});

test('a refusal that only a person can mend blocks; retry() tries at once', async t => {
	await using agent = await TestAgent.start();
	let opens = 0;
	const link: Link = {
		node: 'node-8',
		async open(signal) {
			if (++opens === 1) {
				throw new Refusal('Not allowed: pods/exec', 'RBAC', 'ask for it', false);
			}

			return agentLink(agent.client).open(signal);
		},
	};
	const {store, fleet} = house(t);
	fleet.add(link);
	const blocked = await inState(store, 'blocked');
	assert.equal(blocked.note, 'RBAC');
	assert.deepEqual(
		store.problems().map(({what, why, fix}: Problem) => [what, why, fix]),
		[['Not allowed: pods/exec', 'RBAC', 'ask for it']],
	);
	fleet.retry();
	await until('connected', () => ['streaming', 'quiet'].includes(now(store).state));
	assert.deepEqual(store.problems(), []);
});

test('a link that hangs is given up, and what it opens too late is closed', async t => {
	let closed = 0;
	const {promise, resolve} = Promise.withResolvers<Connection>();
	const link: Link = {node: 'slow', open: async () => promise};
	const {store, fleet} = house(t, {timers: {...quick.timers, dialMs: 50}});
	fleet.add(link);
	const node = await until('retrying', () => now(store).state === 'retrying' && now(store));
	assert.match(node.note, /no connection in/);
	await fleet.close();
	resolve({close: () => closed++} as unknown as Connection);
	await until('the late one is closed', () => closed > 0);
});

test('an older agent costs what it lacks, says it once, and streams', async t => {
	await using agent = await TestAgent.start({
		version: 'v1.2.0',
		lacking: ['GetDebug'],
		frames: framesOf('tutorial-exec'),
	});
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	await until('events', () => events(store) === 56);
	const [problem] = await until('a note', () => store.problems().length > 0 && store.problems());
	assert.equal(problem?.severity, 'note');
	assert.match(problem?.what ?? '', /no process cache: the agent is v1\.2\.0/);
	assert.match(now(store).note, /no policy modes/);
});

test('the filter is applied here too: an old agent that ignores it changes nothing on the screen', async t => {
	const frames = framesOf('tutorial-exec');
	await using agent = await TestAgent.start({frames, version: 'v1.0.0'});
	let seen = 0;
	const {store, fleet} = house(t, {
		request: buildRequest({pod: ['^tiefighter$'], deny: ['event-types=exit']}),
		tap: () => ({frame: () => seen++, line: () => assert.fail(), policies() {}}),
	});
	fleet.add(agentLink(agent.client));
	await until('the one event', () => events(store) === 1);
	await until('all frames arrived', () => seen === frames.length);
	assert.deepEqual({...store.totals(Date.now()).byKind}, {process_exec: 1});
});

test('what the agent lost is counted and drawn; an agent that does not tell is not taken for complete', async t => {
	await using agent = await TestAgent.start();
	let overflowed = 500;
	let readable = true;
	const link: Link = {
		node: 'n',
		async open(signal) {
			const connection = await agentLink(agent.client).open(signal);
			return Object.assign(connection, {
				async metrics() {
					if (!readable) {
						throw new Error('connect ECONNREFUSED');
					}

					return `tetragon_notify_overflowed_events_total ${overflowed}\n`;
				},
			});
		},
	};
	const {store, fleet, rules} = house(t);
	fleet.add(link);
	await until('read once', () => now(store).lostServer === 0);
	overflowed += 7406;
	await until('counted', () => now(store).lostServer === 7406);
	const lost = rules.find(rule => rule.type === 'lost');
	assert.ok(lost?.type === 'lost' && lost.count === 7406 && lost.where === 'server');
	readable = false;
	await until('unknown', () => now(store).lostServer === undefined);
});

test('what was lost stays counted when the connection breaks and comes back', async t => {
	await using agent = await TestAgent.start();
	let overflowed = 0;
	const link: Link = {
		node: 'n',
		async open(signal) {
			const connection = await agentLink(agent.client).open(signal);
			return Object.assign(connection, {
				metrics: async () => `tetragon_notify_overflowed_events_total ${overflowed}\n`,
			});
		},
	};
	const {store, fleet} = house(t);
	fleet.add(link);
	await until('read once', () => now(store).lostServer === 0);
	overflowed = 30;
	await until('counted', () => now(store).lostServer === 30);
	const calls = agent.requests.length;
	agent.endStreams(status.UNAVAILABLE, 'EOF');
	await until('again', () => agent.requests.length > calls);
	overflowed = 35;
	await until('both', () => (now(store).lostServer ?? 0) >= 30 && overflowed++ > 0 && now(store).lostServer! > 35);
	assert.equal(store.totals().isLossUnknown, true, 'the gap between them');
});

test('a standstill of this process is drawn for each node that streams, and what it cost is asked at once', async t => {
	await using agent = await TestAgent.start();
	let clock = 0;
	let dropped = 0;
	const link: Link = {
		node: 'n',
		async open(signal) {
			const connection = await agentLink(agent.client).open(signal);
			return Object.assign(connection, {
				metrics: async () => `tetragon_notify_overflowed_events_total ${dropped}\n`,
			});
		},
	};
	const {store, fleet, rules} = house(t, {timers: {...quick.timers, metricsMs: 60_000}, clock: () => clock});
	fleet.add(link);
	fleet.add({node: 'away', open: async () => Promise.reject(new Error('no way'))});
	await until('read once', () => store.nodes().find(({name}) => name !== 'away')?.lostServer === 0);
	dropped = 7406;
	clock += 60_000;
	await until('counted', () => store.nodes().find(({name}) => name !== 'away')?.lostServer === 7406);
	const stalled = rules.filter(rule => rule.type === 'stalled');
	assert.equal(stalled.length, 1);
	assert.equal((stalled[0]?.toMs ?? 0) - (stalled[0]?.fromMs ?? 0), 60_000);
	assert.deepEqual(
		rules.filter(rule => rule.type === 'lost').map(({count}) => count),
		[7406],
	);
});

test('what the agent drops while its stream is not read is counted meanwhile', async t => {
	await using agent = await TestAgent.start({frames: framesOf('loader')});
	let dropped = 0;
	const link: Link = {
		node: 'n',
		async open(signal) {
			const connection = await agentLink(agent.client).open(signal);
			return Object.assign(connection, {
				metrics: async () => `tetragon_notify_overflowed_events_total ${dropped}\n`,
			});
		},
	};
	const {store, fleet} = house(t, {timers: {...quick.timers, metricsMs: 60_000}});
	const room = Promise.withResolvers<void>();
	Object.assign(store, {room: () => room.promise});
	fleet.add(link);
	await until('held after one event', () => events(store) === 1 && now(store).lostServer === 0);
	dropped = 26_612;
	await until('counted', () => now(store).lostServer === 26_612);
	assert.equal(events(store), 1);
	Object.assign(store, {room: undefined});
	room.resolve();
	await until('all', () => events(store) === framesOf('loader').length);
});

test('nodes come and go while others stream', async t => {
	await using first = await TestAgent.start({frames: framesOf('loader')});
	await using second = await TestAgent.start({frames: framesOf('lsm')});
	const {store, fleet} = house(t);
	fleet.add(agentLink({...first.client, node: 'one', via: 'exec'}));
	await until('first', () => events(store) === 92);
	fleet.add(agentLink({...second.client, node: 'two', via: 'exec'}));
	await until('second', () => events(store) === 138);
	await fleet.remove('one', 'drained');
	await until('unsubscribed', () => first.subscribers === 0);
	assert.equal(second.subscribers, 1);
	assert.deepEqual(
		store
			.nodes(Date.now())
			.map(({state}) => state)
			.sort()[0],
		'ended',
	);
});

test('one dead node and one that hangs hold up nobody', async t => {
	await using agent = await TestAgent.start({frames: framesOf('loader')});
	const {store, fleet} = house(t, {dials: 2});

	async function hang(): Promise<Connection> {
		return new Promise(() => undefined);
	}

	for (const node of ['a', 'b', 'c', 'd']) {
		fleet.add({node, open: hang});
	}

	fleet.add(agentLink({...agent.client, node: 'alive', via: 'exec'}));
	await until('the living', () => events(store) === 92);
});

test('close() leaves no subscriber behind', async t => {
	await using agent = await TestAgent.start();
	const {store, fleet} = house(t);
	fleet.add(agentLink(agent.client));
	fleet.add({node: 'never', open: async () => Promise.reject(new Error('no way'))});
	await until('subscribed', () => agent.subscribers === 1);
	await fleet.close();
	await until('unsubscribed', () => agent.subscribers === 0);
	assert.ok(store.nodes(Date.now()).every(({state}) => state === 'ended'));
});

test('a recording sees all that arrives, before the filter', async t => {
	await using agent = await TestAgent.start({frames: framesOf('tutorial-exec')});
	let seen = 0;
	const {store, fleet} = house(t, {
		request: buildRequest({pod: ['^tiefighter$']}),
		tap: () => ({frame: () => seen++, line: () => assert.fail(), policies() {}}),
	});
	fleet.add(agentLink(agent.client));
	await until('events', () => events(store) === 2);
	await until('all', () => seen === 56);
});

test('a recording has the policies of a node that were listed before its first event named it', async t => {
	await using agent = await TestAgent.start();
	const told: string[] = [];
	const {store, fleet} = house(t, {
		timers: {...quick.timers, policiesMs: 60_000},
		tap: () => ({
			frame() {},
			line: () => assert.fail(),
			policies: (node, list) => told.push(`${node} ${list.length}`),
		}),
	});
	fleet.add(agentLink(agent.client));
	await until('the list was read', () => store.policyLists().length > 0);
	assert.deepEqual(told, []);
	agent.send(framesOf('tutorial-exec').slice(0, 1));
	await until('the node has a name', () => told.length === 1);
	assert.match(told[0] ?? '', /^minikube \d/);
});
