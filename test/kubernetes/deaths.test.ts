/** Who ended xwing: six ways to die, shown on the screen without a key. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {startPty} from '../terminal/pty.js';
import {startCluster} from './cluster/test-cluster.js';
import {until} from './cluster/until.js';
import {Story, seconds} from './deaths-story.js';

async function open(t: test.TestContext, rows: number, columns: number, ...args: readonly string[]) {
	const cluster = await startCluster(t);
	const story = new Story(cluster);
	const first = story.instance();
	story.pod(first, undefined);
	const pty = startPty(['cli.tsx', 'xwing', ...args], {columns, rows, environment: {KUBECONFIG: cluster.kubeconfig}});
	t.after(() => pty.close());
	await until('subscribed', () => cluster.agents.get('worker-1')?.subscribers.size === 1);
	await until('watched', () =>
		cluster.server.seen.some(({path, query}) => path.endsWith('/events') && query.has('watch')),
	);
	return {cluster, story, first, pty};
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: six deaths of one pod
test('an OOM kill, a failed probe, a kill -9, a policy, an exit code 137 and a deletion are six true answers at 80x24 without a key', async t => {
	const {cluster, story, first, pty} = await open(t, 24, 80);

	// The kernel kills the container at its limit. The exit comes first, the status of the pod later.
	story.pass(5000);
	const main = story.process(first, 101, 1, '/usr/bin/hungry');
	story.send({process_exec: {process: main}});
	story.exit(main, {signal: 'SIGKILL'});
	await pty.waitFor(/UNKNOWN +1 default\/xwing +hungry/);
	const second = story.instance();
	story.pod(second, story.ended(first, 'OOMKilled', 137));
	await pty.waitFor(/OOM +1 default\/xwing +hungry +memory limit 64Mi/);
	await pty.waitFor(/the kernel killed the container at its memory limit \(64Mi\)/);

	// The liveness probe fails: the kubelet says so before it kills.
	story.pass(15_000);
	const probed = story.process(second, 102, 1, '/usr/bin/stuck');
	story.send({process_exec: {process: probed}});
	story.kubelet('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500');
	story.kubelet('Killing', 'Container xwing failed liveness probe, will be restarted');
	story.exit(probed, {signal: 'SIGKILL'});
	const third = story.instance();
	story.pod(third, story.ended(second, 'Error', 137), {}, 2);
	await pty.waitFor(/PROBE +1 default\/xwing +stuck +liveness probe/);
	await pty.waitFor(/liveness probe failed: HTTP probe failed with statuscode: 500/);

	// Somebody came in by kubectl exec and killed a child; a policy saw the signal.
	story.pass(15_000);
	const shell = story.process(third, 103, 40, '/usr/bin/bash', {in_init_tree: false});
	const child = story.process(third, 104, 7, '/usr/bin/victim');
	story.send({process_exec: {process: shell}});
	story.send({process_exec: {process: child}});
	story.send({
		process_kprobe: {
			process: shell,
			function_name: 'security_task_kill',
			policy_name: 'who-signals',
			action: 'KPROBE_ACTION_POST',
			args: [
				{label: 'target', int_arg: 104},
				{label: 'signal', int_arg: 9},
			],
		},
	});
	story.exit(child, {signal: 'SIGKILL'});
	await pty.waitFor(/BY bash +1 default\/xwing +victim +pod xwing/);
	await pty.waitFor(/bash \(pod xwing, kubectl exec or nsenter\) sent it SIGKILL: pid 103/);

	// A policy kills: its own word stays.
	story.pass(15_000);
	const cat = story.process(third, 105, 8, '/usr/bin/cat');
	story.send({process_exec: {process: cat}});
	story.send({
		process_kprobe: {
			process: cat,
			function_name: 'security_file_permission',
			policy_name: 'deny-shadow',
			action: 'KPROBE_ACTION_SIGKILL',
		},
	});
	story.exit(cat, {signal: 'SIGKILL'});
	await pty.waitFor(/KILLED +1 default\/xwing +cat +deny-shadow/);
	assert.doesNotMatch(pty.text(), /UNKNOWN +\d+ default\/xwing +cat/);

	// The main process ends with code 137 by itself.
	story.pass(15_000);
	const script = story.process(third, 106, 1, '/usr/bin/script');
	story.send({process_exec: {process: script}});
	story.exit(script, {status: 137});
	const fourth = story.instance();
	story.pod(fourth, story.ended(third, 'Error', 137), {}, 3);
	await pty.waitFor(/SELF +1 default\/xwing +script +exit code 137/);
	await pty.waitFor(/it ended by itself: exit code 137, its own, no signal/);

	// kubectl delete: the request, the kubelet's word, SIGTERM.
	story.pass(15_000);
	const served = story.process(fourth, 107, 1, '/usr/bin/server');
	story.send({process_exec: {process: served}});
	const deletion = {deletionTimestamp: seconds(story.nowMs() + 30_000), deletionGracePeriodSeconds: 30};
	story.pod(fourth, undefined, deletion, 3);
	story.kubelet('Killing', 'Stopping container xwing');
	story.exit(served, {signal: 'SIGTERM'});
	await pty.waitFor(/DELETED +1 default\/xwing +server +pod deleted/);
	await pty.waitFor(/its pod was deleted: by kubectl delete or another client/);
	cluster.server.store.delete('pods', 'default', 'xwing');
	await pty.settle();
	assert.match(pty.text(), /DELETED +1 default\/xwing/);
	pty.write('\u0003');
	await pty.exited;
});

test('without the right to read events the answer names what cannot be known, and an OOM is known all the same', async t => {
	const cluster = await startCluster(t);
	cluster.server.denials.push({resource: 'events'});
	const story = new Story(cluster);
	const first = story.instance();
	story.pod(first, undefined);
	const pty = startPty(['cli.tsx', 'xwing'], {columns: 120, rows: 40, environment: {KUBECONFIG: cluster.kubeconfig}});
	t.after(() => pty.close());
	await until('subscribed', () => cluster.agents.get('worker-1')?.subscribers.size === 1);
	const child = story.process(first, 201, 9, '/usr/bin/victim');
	story.send({process_exec: {process: child}});
	story.exit(child, {signal: 'SIGKILL'});
	await pty.waitFor(/UNKNOWN +1 +default\/xwing +victim/);
	pty.write('e');
	await pty.waitFor(/not allowed: get, list, watch events in default/);
	pty.write('\r\u001B[6~\u001B[6~');
	await pty.waitFor(/this policy would tell who sends SIGKILL and SIGTERM/);
	const main = story.process(first, 202, 1, '/usr/bin/hungry');
	story.send({process_exec: {process: main}});
	story.exit(main, {signal: 'SIGKILL'});
	story.pod(story.instance(), story.ended(first, 'OOMKilled', 137));
	await pty.waitFor(/OOM +1 +default\/xwing +hungry/);
	pty.write('\u0003\u0003');
});
