import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test, {type TestContext} from 'node:test';
import {programWords} from '../program/program.js';
import {pod, startCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

const [command = '', ...first] = programWords;

function execOf(exec_id: string, pod?: string) {
	return {
		process_exec: {process: {exec_id, pid: 7, ...(pod === undefined ? {} : {pod: {namespace: 'default', name: pod}})}},
	};
}

test('`tetratop xwing` shows the events of xwing and of nothing else, and outlives its API server', async t => {
	const cluster = await startCluster(t);
	// No kubectl, no tetra, no variable but the kubeconfig: nothing else is needed.
	const child = spawn(command, [...first, 'xwing', '-o', 'json'], {
		env: {KUBECONFIG: cluster.kubeconfig, PATH: '/nowhere'},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	t.after(() => child.kill('SIGKILL'));
	let [out, err] = ['', ''];
	child.stdout.on('data', chunk => {
		out += chunk;
	});
	child.stderr.on('data', chunk => {
		err += chunk;
	});
	const agent = cluster.agents.get('worker-1');
	await until('subscribed', () => agent?.subscribers.size === 1);
	agent?.send(execOf('of-host'));
	agent?.send(execOf('of-xwing-too', 'xwing-2'));
	agent?.send(execOf('of-xwing', 'xwing'));
	await until('an event', () => out.includes('"of-xwing"'));
	assert.doesNotMatch(out, /of-host|of-xwing-too/);

	const streams = cluster.server.seen.length;
	await cluster.server.stop();
	await until('its stream was cut', () => agent?.subscribers.size === 0);
	await cluster.server.start();
	await until('it asks the server again', () => cluster.server.seen.length > streams);
	assert.equal(child.exitCode, null, err);
	await until('subscribed again', () => agent?.subscribers.size === 1);
	agent?.send(execOf('after-all', 'xwing'));
	await until('an event', () => out.includes('"after-all"'));
	assert.doesNotMatch(out + err, /good-token/);

	child.kill('SIGTERM');
	await once(child, 'exit');
	await until('nothing is left on the nodes', () => cluster.server.commands.every(({exited}) => exited));
});

/** `tetratop ARGUMENTS -o json` with its standard error. */
function startLines(t: TestContext, kubeconfig: string, ...args: readonly string[]) {
	const child = spawn(command, [...first, ...args, '-o', 'json'], {
		env: {KUBECONFIG: kubeconfig, PATH: '/nowhere'},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	t.after(() => child.kill('SIGKILL'));
	const said = {out: '', err: ''};
	child.stdout.on('data', chunk => {
		said.out += chunk;
	});
	child.stderr.on('data', chunk => {
		said.err += chunk;
	});
	return {child, said};
}

test('lines of a pod that is not there say what they wait for, and wait', async t => {
	const cluster = await startCluster(t);
	const {child, said} = startLines(t, cluster.kubeconfig, 'xwnig');
	await until('it is said', () =>
		/no pod or workload xwnig.*tetratop waits for it.*did you mean xwing\?/.test(said.err),
	);
	cluster.server.store.put('pods', pod('default', 'xwnig', 'worker-1'));
	const agent = cluster.agents.get('worker-1');
	await until('subscribed', () => agent?.subscribers.size === 1);
	agent?.send(execOf('of-xwnig', 'xwnig'));
	await until('an event', () => said.out.includes('"of-xwnig"'));
	assert.equal(child.exitCode, null);
});

for (const [args, words] of [
	[['xwnig'], /no pod or workload xwnig in namespace default.*did you mean xwing\?/],
	[['xwing', '--node', 'worker-2'], /xwing is not on worker-2: it is on worker-1/],
	[['--node', 'wroker-1'], /no node wroker-1.*did you mean worker-1\?/],
	[['pending'], /Pending, on no node yet/],
] as const) {
	test(`--no-wait: ${args.join(' ')} ends the lines at once with the reason`, async t => {
		const cluster = await startCluster(t);
		cluster.server.store.put('pods', pod('default', 'pending', ''));
		const {child, said} = startLines(t, cluster.kubeconfig, ...args, '--no-wait');
		const [code] = await once(child, 'exit');
		assert.equal(code, 1);
		assert.match(said.err, words);
	});
}

test('a reader of doctor that leaves early is no error', async t => {
	const cluster = await startCluster(t);
	const {child, said} = startLines(t, cluster.kubeconfig, 'doctor');
	await until('the first line', () => said.out !== '');
	child.stdout.destroy();
	const [code] = await once(child, 'exit');
	assert.deepEqual([code, said.err], [0, '']);
});
