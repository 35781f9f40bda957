import assert from 'node:assert/strict';
import test from 'node:test';
import {actor, at, counters, policy, Scene, startMs} from '../scene.js';

function enforced(): Scene {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'));
	return scene;
}

test('a monitor-mode SIGKILL is never called KILLED', () => {
	for (const mode of ['MONITOR', 'MONITOR_ONLY']) {
		const scene = new Scene();
		scene.policies(0, policy(mode));
		const cat = actor();
		scene.exec(1, cat);
		scene.hook(2, cat);
		// The OOM killer strikes in the same moment: the exit alone must not turn it into the policy's work.
		scene.exit(2.001, cat, 'SIGKILL');
		scene.tick(20);
		assert.deepEqual(scene.states(), ['WOULD-KILL×1'], mode);
		assert.equal(scene.store.kills().killed, 0);
	}
});

test('an enforced SIGKILL is KILL-SENT until the exit of the same exec_id proves it KILLED', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	assert.deepEqual(scene.states(), ['KILL-SENT×1']);
	scene.exit(2.001, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
	const [kill] = scene.store.kills().groups[0]?.kills ?? [];
	assert.equal(kill?.exitMs, Date.parse(at(2.001)));
	assert.equal(kill?.exitSignal, 'SIGKILL');
});

test('an exit of its own accord is NOT KILLED, whatever the mode says', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	scene.exit(2.1, cat, '', 1);
	scene.tick(30);
	assert.deepEqual(scene.states(), ['NOT KILLED×1']);
	assert.equal(scene.store.kills().groups[0]?.kills[0]?.exitStatus, 1);
});

test('every hook that can enforce is an alert: kprobe, LSM, uprobe, tracepoint, USDT, and action as well as return_action', () => {
	for (const kind of [
		'process_kprobe',
		'process_lsm',
		'process_uprobe',
		'process_tracepoint',
		'process_usdt',
	] as const) {
		const scene = enforced();
		const cat = actor();
		scene.exec(1, cat);
		scene.hook(2, cat, {kind});
		scene.exit(2.1, cat, 'SIGKILL');
		assert.deepEqual(scene.states(), ['KILLED×1'], kind);
	}

	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat, {action: 'KPROBE_ACTION_POST', returnAction: 'KPROBE_ACTION_SIGKILL'});
	scene.exit(2.1, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('without a readable mode the exit alone proves: KILLED by SIGKILL as the next thing, NOT KILLED otherwise, else KILL ?', () => {
	for (const list of [undefined, [{name: 'deny-shadow', enabled: true}], [policy('UNKNOWN')]]) {
		const scene = new Scene();
		scene.store.takePolicies(scene.node, list, startMs);
		const cat = actor();
		scene.exec(1, cat);
		scene.hook(2, cat);
		assert.deepEqual(scene.states(), ['KILL ?×1']);
		scene.exit(2.1, cat, 'SIGKILL');
		assert.deepEqual(scene.states(), ['KILLED×1']);
		assert.equal(scene.store.kills().groups[0]?.kills[0]?.reason, 'exit');
		for (const exit of [
			[2.1, '', 'NOT KILLED'],
			[2.1, 'SIGTERM', 'NOT KILLED'],
			[8, 'SIGKILL', 'KILL ?'],
		] as const) {
			const other = new Scene();
			const dog = actor();
			other.exec(1, dog);
			other.hook(2, dog);
			other.exit(exit[0], dog, exit[1]);
			assert.deepEqual(other.states(), [`${exit[2]}×1`]);
		}
	}
});

test('a kill that came before the first list of policies is judged when the list comes', () => {
	const scene = new Scene();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	assert.deepEqual(scene.states(), ['KILL ?×1']);
	scene.policies(2.05, policy('ENFORCE'));
	assert.deepEqual(scene.states(), ['KILL-SENT×1']);
	scene.exit(2.1, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('what a monitor policy would have hit before its list came is in its blast radius', () => {
	const scene = new Scene();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	scene.policies(3, policy('MONITOR'));
	assert.deepEqual(scene.states(), ['WOULD-KILL×1']);
	assert.deepEqual(scene.store.policyRows()[0]?.blastRadius, [
		{namespace: 'default', workload: 'xwing', binary: '/usr/bin/cat', count: 1},
	]);
});

test('the policy of the process’ own namespace is meant before the cluster-wide one of the same name', () => {
	const scene = new Scene();
	scene.policies(
		0,
		policy('ENFORCE'),
		policy('MONITOR', {namespace: 'default'}),
		policy('ENFORCE', {namespace: 'other'}),
	);
	const here = actor();
	const elsewhere = actor({namespace: 'payments', pod: 'api'});
	for (const [index, process] of [here, elsewhere].entries()) {
		scene.exec(1 + index, process);
		scene.hook(2 + index, process);
		scene.exit(2.1 + index, process, 'SIGKILL');
	}

	assert.deepEqual(scene.states(), ['KILLED×1', 'WOULD-KILL×1']);
});

test('the mode is that of the node: the same policy enforces on one and monitors on another', () => {
	const scene = enforced();
	const other = scene.store.openNode('node-2');
	scene.store.takePolicies(other, [policy('MONITOR')], startMs);
	const cat = actor({pod: ''});
	const hook = {process_kprobe: {process: cat, policy_name: 'deny-shadow', action: 'KPROBE_ACTION_SIGKILL'}};
	scene.send(2, hook, 0, other);
	scene.send(2.1, {process_exit: {process: cat, signal: 'SIGKILL'}}, 0, other);
	assert.deepEqual(scene.states(), ['WOULD-KILL×1']);
});

test('a policy switched to monitor in mid-stream: what was killed before stays KILLED, what comes after is not', () => {
	const scene = enforced();
	const [first, second] = [actor(), actor()];
	scene.exec(1, first);
	scene.hook(2, first);
	scene.exit(2.1, first, 'SIGKILL');
	scene.policies(10, policy('MONITOR'));
	scene.exec(11, second);
	scene.hook(12, second);
	scene.exit(12.1, second, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1', 'WOULD-KILL×1']);
});

test('a denied call is DENIED, in monitor mode WOULD-DENY, and the process lives', () => {
	for (const [mode, state] of [
		['ENFORCE', 'DENIED×1'],
		['MONITOR', 'WOULD-DENY×1'],
	] as const) {
		const scene = new Scene();
		scene.policies(0, policy(mode));
		const cat = actor();
		scene.exec(1, cat);
		scene.hook(2, cat, {action: 'KPROBE_ACTION_OVERRIDE'});
		scene.hook(4, cat, {action: 'KPROBE_ACTION_POST'});
		scene.exit(9, cat, '', 1);
		assert.deepEqual(scene.states(), [state]);
		assert.equal(scene.store.process(cat.exec_id)?.state, 'exited');
	}
});

test('Override and Sigkill together: the event names only the last action, the exit tells the rest', () => {
	for (const [signals, state] of [
		[1, 'KILLED×1'],
		[0, 'DENIED×1'],
	] as const) {
		const overrideLast = new Scene();
		function stats(signal: number, override: number) {
			return {
				stats: {action_counters: {post: `${override}`, signal: `${signal}`, override: `${override}`}},
			};
		}
		overrideLast.policies(0, policy('ENFORCE', stats(0, 0)));
		const cat = actor();
		overrideLast.exec(1, cat);
		overrideLast.hook(2, cat, {action: 'KPROBE_ACTION_OVERRIDE'});
		overrideLast.exit(2.002, cat, 'SIGKILL');
		assert.deepEqual(overrideLast.states(), ['DENIED×1'], 'OVERRIDE kills nobody');
		overrideLast.policies(10, policy('ENFORCE', stats(signals, 1)));
		assert.deepEqual(overrideLast.states(), [state], `${signals} signals counted`);
	}

	const killLast = enforced();
	const dog = actor();
	killLast.exec(1, dog);
	killLast.hook(2, dog, {action: 'KPROBE_ACTION_SIGKILL'});
	killLast.exit(2.002, dog, 'SIGKILL');
	assert.deepEqual(killLast.states(), ['KILLED×1']);
});

test('a denial stays DENIED when another policy kills the process at once', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'), policy('ENFORCE', {name: 'killer'}));
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat, {action: 'KPROBE_ACTION_OVERRIDE'});
	scene.hook(2.1, cat, {policy: 'killer'});
	scene.exit(2.11, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['DENIED×1', 'KILLED×1']);
});

test('a denial long before somebody’s kill -9 stays DENIED', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat, {action: 'KPROBE_ACTION_OVERRIDE'});
	scene.exit(5, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['DENIED×1']);
});

test('Signal with any number is SIGNALLED; with 9 the exit says KILLED', () => {
	const scene = enforced();
	const [usr1, kill, term] = [actor({binary: '/a'}), actor({binary: '/b'}), actor({binary: '/c'})];
	for (const process of [usr1, kill, term]) {
		scene.exec(1, process);
		scene.hook(2, process, {action: 'KPROBE_ACTION_SIGNAL'});
	}

	assert.deepEqual(scene.states(), ['SIGNALLED×1', 'SIGNALLED×1', 'SIGNALLED×1']);
	scene.exit(2.1, kill, 'SIGKILL');
	scene.exit(2.1, term, 'SIGTERM');
	assert.deepEqual(scene.states(), ['KILLED×1', 'SIGNALLED×1', 'SIGNALLED×1']);
});

test('NotifyEnforcer: an exit by SIGKILL proves a kill, a life that goes on proves a denial', () => {
	const killed = enforced();
	const rmdir = actor();
	killed.exec(1, rmdir);
	killed.hook(2, rmdir, {action: 'KPROBE_ACTION_NOTIFYENFORCER'});
	assert.deepEqual(killed.states(), ['KILL-SENT×1']);
	killed.exit(2.01, rmdir, 'SIGKILL');
	assert.deepEqual(killed.states(), ['KILLED×1']);

	const denied = enforced();
	const mkdir = actor();
	denied.exec(1, mkdir);
	denied.hook(2, mkdir, {action: 13});
	denied.exit(2.2, mkdir, '', 1);
	assert.deepEqual(denied.states(), ['DENIED×1']);

	const alive = enforced();
	const daemon = actor();
	alive.exec(1, daemon);
	alive.hook(2, daemon, {action: 'KPROBE_ACTION_NOTIFYENFORCER'});
	alive.hook(9, daemon, {action: 'KPROBE_ACTION_POST'});
	assert.deepEqual(alive.states(), ['DENIED×1']);
});

test('several alerts for one process are one death', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	for (const seconds of [2, 2.001, 2.002]) {
		scene.hook(seconds, cat);
	}

	scene.exit(2.01, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
	assert.equal(scene.store.process(cat.exec_id)?.kills.length, 3, 'each is found at its event');
});

test('two policies that killed one process are one KILL with both their names', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'), {...policy('ENFORCE'), name: 'deny-all'});
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	scene.hook(2.001, cat, {policy: 'deny-all'});
	scene.exit(2.01, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
	assert.deepEqual(scene.store.kills().groups[0]?.policies, ['deny-shadow', 'deny-all']);
	assert.equal(scene.store.kills().killed, 1);
	assert.equal(scene.store.nodes()[0]?.kills, 1);
});

test('an exit that comes 30 s late still proves the kill', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	for (let seconds = 3; seconds < 32; seconds++) {
		scene.tick(seconds);
	}

	assert.deepEqual(scene.states(), ['KILL-SENT×1']);
	scene.exit(2.01, cat, 'SIGKILL', 0, 30);
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('an exit that overtakes its hook event proves it too', () => {
	const scene = enforced();
	const cat = actor();
	scene.exec(1, cat);
	scene.exit(2.01, cat, 'SIGKILL');
	scene.tick(20);
	scene.hook(2, cat, {late: 29});
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('the OOM killer or kill -9 is no alert, and the process says how it ended', () => {
	const scene = enforced();
	const victim = actor();
	scene.exec(1, victim);
	scene.hook(1.5, victim, {action: 'KPROBE_ACTION_POST'});
	scene.exit(2, victim, 'SIGKILL');
	assert.deepEqual(scene.states(), []);
	assert.equal(scene.store.process(victim.exec_id)?.signal, 'SIGKILL');
});

test('exec without fork: the exit of the new image of the same pid proves the kill of the old one', () => {
	const scene = enforced();
	const shell = actor({pid: 50, binary: '/bin/sh'});
	const curl = actor({pid: 50, binary: '/usr/bin/curl', parent: shell, flags: 'execve', start: 2.001});
	scene.exec(1, shell);
	scene.hook(2, shell, {functionName: 'security_bprm_check'});
	scene.exec(2.001, curl, shell);
	scene.exit(2.002, curl, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
	assert.equal(scene.store.process(shell.exec_id)?.state, 'replaced');
});

test('a fork that a hook named, then its exec, then its death: one process, one kill', () => {
	const scene = enforced();
	const bash = actor({binary: '/bin/bash'});
	const fork = actor({pid: 60, parent: bash, binary: '/bin/bash', flags: 'clone', start: 2});
	const curl = actor({pid: 60, parent: bash, binary: '/usr/bin/curl', flags: 'execve clone', start: 2.01});
	scene.exec(1, bash);
	scene.hook(2.005, fork, {parent: bash});
	scene.exec(2.01, curl, bash);
	scene.exit(2.02, curl, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('a hook event of a process that the agent could not name is matched by node and pid within 5 s', () => {
	const scene = enforced();
	const cat = actor({pid: 70});
	const nameless = {...cat, exec_id: '', flags: 'unknown'};
	scene.hook(2, nameless);
	scene.exit(2.1, cat, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);

	const late = enforced();
	const dog = actor({pid: 71});
	late.hook(2, {...dog, exec_id: ''});
	late.exit(9, dog, 'SIGKILL');
	assert.deepEqual(late.states(), ['KILL-SENT×1']);
});

test('a reused pid is another process: its SIGKILL proves nothing', () => {
	const scene = enforced();
	const first = actor({pid: 80, start: 1});
	const second = actor({pid: 80, start: 3, binary: '/usr/bin/other'});
	scene.exec(1, first);
	scene.hook(2, first);
	scene.exec(3, second);
	scene.exit(3.5, second, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILL-SENT×1']);
});

test('a thread of a process is that process: its hook event and the exit of the group meet', () => {
	const scene = enforced();
	const java = actor({pid: 90});
	scene.exec(1, java);
	scene.hook(2, {...java, tid: 97});
	scene.exit(2.1, {...java, tid: 90}, 'SIGKILL');
	assert.deepEqual(scene.states(), ['KILLED×1']);
});

test('the parent chain is known when everything in between has exited and was forgotten', () => {
	const scene = enforced();
	const node = actor({binary: '/usr/bin/node'});
	const shell = actor({binary: '/bin/sh', parent: node});
	const curl = actor({binary: '/usr/bin/curl', parent: shell});
	scene.exec(1, node);
	scene.exec(1.1, shell, node);
	scene.exec(1.2, curl, shell);
	scene.hook(2, curl);
	scene.exit(2.1, curl, 'SIGKILL');
	scene.exit(2.2, shell);
	scene.exit(2.3, node);
	scene.store.acknowledge('all');
	scene.tick(100);
	assert.equal(scene.store.process(shell.exec_id), undefined);
	const [kill] = scene.store.kills().groups[0]?.kills ?? [];
	assert.deepEqual(
		kill?.chain.map(({binary}) => binary),
		['/usr/bin/curl', '/bin/sh', '/usr/bin/node'],
	);
});

test('NoPost: counters that rise without an event are UNSEEN after the next poll, and only the difference', () => {
	const scene = new Scene();

	function list(signal: number, post: number) {
		return policy('ENFORCE', {stats: counters({signal, post})});
	}

	scene.policies(0, list(40, 40));
	const cat = actor();
	scene.exec(1, cat);
	scene.hook(2, cat);
	scene.exit(2.1, cat, 'SIGKILL');
	scene.policies(10, list(44, 41));
	assert.deepEqual(scene.states(), ['KILLED×1'], 'one poll is not enough: events may be on their way');
	scene.policies(20, list(44, 41));
	assert.deepEqual(scene.states(), ['KILLED×1', 'UNSEEN×3']);
	scene.policies(30, list(44, 41));
	assert.deepEqual(scene.states(), ['KILLED×1', 'UNSEEN×3'], 'they are told once');
	assert.equal(scene.store.policyRows()[0]?.missed, 3);
});

test('counters of before we came, of a reloaded policy and of monitor mode are not UNSEEN', () => {
	const scene = new Scene();

	function list(signal: number, monitored: number) {
		return policy('MONITOR', {stats: counters({signal, monitor_signal: monitored, post: 0})});
	}

	for (const [index, [signal, monitored]] of [
		[900, 0],
		[900, 5],
		[900, 5],
		[0, 0],
		[0, 3],
		[0, 3],
	].entries()) {
		scene.policies(index * 10, list(signal!, monitored!));
	}

	assert.deepEqual(scene.states(), []);
});

test('events that arrive after the poll that counted them are not UNSEEN', () => {
	const scene = new Scene();

	function list(signal: number) {
		return policy('ENFORCE', {stats: counters({signal, post: signal})});
	}

	scene.policies(0, list(0));
	const cat = actor();
	scene.exec(1, cat);
	scene.policies(10, list(2));
	scene.hook(9.8, cat, {late: 1});
	scene.hook(9.9, cat, {late: 1});
	scene.policies(20, list(2));
	scene.policies(30, list(2));
	assert.deepEqual(scene.states(), ['KILL-SENT×2']);
});

test('an acknowledged row leaves the count, and a new kill brings it back', () => {
	const scene = enforced();

	function kill(seconds: number) {
		const cat = actor();
		scene.exec(seconds, cat);
		scene.hook(seconds, cat);
		scene.exit(seconds + 0.1, cat, 'SIGKILL');
	}

	kill(1);
	assert.equal(scene.store.kills().unacknowledged, 1);
	scene.store.acknowledge(scene.store.kills().groups[0]!.id);
	assert.equal(scene.store.kills().unacknowledged, 0);
	assert.equal(scene.store.kills().killed, 1);
	kill(5);
	assert.equal(scene.store.kills().unacknowledged, 1);
	assert.deepEqual(scene.states(), ['KILLED×2']);
});

test('a flood of events cannot push a kill out: its frame is there when the ring has forgotten it', () => {
	const scene = new Scene({bufferBytes: 64 * 1024});
	scene.policies(0, policy('ENFORCE'));
	const cat = actor({arguments: '/etc/shadow'});
	scene.exec(1, cat);
	scene.hook(2, cat);
	scene.exit(2.1, cat, 'SIGKILL');
	const {seq} = scene.store.kills().groups[0]!.kills[0]!;
	for (let index = 0; index < 2000; index++) {
		scene.exec(3, actor({pid: 5000 + index}));
	}

	assert.ok(scene.store.openFeed().at(0)!.seq > seq, 'the ring has dropped it');
	assert.equal(scene.store.event(seq)?.process_kprobe?.process?.arguments, '/etc/shadow');
});

test('no more than 10 000 rows: the oldest acknowledged one goes first', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'));

	function kill(name: string, seconds: number) {
		return scene.hook(seconds, actor({pod: name}), {});
	}

	kill('old-unseen', 1);
	kill('old-seen', 2);
	const seen = scene.store.kills().groups.find(({pod}) => pod === 'old-seen');
	scene.store.acknowledge(seen!.id);
	for (let index = 0; index < 9999; index++) {
		kill(`pod-${index}`, 3 + index / 1000);
	}

	const {groups} = scene.store.kills();
	assert.equal(groups.length, 10_000);
	assert.ok(groups.some(({pod}) => pod === 'old-unseen'));
	assert.ok(!groups.some(({pod}) => pod === 'old-seen'));
});
