/** The program against the test cluster: what happened before it was started. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {openProgram} from '../../program/program.js';
import {startCluster} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';
import {enforcing, exportedLines, writeExported} from './exported.js';

/** The recording was made with nsenter, which passes the signal on to itself: a kubectl exec does not. */
function withoutNsenter(lines: readonly string[]) {
	return lines.filter(line => {
		const {process_exit: exit} = JSON.parse(line) as {process_exit?: {process: {binary: string}; signal?: string}};
		return exit?.process.binary !== '/usr/bin/nsenter' || exit.signal === undefined;
	});
}

async function setUp(t: TestContext, lines = withoutNsenter(exportedLines(60_000))) {
	const cluster = await startCluster(t);
	const node = cluster.server.nodes.get('worker-1');
	const agent = cluster.agents.get('worker-1');
	assert.ok(node !== undefined && agent !== undefined);
	node.root = path.join(cluster.directory, 'root');
	agent.policies.splice(0, agent.policies.length, enforcing);
	const settings = {'export-denylist': '{"namespace":["","kube-system"]}'};
	return {cluster, agent, file: writeExported(node.root, lines, settings)};
}

test('`tetratop xwing` shows the kill that happened before it was started, with no key pressed', async t => {
	const {cluster, agent} = await setUp(t);
	const pty = openProgram(['xwing'], {columns: 80, rows: 24, environment: {KUBECONFIG: cluster.kubeconfig}});
	t.after(() => pty.close());
	await until('subscribed', () => agent.subscribers.size === 1);
	const screen = await pty.waitFor(/live from here/);
	assert.match(screen, /▸.*KILLED +\d+ default\/xwing +cat +file-monit/);
	assert.match(screen, /cat.*\/etc\/shadow/);
	assert.match(screen, /nsenter/);
	const pod = {namespace: 'default', name: 'xwing'};
	const process = {exec_id: 'now', pid: 7, binary: '/usr/bin/after-start', start_time: new Date().toISOString(), pod};
	agent.send({process_exec: {process}, time: new Date().toISOString()});
	await pty.waitFor(/live from here[\s\S]*after-start/);
	pty.write('5');
	await pty.waitFor(/past: export file/);
	pty.write('\u0003');
	await pty.exited;
	await until('nothing is left on the node', () => cluster.server.commands.every(({exited}) => exited));
});
