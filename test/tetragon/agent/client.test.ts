import assert from 'node:assert/strict';
import test from 'node:test';
import {status} from '@grpc/grpc-js';
import {GrpcError} from '../../../source/demo/server.js';
import {Refusal} from '../../../source/problem.js';
import {agentLink, openAgent} from '../../../source/tetragon/agent/client.js';
import type {Connection, EndReason, EventsRequest} from '../../../source/tetragon/agent/link.js';
import {buildRequest} from '../../../source/tetragon/filter/filter.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../../../source/tetragon/wire/scan.js';
import {TestAgent} from '../../agent/agent.js';
import {framesOf, recordingNames, statsOf} from '../../agent/recordings.js';

const never = new AbortController().signal;

/** Subscribes and collects until `count` frames came or the stream ended. */
async function collect(
	connection: Connection,
	count: number,
	request: EventsRequest = {},
): Promise<{frames: Buffer[]; end: EndReason | undefined}> {
	const frames: Buffer[] = [];
	const {promise, resolve} = Promise.withResolvers<EndReason | undefined>();
	const subscription = connection.events(request, {
		frame(bytes) {
			frames.push(Buffer.from(bytes));
			if (frames.length === count) {
				resolve(undefined);
			}
		},
		event: () => assert.fail('a gRPC stream has no lines'),
		malformed: () => assert.fail('a gRPC stream has no lines'),
		end: resolve,
	});
	const end = await promise;
	subscription.cancel();
	return {frames, end};
}

for (const name of recordingNames()) {
	test(`${name} arrives byte for byte, as many events as stats.txt says`, async () => {
		const sent = framesOf(name);
		const stats = statsOf(name);
		await using agent = await TestAgent.start({frames: sent});
		const connection = await openAgent(agent.client, never);
		const {frames} = await collect(connection, sent.length);
		connection.close();
		assert.equal(frames.length, stats.events);
		assert.ok(frames.every((frame, index) => frame.equals(sent[index] ?? Buffer.alloc(0))));
		const kinds: Record<string, number> = {};
		const facts = newFacts();
		for (const frame of frames) {
			scanFrame(frame, facts);
			kinds[facts.kind] = (kinds[facts.kind] ?? 0) + 1;
		}

		assert.deepEqual(kinds, stats.kinds);
	});
}

test('a connection is proven by GetVersion before anything is subscribed', async () => {
	await using agent = await TestAgent.start({tcp: true});
	const connection = await agentLink(agent.client).open(never);
	assert.deepEqual(agent.calls, ['GetVersion']);
	assert.equal(await connection.version(), 'v1.8.0-pre.0-653-g4fbfe2d74');
	assert.equal(connection.via, 'tcp');
	await connection.health();
	connection.close();
});

test('the dump is always asked for with its arguments, since an agent dies without them', async () => {
	const requests: Buffer[] = [];
	const answer = encodeMessage('GetDebugResponse', {
		processes: {processes: [{process: {exec_id: 'eA=='}, refcnt_ops: {'process++': 1}}]},
	});
	await using agent = await TestAgent.start({
		answers: {
			GetDebug(request) {
				requests.push(request);
				return Buffer.from(answer);
			},
		},
	});
	const connection = await openAgent(agent.client, never);
	await connection.dump();
	connection.close();
	// flag = 1 (DUMP_PROCESS_CACHE), dump = {skip_zero_refcnt: true}
	assert.deepEqual(requests.map(String), [Buffer.from([8, 1, 18, 2, 8, 1])].map(String));
});

test('a recorded cache tells the living from the dead', async () => {
	await using agent = await TestAgent.start();
	const connection = await openAgent(agent.client, never);
	const processes = (await connection.dump()) ?? [];
	connection.close();
	assert.equal(processes.length, 180);
	const web = processes.find(({process}) => process.arguments?.includes('http.server'));
	assert.deepEqual([web?.alive, web?.process.pod?.name], [true, 'xwing']);
	const cat = processes.filter(({process}) => process.arguments === '/etc/shadow' && process.pod !== undefined);
	assert.ok(cat.length > 0 && cat.every(({alive}) => !alive));
	assert.deepEqual(connection.missing(), []);
});

test('a dump of 64 MiB is received whole while the event loop goes on turning', async () => {
	const process = {
		exec_id: 'bm9kZTox',
		binary: '/bin/x',
		arguments: 'y'.repeat(1000),
		pod: {namespace: 'a', name: 'b'},
	};
	const one = Buffer.from(
		encodeMessage('DumpProcessCacheResArgs', {processes: [{process, refcnt_ops: {'process++': 1}}]}),
	);
	const count = Math.ceil((64 * 1024 * 1024) / one.length);
	const all = Buffer.concat(Array.from({length: count}, () => one));
	const head = Buffer.from([26, ...varint(all.length)]);
	await using agent = await TestAgent.start({dump: Buffer.concat([head, all])});
	const connection = await openAgent(agent.client, never);
	let turns = 0;
	const timer = setInterval(() => turns++, 5);
	const processes = await connection.dump();
	clearInterval(timer);
	connection.close();
	assert.equal(processes?.length, count);
	assert.ok(turns > 10, `${turns} turns of the loop`);
});

test('a slow dump holds up no event', async () => {
	const sent = framesOf('tutorial-exec');
	await using agent = await TestAgent.start({frames: sent, delays: {GetDebug: 5000}});
	const connection = await openAgent({...agent.client, deadlines: {dump: 60_000}}, never);
	let answered = false;
	const dump = assert.rejects(connection.dump()).finally(() => {
		answered = true;
	});
	const {frames} = await collect(connection, sent.length);
	assert.deepEqual([frames.length, answered], [sent.length, false]);
	// Closing ends it too: nothing waits for a connection that is gone.
	const from = performance.now();
	connection.close();
	await dump;
	assert.ok(performance.now() - from < 1000);
});

test('a call that is not answered ends at its deadline', async () => {
	await using agent = await TestAgent.start({delays: {GetHealth: 10_000}});
	const connection = await openAgent({...agent.client, deadlines: {health: 50}}, never);
	const from = performance.now();
	await assert.rejects(connection.health(), (error: {code?: number}) => error.code === status.DEADLINE_EXCEEDED);
	assert.ok(performance.now() - from < 2000);
	connection.close();
});

test('an old agent costs what it lacks and nothing else', async () => {
	await using agent = await TestAgent.start({
		version: 'v1.0.3',
		lacking: ['GetDebug', 'GetInfo', 'ConfigureTracingPolicy'],
		frames: framesOf('tutorial-exec'),
	});
	const connection = await openAgent(agent.client, never);
	assert.equal(await connection.dump(), undefined);
	assert.equal((await connection.policies())?.length, 1);
	assert.equal((await collect(connection, 56)).frames.length, 56);
	const missing = connection.missing().join('\n');
	assert.match(missing, /no process cache: the agent is v1\.0\.3/);
	assert.match(missing, /no policy modes/);
	assert.match(missing, /no policy counters/);
	connection.close();
});

test('v1.2 knows GetDebug but not the dump, and says so in its own words', async () => {
	await using agent = await TestAgent.start({
		version: 'v1.2.0',
		answers: {
			GetDebug() {
				throw new GrpcError(status.UNKNOWN, 'client requested unknown config flag 1');
			},
		},
	});
	const connection = await openAgent(agent.client, never);
	assert.equal(await connection.dump(), undefined);
	assert.match(connection.missing().join('\n'), /no process cache: the agent is v1\.2\.0/);
	connection.close();
});

test('v1.3 that trips over its own cache is asked again', async () => {
	let asked = 0;
	await using agent = await TestAgent.start({
		answers: {
			GetDebug() {
				if (++asked < 3) {
					throw new GrpcError(status.INTERNAL, 'grpc: error while marshaling: size mismatch (see ...)');
				}

				return Buffer.from(encodeMessage('GetDebugResponse', {processes: {processes: [{process: {exec_id: 'eA=='}}]}}));
			},
		},
	});
	const connection = await openAgent(agent.client, never);
	assert.equal((await connection.dump())?.length, 1);
	connection.close();
});

test('fields that an agent ignores are kept from it, and a deny filter is never sent without them', async () => {
	await using agent = await TestAgent.start({version: 'v1.3.0', frames: framesOf('loader').slice(0, 1)});
	const connection = await openAgent(agent.client, never);
	const request = buildRequest({
		pod: ['xwing'],
		namespaceRegex: ['^def'],
		celExpression: ['process_exit.status == 1u'],
		deny: ['namespace-regex=kube-.*', 'namespace=kube-system'],
	});
	await collect(connection, 1, request);
	// To an agent a deny filter without a field that it knows would deny every event.
	assert.deepEqual(agent.requests, [{allow_list: [{pod_regex: ['xwing']}], deny_list: [{namespace: ['kube-system']}]}]);
	assert.match(
		connection.missing().join('\n'),
		/no filter by cel_expression: the agent is v1\.3\.0, so it is not applied/,
	);
	assert.match(connection.missing().join('\n'), /no filter by namespace_regex: .* tetratop filters itself/);
	connection.close();
});

test('aggregation is never asked for: it loses events and leaks in the agent', async () => {
	await using agent = await TestAgent.start({frames: framesOf('loader').slice(0, 1)});
	const connection = await openAgent(agent.client, never);
	await collect(connection, 1, {...buildRequest({pod: ['x']}), aggregation_options: {}} as EventsRequest);
	assert.deepEqual(agent.requests, [{allow_list: [{pod_regex: ['x']}]}]);
	connection.close();
});

for (const [code, text, expected] of [
	[status.CANCELLED, 'context canceled', 1],
	[status.INTERNAL, 'grpc: error while marshaling: string field contains invalid UTF-8', 13],
	[status.OK, '', 0],
] as const) {
	test(`an end with code ${expected} is told once, with its text`, async () => {
		await using agent = await TestAgent.start();
		const connection = await openAgent(agent.client, never);
		const ended = collect(connection, 1);
		while (agent.subscribers === 0) {
			await new Promise(resolve => setTimeout(resolve, 5));
		}

		agent.endStreams(code, text);
		const {end} = await ended;
		assert.equal(end?.code, expected);
		assert.equal(end?.text, text || 'OK');
		connection.close();
	});
}

test('an agent that is killed ends the stream as lost', async () => {
	await using agent = await TestAgent.start({frames: framesOf('loader').slice(0, 1)});
	const connection = await openAgent(agent.client, never);
	const ended = collect(connection, 2);
	while (agent.subscribers === 0) {
		await new Promise(resolve => setTimeout(resolve, 5));
	}

	await agent.kill();
	assert.ok([status.UNAVAILABLE, status.CANCELLED].includes((await ended).end?.code ?? -1));
	connection.close();
});

test('frames that are no protobuf end no stream', async () => {
	const broken = [Buffer.alloc(0), Buffer.from([0xff]), Buffer.from('not protobuf at all')];
	await using agent = await TestAgent.start({frames: broken});
	const connection = await openAgent(agent.client, never);
	assert.deepEqual((await collect(connection, 3)).frames, broken);
	connection.close();
});

test('another gRPC service is told from an agent', async () => {
	await using agent = await TestAgent.start({lacking: ['GetVersion', 'GetHealth', 'GetEvents']});
	await assert.rejects(
		openAgent(agent.client, never),
		(error: unknown) =>
			error instanceof Refusal && /no Tetragon agent/.test(error.what) && /another gRPC service/.test(error.why),
	);
});

test('what sends events and answers nothing else is listened to', async () => {
	const frames = [Buffer.from([0xff])];
	await using agent = await TestAgent.start({frames, lacking: ['GetVersion', 'GetHealth']});
	const connection = await openAgent(agent.client, never);
	assert.deepEqual((await collect(connection, 1)).frames, frames);
	await connection.health();
	assert.match(connection.missing().join(), /no version/);
	connection.close();
});

test('opening stops when it is no longer wanted', async () => {
	await using agent = await TestAgent.start({delays: {GetVersion: 10_000}});
	const wanted = new AbortController();
	const opening = openAgent(agent.client, wanted.signal);
	setTimeout(() => wanted.abort(), 30);
	const from = performance.now();
	await assert.rejects(opening, {name: 'AbortError'});
	assert.ok(performance.now() - from < 2000);
});

function varint(value: number): number[] {
	const bytes: number[] = [];
	for (let rest = value; ; rest = Math.floor(rest / 128)) {
		if (rest < 128) {
			return [...bytes, rest];
		}

		bytes.push((rest % 128) | 0x80);
	}
}
