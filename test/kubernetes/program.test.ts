import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'node:test';
import {programWords} from '../program/program.js';
import {startCluster} from './cluster/test-cluster.js';
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

test('an unknown pod ends the lines with a sentence and the name that was meant', async t => {
	const cluster = await startCluster(t);
	const child = spawn(command, [...first, 'xwnig', '-o', 'json'], {
		env: {KUBECONFIG: cluster.kubeconfig, PATH: '/nowhere'},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	t.after(() => child.kill('SIGKILL'));
	let err = '';
	child.stderr.on('data', chunk => {
		err += chunk;
	});
	const [code] = await once(child, 'exit');
	assert.equal(code, 1);
	assert.match(err, /no pod or workload xwnig in namespace default.*did you mean xwing\?/);
});
