import assert from 'node:assert/strict';
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {openProgram} from '../program/program.js';
import {kubeconfigText, startCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';

async function start(t: TestContext, kubeconfig: string, ...args: readonly string[]) {
	const pty = openProgram(args, {columns: 120, rows: 30, environment: {KUBECONFIG: kubeconfig}});
	t.after(() => pty.close());
	return pty;
}

test('a login program asks on the terminal before the screen opens, and its answer is enough', async t => {
	const cluster = await startCluster(t);
	const program = path.join(cluster.directory, 'login');
	writeFileSync(
		program,
		`#!/bin/sh
echo "open https://login.test" >&2
printf 'code: ' >&2
read -r code
printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$code"
`,
	);
	chmodSync(program, 0o755);
	const exec = 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: Always}';
	writeFileSync(cluster.kubeconfig, kubeconfigText(cluster.server.url, exec));
	const pty = await start(t, cluster.kubeconfig, 'xwing');
	await pty.waitFor(/open https:\/\/login\.test/);
	assert.equal(pty.isAlternate(), false);
	pty.write('good-token\r');
	const agent = cluster.agents.get('worker-1');
	await until('subscribed', () => agent?.subscribers.size === 1);
	assert.equal(pty.isAlternate(), true);
	// What was typed is the person's own echo; the screen never shows it.
	await pty.settle();
	assert.doesNotMatch(pty.text(), /good-token/);
	pty.write('\u0003');
	await pty.exited;
	await until('nothing is left', () => cluster.server.openTunnels === 0);
});

test('the screen of a target shows its events, its chips and its nodes', async t => {
	const cluster = await startCluster(t);
	const pty = await start(t, cluster.kubeconfig, 'xwing');
	const agent = cluster.agents.get('worker-1');
	await until('subscribed', () => agent?.subscribers.size === 1);

	function process(exec_id: string, binary: string, name: string) {
		return {
			process_exec: {
				process: {exec_id, pid: 7, binary, start_time: new Date().toISOString(), pod: {namespace: 'default', name}},
			},
			time: new Date().toISOString(),
		};
	}

	agent?.send(process('a', '/usr/bin/curl-of-xwing', 'xwing'));
	agent?.send(process('b', '/usr/bin/other-binary', 'tiefighter'));
	const screen = await pty.waitFor(/curl-of-xwing/);
	assert.doesNotMatch(screen, /other-binary/);
	assert.match(screen, /xwing/);
	pty.write('5');
	await pty.waitFor(/worker-1 +tetragon-worke\S* +v1\.7\.0 +● streaming +exec/);
	pty.write('\u0003');
});

test('what was seen stays on the screen when the pod is deleted, the server is lost, and the login expires', async t => {
	const cluster = await startCluster(t);
	const pty = await start(t, cluster.kubeconfig, 'xwing');
	const agent = cluster.agents.get('worker-1');
	await until('subscribed', () => agent?.subscribers.size === 1);
	const pod = {namespace: 'default', name: 'xwing'};
	const process = {exec_id: 'a', pid: 7, binary: '/usr/bin/curl-of-xwing', start_time: new Date().toISOString(), pod};
	agent?.send({process_exec: {process}, time: new Date().toISOString()});
	await pty.waitFor(/curl-of-xwing/);
	assert.match(pty.text(), /● LIVE/);

	// The pod is deleted: its node is let go after the linger, and nothing is left to watch.
	const pods = cluster.server.store;
	const stored = pods.get('pods', 'default', 'xwing');
	pods.delete('pods', 'default', 'xwing');
	await pty.waitFor(/xwing: no pod at the moment/);
	await pty.waitFor(/○ NOT LIVE/);
	assert.match(pty.text(), /nodes 0\/0/);
	assert.match(pty.text(), /curl-of-xwing/);

	await cluster.server.stop();
	await pty.waitFor(/OFFLINE/);
	assert.match(pty.text(), /curl-of-xwing/);

	// A server that answers 401 is not offline: it says that the login is not good any more.
	cluster.server.tokens.clear();
	await cluster.server.start();
	await pty.waitFor(/Unauthorized/);
	await until('it is not called offline', () => !/OFFLINE/.test(pty.text()));
	assert.match(pty.text(), /curl-of-xwing/);

	cluster.server.tokens.set('good-token', 'alice');
	pods.put('pods', stored ?? {});
	await pty.waitFor(/● LIVE/);
	assert.match(pty.text(), /curl-of-xwing/);
	pty.write('\u0003');
});
