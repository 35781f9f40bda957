import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {discover} from '../../source/kubernetes/discover.js';
import type {KubernetesOptions} from '../../source/kubernetes/options.js';
import type {Connection, Link} from '../../source/tetragon/agent/link.js';
import {patchedTsx} from '../program/patched.js';
import {TestApiServer} from './cluster/api-server.js';
import {writeKubectl} from './cluster/fake-kubectl.js';
import {startAgent} from './cluster/test-agent.js';
import {testDirectory} from './cluster/test-api.js';
import {agentPod, kubeconfigText, startCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

/** A process of its own that connects to all nodes, says so, and stays. */
const program = `
import {discover} from ${JSON.stringify(new URL('../../source/kubernetes/discover.ts', import.meta.url).href)};
const nothing = () => undefined;
let open = 0;
discover({access: {kubeconfig: process.argv[2]}, words: [], environment: {}}, {
	async add(link) {
		const connection = await link.open(AbortSignal.timeout(10_000));
		connection.events({}, {frame: nothing, event: nothing, malformed: nothing, end: nothing});
		open += 1;
		if (open === 3) console.log('connected');
	},
	remove: nothing, problem: nothing, solved: nothing, progress: nothing, scope: nothing, offline: nothing, say: nothing,
});
`;

async function startProgram(t: TestContext, directory: string, kubeconfig: string) {
	const file = path.join(directory, 'program.mts');
	writeFileSync(file, program);
	const child = spawn(process.execPath, [patchedTsx, file, kubeconfig], {stdio: ['ignore', 'pipe', 'inherit']});
	t.after(() => child.kill('SIGKILL'));
	await once(child.stdout, 'data');
	return child;
}

function bridgesOf(pid: number | undefined) {
	return readdirSync(tmpdir()).filter(name => name.startsWith(`tetratop-${pid}-`));
}

/** Inodes of the sockets that a process holds, and which of them listen on TCP. */
function listeningTcp(pid: number): number {
	const inodes = new Set(
		readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
			try {
				return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
			} catch {
				return [];
			}
		}),
	);
	const rows = ['tcp', 'tcp6'].flatMap(table => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1));
	return rows.map(row => row.trim().split(/\s+/)).filter(row => row[3] === '0A' && inodes.has(row[9] ?? '')).length;
}

test('while it runs there is no TCP port and no socket file; after kill -9 nothing is left anywhere', async t => {
	const cluster = await startCluster(t);
	const child = await startProgram(t, cluster.directory, cluster.kubeconfig);
	assert.equal(cluster.server.openTunnels, 3);
	assert.deepEqual(bridgesOf(child.pid), [], 'the bridges are gone from the disk once they are used');
	assert.equal(listeningTcp(child.pid ?? 0), 0);
	child.kill('SIGKILL');
	await once(child, 'exit');
	await until('the commands on the nodes saw the end of their stdin', () =>
		cluster.server.commands.every(({stdinEnded, exited}) => stdinEnded && exited),
	);
	assert.ok(cluster.server.commands.length > 0);
	assert.equal(cluster.server.openTunnels, 0);
	assert.deepEqual(bridgesOf(child.pid), []);
});

async function overKubectl(t: TestContext, options: Partial<KubernetesOptions> = {}) {
	const server = new TestApiServer({secure: false});
	await server.start();
	const agent = await startAgent({node: 'worker-1', unix: true});
	t.after(async () => {
		await agent.close();
		await server.stop();
	});
	server.nodes.set('worker-1', {name: 'worker-1', nc: true});
	server.store.put('nodes', {metadata: {name: 'worker-1'}});
	server.store.put('pods', agentPod('worker-1', 'tetragon-a'));
	const directory = testDirectory(t);
	const kubectlCommand = writeKubectl(directory, {url: server.url, sockets: {'tetragon-a': agent.socket ?? ''}});
	const kubeconfig = path.join(directory, 'config');
	// A login that only an old kubectl can do.
	writeFileSync(kubeconfig, kubeconfigText(server.url, 'auth-provider: {name: gcp}'));

	function calls() {
		return readFileSync(path.join(directory, 'calls'), 'utf8')
			.trim()
			.split('\n')
			.map(line => JSON.parse(line) as {pid: number; args: string[]});
	}

	const links = new Map<string, Link>();

	function nothing() {
		return undefined;
	}

	const discovery = discover(
		{
			access: {kubeconfig, as: 'joe'},
			words: [],
			environment: process.env,
			transport: 'kubectl',
			kubectlCommand,
			...options,
		},
		{
			add: link => links.set(link.node, link),
			remove: nothing,
			problem: nothing,
			solved: nothing,
			progress: nothing,
			scope: nothing,
			offline: nothing,
			say: nothing,
		},
	);
	t.after(() => discovery.close());
	return {server, agent, calls, links, discovery};
}

function runs(pid: number) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

test('a login that only kubectl can do is left to kubectl, over its pipes, and ends with us', async t => {
	const {agent, calls, links, discovery} = await overKubectl(t);
	await until('a link', () => links.has('worker-1'), 10_000);
	const connection = (await links.get('worker-1')?.open(AbortSignal.timeout(10_000))) as Connection;
	assert.deepEqual([connection.via, await connection.version()], ['kubectl', 'v1.7.0']);
	let frames = 0;
	connection.events(
		{},
		{frame: () => frames++, event: () => undefined, malformed: () => undefined, end: () => undefined},
	);
	await until('subscribed', () => agent.subscribers.size === 1);
	agent.send({process_exec: {process: {exec_id: 'x'}}});
	await until('an event', () => frames === 1);
	assert.ok(
		calls().every(({args}) => args.includes('--as=joe')),
		'the flags are handed on',
	);
	assert.ok(!calls().some(({args}) => args.includes('port-forward')), 'it never opens a port');
	connection.close();
	discovery.close();
	await until('no kubectl is left', () => calls().every(({pid}) => !runs(pid)));
});

test('a token is not put into the arguments of kubectl, where every user could read it', async t => {
	await assert.rejects(
		overKubectl(t, {access: {token: 'secret-token', server: 'http://127.0.0.1:1'}}),
		/--token with --transport kubectl: every user of this machine can read the arguments/,
	);
});
