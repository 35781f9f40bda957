import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {OwnExecs} from '../../../source/kubernetes/agents/own-execs.js';
import {selectAgent} from '../../../source/kubernetes/agents/select.js';
import {
	defaultServerAddress,
	parseServerAddress,
	readServerAddress,
} from '../../../source/kubernetes/agents/server-address.js';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {type Dialler, dialAgent} from '../../../source/kubernetes/transport/dial.js';
import {wrapper} from '../../../source/kubernetes/transport/exec-json.js';
import {StepMemory} from '../../../source/kubernetes/transport/step-memory.js';
import {tetraFlags} from '../../../source/kubernetes/transport/tetra-flags.js';
import {Refusal} from '../../../source/problem.js';
import type {Connection, EndReason} from '../../../source/tetragon/agent/link.js';
import type {Event} from '../../../source/tetragon/event/event.js';
import {type Step, type TransportChoice, transportsOf} from '../../../source/transports.js';
import {writeTetra} from '../cluster/fake-tetra.js';
import {connectApi} from '../cluster/test-api.js';
import {startCluster, type TestCluster} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

async function setUp(t: TestContext, transport: TransportChoice = 'auto') {
	const cluster = await startCluster(t);
	const tried: Array<readonly [Step, string]> = [];
	const dialler: Dialler = {
		api: connectApi(t, cluster.server),
		kubectl: undefined,
		ways: transportsOf(transport),
		memory: new StepMemory(),
		own: new OwnExecs(),
		tried: (step, outcome) => tried.push([step, outcome instanceof Refusal ? outcome.why : 'ok']),
	};
	return {cluster, dialler, tried};
}

async function dial(t: TestContext, cluster: TestCluster, dialler: Dialler, node: string): Promise<Connection> {
	const pods = cluster.server.store.list('pods', 'kube-system') as Pod[];
	const found = selectAgent(
		pods.filter(pod => pod.spec?.nodeName === node),
		'tetragon',
	);
	assert.ok(found.state === 'ready');
	const {connection} = await dialAgent(dialler, found.agent, defaultServerAddress, AbortSignal.timeout(60_000));
	t.after(() => connection.close());
	return connection;
}

async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
	const error = await promise.catch((error: unknown) => error);
	assert.ok(error instanceof Refusal, String(error));
	return error;
}

function listen(connection: Connection) {
	const heard = {frames: 0, events: [] as Event[], malformed: 0, end: undefined as EndReason | undefined};
	const subscription = connection.events(
		{},
		{
			frame: () => heard.frames++,
			event: (_line, event) => heard.events.push(event),
			malformed: () => heard.malformed++,
			end: reason => {
				heard.end = reason;
			},
		},
	);
	return {heard, subscription};
}

test('port-forward first, then exec to the unix socket; and what worked is tried first for the next node', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	assert.equal((await dial(t, cluster, dialler, 'worker-1')).via, 'exec');
	assert.equal((await dial(t, cluster, dialler, 'worker-3')).via, 'exec');
	assert.deepEqual(
		tried.map(([step]) => step),
		['port-forward', 'nc-unix', 'nc-unix'],
	);
	assert.match(tried[0]?.[1] ?? '', /connection refused/);
});

test('unary calls and events work over every tunnel of gRPC', async t => {
	const {cluster, dialler} = await setUp(t);
	for (const [node, via] of [
		['worker-1', 'exec'],
		['worker-2', 'port-forward'],
	] as const) {
		const connection = await dial(t, cluster, dialler, node);
		assert.equal(connection.via, via);
		await connection.health();
		assert.equal((await connection.policies())?.[0]?.name, `policy-of-${node}`);
		const {heard} = listen(connection);
		const agent = cluster.agents.get(node);
		await until('subscribed', () => agent?.subscribers.size === 1);
		agent?.send({process_exec: {process: {exec_id: 'x', pid: 1}}});
		await until('heard', () => heard.frames === 1);
		cluster.server.cutTunnels();
		await until('ended', () => heard.end !== undefined);
		assert.match(heard.end?.text ?? '', /cut \(1006\)/);
	}
});

test('where port-forward alone is forbidden, exec is used; and 500 nodes do not ask for it again', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	cluster.server.denials = [{subresource: 'portforward', verb: 'get'}];
	assert.equal((await dial(t, cluster, dialler, 'worker-2')).via, 'exec');
	await dial(t, cluster, dialler, 'worker-1');
	await dial(t, cluster, dialler, 'worker-3');
	assert.equal(tried.filter(([step]) => step === 'port-forward').length, 1);
});

test('with pods/exec alone an agent on TCP is reached by nc, although its socket is not there', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	cluster.server.denials = [{subresource: 'portforward'}];
	assert.equal((await dial(t, cluster, dialler, 'worker-2')).via, 'exec');
	assert.deepEqual(
		tried.map(([step]) => step),
		['port-forward', 'nc-unix', 'nc-tcp'],
	);
	assert.match(tried[1]?.[1] ?? '', /tetragon\.sock\): No such file or directory/);
});

for (const knowsServer of [true, false]) {
	const words = knowsServer ? 'a tetra that can ask' : 'an old tetra';
	test(`a tetra whose agent is dead proves nothing, with ${words}`, async t => {
		const {cluster, dialler} = await setUp(t, 'exec-json');
		const bin = writeTetra(cluster.directory, [], {knowsServer});
		Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {bin});
		writeFileSync(path.join(cluster.directory, 'agent-down'), '');
		const refusal = await refusalOf(dial(t, cluster, dialler, 'worker-1'));
		assert.match(refusal.why, /failed to connect: connection refused/);
		rmSync(path.join(cluster.directory, 'agent-down'));
		const connection = await dial(t, cluster, dialler, 'worker-1');
		// Never that of tetra: the agent's own, or else the tag of its image.
		assert.equal(await connection.version(), knowsServer ? 'v1.6.1' : 'v1.7.0');
		assert.equal(connection.isVersionOfImage, !knowsServer);
	});
}

test('where all is forbidden, the refusal has the sentence of the server and the YAML that grants it', async t => {
	const {cluster, dialler} = await setUp(t, 'exec');
	cluster.server.denials = [{subresource: 'exec', verb: 'create'}];
	const refusal = await refusalOf(dial(t, cluster, dialler, 'worker-1'));
	assert.match(refusal.why, /cannot create resource "pods\/exec" in API group "" in the namespace "kube-system"/);
	assert.match(refusal.fix, /kubectl auth can-i create pods --subresource=exec -n kube-system/);
	assert.match(
		refusal.fix,
		/kind: Role\n[\s\S]*namespace: kube-system[\s\S]*resources: \["pods\/exec"\]\n {2}verbs: \["get", "create"\]/,
	);
	assert.equal(refusal.retry, false);
});

test('an image without nc is talked to through its tetra, with the same facts', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	const exec = {process_exec: {process: {exec_id: 'x', pid: 7, binary: '/bin/x'}}, node_name: 'worker-1'};
	const bin = writeTetra(cluster.directory, [exec]);
	Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {nc: false, bin});
	const connection = await dial(t, cluster, dialler, 'worker-1');
	assert.equal(connection.via, 'exec-json');
	assert.deepEqual(
		tried.map(([step]) => step),
		['port-forward', 'nc-unix', 'tetra'],
	);
	assert.equal(await connection.version(), 'v1.6.1');
	assert.equal((await connection.policies())?.[0]?.name, 'egress-deny');
	assert.deepEqual(
		(await connection.dump())?.map(({process, alive}) => [process.binary, alive]),
		[
			['/bin/alive', true],
			['/bin/dead', false],
		],
	);
	const {heard} = listen(connection);
	await until('heard', () => heard.events.length === 1);
	assert.equal(heard.events[0]?.process_exec?.process?.binary, '/bin/x');
	assert.match(connection.missing().join(), /no change of policies/);
	connection.close();
	await until('nothing is left on the node', () => cluster.server.commands.every(command => command.exited));
});

/** Processes of the session that a child of ours leads; one that only waits to be reaped does not run any more. */
function inSession(leader: number) {
	try {
		const states = execFileSync('ps', ['-o', 'stat=', '-s', String(leader)], {encoding: 'utf8'}).split('\n');
		return states.filter(state => state.trim() !== '' && !state.startsWith('Z')).length;
	} catch {
		return 0;
	}
}

for (const how of ['the end of stdin', 'the end of tetra']) {
	test(`the wrapper leaves no process behind after ${how}`, async t => {
		const {cluster} = await setUp(t);
		const bin = writeTetra(cluster.directory, [], {stays: how === 'the end of stdin'});
		const child = spawn('/bin/sh', ['-c', wrapper, 'name', 'getevents'], {
			env: {PATH: `${bin}:/usr/bin:/bin`},
			stdio: ['pipe', 'pipe', 'pipe'],
			detached: true,
		});
		t.after(() => {
			if (child.exitCode === null) {
				process.kill(-(child.pid ?? 0), 'SIGKILL');
			}
		});
		child.stdout.resume();
		const {pid = 0} = child;
		if (how === 'the end of stdin') {
			await until('tetra runs', () => inSession(pid) >= 3);
			child.stdin.end();
		}

		await until('it ended', () => child.exitCode !== null || child.signalCode !== null);
		await until('all ended', () => inSession(pid) === 0);
	});
}

test('a tetra that ends by itself ends the stream', async t => {
	const {cluster, dialler} = await setUp(t, 'exec-json');
	const bin = writeTetra(cluster.directory, [], {stays: false});
	Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {bin});
	const {heard} = listen(await dial(t, cluster, dialler, 'worker-1'));
	await until('ended', () => heard.end !== undefined);
	assert.equal(heard.end?.text, 'tetra ended');
});

test('the part of a filter that tetra knows is its flags; the rest is said to be missing', async t => {
	const {cluster, dialler} = await setUp(t, 'exec-json');
	const bin = writeTetra(cluster.directory, []);
	Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {bin});
	const connection = await dial(t, cluster, dialler, 'worker-1');

	function nothing() {
		return undefined;
	}

	connection.events(
		{allow_list: [{namespace: ['default'], pod_regex: ['^xwing$'], labels: ['a=b']}]},
		{frame: nothing, event: nothing, malformed: nothing, end: nothing},
	);
	let text = '';
	await until('started', () => {
		try {
			text = readFileSync(path.join(cluster.directory, 'arguments'), 'utf8');
		} catch {}

		return text !== '';
	});
	assert.equal(text.trim(), 'getevents -o json --namespace=default --pod=^xwing$');
	assert.match(connection.missing().join(), /the filter labels: over exec-json tetratop filters/);
	assert.deepEqual(tetraFlags({allow_list: [{namespace: ['']}, {}], deny_list: [{}]}).flags, []);
	assert.deepEqual(tetraFlags({allow_list: [{binary_regex: ['a{1,2}']}]}), {
		flags: [],
		left: ['the filter binary_regex'],
	});
});

async function writeToLog(cluster: TestCluster, node: string, text: string) {
	const {followers} = cluster.server.logs;
	await until('the log is followed', () => (followers.get(`tetragon-${node}`)?.size ?? 0) > 0);
	for (const follower of followers.get(`tetragon-${node}`) ?? []) {
		follower.write(text);
	}
}

test('--transport logs reads the exported log of a quiet node and says what it leaves out', async t => {
	const {cluster, dialler} = await setUp(t, 'logs');
	const connection = await dial(t, cluster, dialler, 'worker-1');
	const {heard} = listen(connection);
	assert.equal(await connection.version(), 'v1.7.0');
	await connection.health();
	await writeToLog(cluster, 'worker-1', '{"process_exec":{"process":{"exec_id":"x"}}}\nnot json\n');
	await until('heard', () => heard.events.length === 1 && heard.malformed === 1);
	assert.match(connection.missing().join(), /no host/);
	connection.close();
	await until('the request ended', () => cluster.server.logs.followers.get('tetragon-worker-1')?.size === 0);
	assert.equal(heard.end?.text, 'closed');
});

test('a log that may not be read, or whose node is down, is refused in the words of the server', async t => {
	const {cluster, dialler} = await setUp(t, 'logs');
	Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {down: true});
	assert.match((await refusalOf(dial(t, cluster, dialler, 'worker-1'))).why, /containerLogs.*connection refused/);
	cluster.server.denials = [{subresource: 'log'}];
	assert.match((await refusalOf(dial(t, cluster, dialler, 'worker-1'))).why, /cannot get resource "pods\/log"/);
});

test('auto reads the log where nothing else is allowed, and says which rights are missing', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	cluster.server.denials = [{subresource: 'portforward'}, {subresource: 'exec'}];
	const connection = await dial(t, cluster, dialler, 'worker-1');
	assert.equal(connection.via, 'logs');
	assert.match(connection.missing()[0] ?? '', /rights to pods\/portforward and pods\/exec are missing/);
	assert.deepEqual(
		tried.map(([step]) => step),
		['port-forward', 'nc-unix', 'logs'],
	);
	cluster.server.denials.push({subresource: 'log'});
	const refusal = await refusalOf(dial(t, cluster, dialler, 'worker-1'));
	for (const what of ['portforward', 'exec', 'log']) {
		assert.match(refusal.why, new RegExp(`cannot get resource "pods/${what}"`));
	}

	assert.equal(refusal.retry, false);
});

test('auto does not read the log of a node whose agent is only down', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	Object.assign(cluster.server.nodes.get('worker-1') ?? {}, {socket: undefined});
	await refusalOf(dial(t, cluster, dialler, 'worker-1'));
	assert.ok(tried.every(([step]) => step !== 'logs'));
});

const strangers: ReadonlyArray<readonly [string, (socket: net.Socket) => void, RegExp]> = [
	[
		'answers in HTTP/1.1',
		socket => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
		/no gRPC server: it answers "HTTP\/1\.1 400 Bad Request"$/,
	],
	[
		'greets in SSH',
		socket => socket.write('SSH-2.0-OpenSSH_9.9\r\n'),
		/no gRPC server: it answers "SSH-2\.0-OpenSSH_9\.9"$/,
	],
	['sends random bytes', socket => socket.write(Buffer.alloc(4000, 0xa5)), /no gRPC server: it answers in another/],
	['wants TLS', socket => socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 70])), /^the agent requires TLS on its TCP port$/],
	['closes at once', socket => socket.destroy(), /^the tunnel ended without an answer$/],
];

for (const [what, stranger, words] of strangers) {
	test(`a port behind which a server ${what} is said so in our words`, async t => {
		const {cluster, dialler, tried} = await setUp(t, 'port-forward');
		const server = net.createServer(socket => {
			socket.on('error', () => undefined);
			t.after(() => socket.destroy());
			socket.once('data', () => stranger(socket));
		});
		await new Promise<void>(resolve => {
			server.listen(0, '127.0.0.1', resolve);
		});
		t.after(() => server.close());
		Object.assign(cluster.server.nodes.get('worker-2') ?? {}, {port: (server.address() as net.AddressInfo).port});
		await refusalOf(dial(t, cluster, dialler, 'worker-2'));
		assert.match(tried[0]?.[1] ?? '', words);
	});
}

test('a lost API server is told as such, and no further way is tried', async t => {
	const {cluster, dialler, tried} = await setUp(t);
	await cluster.server.stop();
	const refusal = await refusalOf(dial(t, cluster, dialler, 'worker-1'));
	assert.match(refusal.message, /^API server .*: connection refused/);
	assert.equal(refusal.retry, true);
	assert.equal(tried.length, 1);
	await cluster.server.start();
});

test('the agents of a ConfigMap are reached where it says, and it is not needed', async t => {
	const {cluster, dialler} = await setUp(t);
	cluster.server.store.put('configmaps', {
		metadata: {namespace: 'kube-system', name: 'tetragon-config'},
		...{data: {'server-address': 'localhost:12345'}},
	});
	const agent = {
		node: 'n',
		namespace: 'kube-system',
		pod: 'p',
		uid: '',
		container: 'tetragon',
		imageVersion: '',
		containers: [],
	};
	const signal = AbortSignal.timeout(60_000);
	const told = await readServerAddress(dialler.api, {...agent, configMaps: ['other', 'tetragon-config']}, signal);
	assert.deepEqual([told.port, told.type], [12_345, 'tcp']);
	assert.deepEqual(
		await readServerAddress(dialler.api, {...agent, configMaps: ['other']}, signal),
		defaultServerAddress,
	);
	assert.deepEqual(parseServerAddress('unix:///run/t.sock'), {port: 54_321, socket: '/run/t.sock', type: 'unix'});
});
