/** The program against the test cluster: what happened before it was started. */
import assert from 'node:assert/strict';
import {appendFileSync} from 'node:fs';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {openProgram, startProgram} from '../../program/program.js';
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
	assert.match(screen, /\/etc\/shadow +cat ← nsenter ← \w+ +file-monitoring-filtered/);
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

test('`tetratop kills xwing --since 10m` prints its report and ends', async t => {
	const {cluster} = await setUp(t);
	const {ended} = startProgram(['kills', 'xwing', '--since', '10m', '--fail-on', 'killed'], {
		KUBECONFIG: cluster.kubeconfig,
	});
	const {code, stdout, stderr} = await ended;
	assert.equal(code, 3, stderr);
	assert.match(stdout, /KILLED/);
	assert.match(stdout, /file-monitoring-filtered/);
	assert.match(stdout, /\/etc\/shadow/);
});

test('after a cut the missing events come back in the place of the gap', async t => {
	const {cluster, agent, file} = await setUp(t, []);
	const pty = openProgram(['xwing', '--since', '0'], {
		columns: 120,
		rows: 30,
		environment: {KUBECONFIG: cluster.kubeconfig},
	});
	t.after(() => pty.close());
	await until('subscribed', () => agent.subscribers.size === 1);
	const pod = {namespace: 'default', name: 'xwing'};

	function exec(binary: string) {
		const [time, start_time] = [new Date().toISOString(), new Date().toISOString()];
		return {process_exec: {process: {exec_id: binary, pid: 7, binary, start_time, pod}}, node_name: 'worker-1', time};
	}

	agent.send(exec('/usr/bin/before-cut'));
	await pty.waitFor(/before-cut/);
	appendFileSync(file, `${JSON.stringify(exec('/usr/bin/in-the-cut'))}\n`);
	agent.cut();
	const screen = await pty.waitFor(/without the stream: 1 event brought back/);
	assert.match(screen, /before-cut[\s\S]*without the stream/);
	await pty.waitFor(/without the stream[\s\S]*in-the-cut/);
	assert.doesNotMatch(pty.text(), /gap: worker-1/);
	pty.write('\u0003');
});
