/** The table of causes: the evidence that each leaves, and the answer. Texts are those of Kubernetes 1.36. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {blind} from '../../../source/store/death.js';
import {isRowOf} from '../../../source/store/snapshot.js';
import {ended, endMs, eventOf, exitOf, type Fact, podOf, rowsOf, sent, storeOf} from './evidence.js';

const killing: (message: string) => Fact = message => ({event: eventOf('Killing', message)});
const deletion = {deletedMs: endMs - 2000, deletionGraceSeconds: 30};
const disrupted: (disruption: string, disruptionMessage: string) => Fact = (disruption, disruptionMessage) => ({
	pod: podOf({...deletion, disruption, disruptionMessage, disruptionMs: endMs - 2000}),
});

const cases: ReadonlyArray<readonly [what: string, facts: readonly Fact[], rows: readonly string[]]> = [
	[
		'OOM of a container',
		[{exit: exitOf()}, {pod: podOf({ends: [ended('OOMKilled', 137)]})}],
		['OOM (memory limit 64Mi)'],
	],
	[
		'OOM of a container kills all of it: one row',
		[
			{exit: exitOf()},
			{exit: exitOf({pid: 101, containerPid: 7, binary: '/usr/bin/child', timeMs: endMs + 2})},
			{pod: podOf({ends: [ended('OOMKilled', 137)]})},
		],
		['OOM (memory limit 64Mi)'],
	],
	[
		'a child is hit, and the main process gives up',
		[
			{exit: exitOf({pid: 101, containerPid: 7, timeMs: endMs - 20_000})},
			{exit: exitOf({signal: '', status: 1})},
			{pod: podOf({ends: [ended('OOMKilled', 1)]})},
		],
		['OOM (memory limit 64Mi)'],
	],
	['OOM by the word of the node', [{exit: exitOf({containerPid: 7})}, {oom: 100}], ['OOM (kernel log)']],
	[
		'OOM of the node',
		[
			{exit: exitOf({containerPid: 7})},
			{
				event: eventOf('SystemOOM', 'System OOM encountered, victim process: server, pid: 100', {
					kind: 'Node',
					name: 'worker-1',
					uid: 'worker-1',
				}),
			},
		],
		['OOM (node out of memory)'],
	],
	[
		'liveness probe',
		[
			{event: eventOf('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500')},
			killing('Container xwing failed liveness probe, will be restarted'),
			{exit: exitOf()},
			{pod: podOf({ends: [ended('Error', 137)]})},
		],
		['PROBE (liveness probe)'],
	],
	[
		'startup probe, the process takes the SIGTERM',
		[
			killing('Container xwing failed startup probe'),
			{exit: exitOf({signal: '', status: 0})},
			{pod: podOf({ends: [ended('Completed', 0)]})},
		],
		['PROBE (startup probe)'],
	],
	[
		'definition changed',
		[
			killing('Container xwing definition changed, will be restarted'),
			{exit: exitOf({signal: 'SIGTERM'})},
			{pod: podOf()},
		],
		['RESTARTED (its spec changed)'],
	],
	[
		'kubectl delete',
		[killing('Stopping container xwing'), {exit: exitOf({signal: 'SIGTERM'})}, {pod: podOf(deletion)}],
		['DELETED (pod deleted)'],
	],
	['delete without events', [{exit: exitOf({signal: 'SIGTERM'})}, {pod: podOf(deletion)}], ['DELETED (pod deleted)']],
	[
		'rollout by its owner',
		[
			{exit: exitOf({signal: 'SIGTERM'})},
			{pod: podOf({...deletion, owner: 'ReplicaSet x-1'})},
			{event: eventOf('SuccessfulDelete', 'Deleted pod: xwing', {kind: 'ReplicaSet', name: 'x-1', uid: 'rs'})},
		],
		['DELETED (ReplicaSet x-1)'],
	],
	[
		'eviction by the kubelet',
		[
			{exit: exitOf()},
			killing('Stopping container xwing'),
			{
				pod: podOf({
					reason: 'Evicted',
					message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ',
					disruption: 'TerminationByKubelet',
					disruptionMessage: 'The node was low on resource: memory. ',
					disruptionMs: endMs - 1000,
				}),
			},
		],
		['EVICTED (low on memory)'],
	],
	[
		'eviction API',
		[{exit: exitOf({signal: 'SIGTERM'})}, disrupted('EvictionByEvictionAPI', 'Eviction API: evicting')],
		['EVICTED (eviction API)'],
	],
	[
		'taint',
		[
			{exit: exitOf({signal: 'SIGTERM'})},
			disrupted('DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint'),
		],
		['EVICTED (NoExecute taint)'],
	],
	[
		'preemption by the scheduler',
		[
			{exit: exitOf({signal: 'SIGTERM'})},
			{event: eventOf('Preempted', 'Preempted by Pod 1-2 on node worker-1')},
			disrupted('PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod'),
		],
		['PREEMPTED (scheduler)'],
	],
	[
		'critical pod',
		[{exit: exitOf()}, {event: eventOf('Preempting', 'Preempted in order to admit critical pod')}],
		['PREEMPTED (critical pod)'],
	],
	[
		'node shutdown',
		[
			{exit: exitOf({signal: 'SIGTERM'})},
			{
				pod: podOf({
					reason: 'Terminated',
					message: 'Pod was terminated in response to imminent node shutdown.',
					disruption: 'TerminationByKubelet',
					disruptionMessage: 'Pod was terminated in response to imminent node shutdown.',
					disruptionMs: endMs - 1000,
				}),
			},
		],
		['SHUTDOWN (node shutdown)'],
	],
	[
		'pod GC',
		[{exit: exitOf({signal: 'SIGTERM'})}, disrupted('DeletionByPodGC', 'PodGC: node no longer exists')],
		['DELETED (pod GC)'],
	],
	[
		'deadline',
		[
			{exit: exitOf()},
			{
				pod: podOf({
					reason: 'DeadlineExceeded',
					message: 'Pod was active on the node longer than the specified deadline',
				}),
			},
		],
		['DELETED (deadline)'],
	],
	['kill -9 by a shell of the pod', [{exit: exitOf({containerPid: 7})}, {sent: sent()}], ['BY bash (pod xwing)']],
	[
		'kill by a system call hook, by pids of the container',
		[{exit: exitOf({containerPid: 7})}, {sent: sent({target: 7, isContainerPid: true, hook: '__x64_sys_kill'})}],
		['BY bash (pod xwing)'],
	],
	[
		'kill from the host',
		[
			{exit: exitOf({containerPid: 7})},
			{sent: sent({}, {pod: '', namespace: '', container: '', containerId: '', containerPid: 0})},
		],
		['BY bash (host)'],
	],
	[
		'the runtime acts for the kubelet',
		[
			{exit: exitOf({signal: 'SIGTERM'})},
			{
				sent: sent(
					{signal: 'SIGTERM'},
					{pod: '', containerId: '', containerPid: 0, binary: '/usr/bin/runc', isRuntime: true},
				),
			},
			killing('Container xwing failed liveness probe, will be restarted'),
			{pod: podOf()},
		],
		['PROBE (liveness probe)'],
	],
	[
		'an init passes the SIGTERM of a deletion on',
		[
			{exit: exitOf({pid: 101, containerPid: 7, signal: 'SIGTERM', binary: '/usr/bin/app'})},
			{sent: sent({target: 101, signal: 'SIGTERM'}, {pid: 100, containerPid: 1, binary: '/sbin/tini'})},
			{pod: podOf(deletion)},
		],
		['DELETED (pod deleted)'],
	],
	[
		'its own SIGKILL',
		[{exit: exitOf({pid: 50, containerPid: 7})}, {sent: sent({target: 50})}],
		['SELF (SIGKILL to itself)'],
	],
	[
		'a wrapper repeats the death of its child: one row',
		[
			{exit: exitOf({pid: 101, containerPid: 8, parentExecId: 'exec-50', timeMs: endMs - 5, binary: '/usr/bin/app'})},
			{exit: exitOf({pid: 50, containerPid: 7, binary: '/usr/bin/nsenter'})},
			{sent: sent({target: 50}, {binary: '/usr/bin/nsenter'})},
			{sent: sent({target: 101, timeMs: endMs - 6}, {pid: 60, binary: '/usr/bin/killer', execId: 'exec-60'})},
		],
		['BY killer (pod xwing)'],
	],
	[
		'exit code 137 by itself',
		[{exit: exitOf({signal: '', status: 137})}, {pod: podOf({ends: [ended('Error', 137)]})}],
		['SELF (exit code 137)'],
	],
	[
		'exit code 0',
		[{exit: exitOf({signal: '', status: 0})}, {pod: podOf({ends: [ended('Completed', 0)]})}],
		['SELF (exit code 0)'],
	],
	['a fault', [{exit: exitOf({signal: 'SIGSEGV'})}, {pod: podOf({ends: [ended('Error', 139)]})}], ['SELF (SIGSEGV)']],
	['seccomp', [{exit: exitOf({signal: 'SIGSYS', containerPid: 7})}], ['SELF (SIGSYS)']],
	[
		'the kernel ends what is left of a container: one row',
		[
			{exit: exitOf({signal: '', status: 3})},
			{exit: exitOf({pid: 101, containerPid: 7, timeMs: endMs + 1})},
			{pod: podOf({ends: [ended('Error', 3)]})},
		],
		['SELF (exit code 3)'],
	],
	[
		'the runtime clears what is left of a container: one row',
		[
			{exit: exitOf({signal: '', status: 3})},
			{exit: exitOf({pid: 101, containerPid: 7, timeMs: endMs + 2000})},
			{
				sent: sent(
					{target: 101, timeMs: endMs + 1999},
					{pod: '', containerId: '', containerPid: 0, binary: '/usr/bin/runc', isRuntime: true},
				),
			},
			{pod: podOf({ends: [ended('Error', 3)]})},
		],
		['SELF (exit code 3)'],
	],
	[
		'killed outside of Kubernetes',
		[{exit: exitOf()}, {pod: podOf({ends: [ended('Error', 137)]})}],
		['OUTSIDE (not the kubelet)'],
	],
	['nothing explains it', [{exit: exitOf({containerPid: 7})}, {pod: podOf()}], ['UNKNOWN (SIGKILL)']],
	[
		'the API alone saw the end: a code may be a signal',
		[{pod: podOf({ends: [ended('Error', 137)]})}],
		['UNKNOWN (exit code 137)'],
	],
	['the API alone saw an OOM', [{pod: podOf({ends: [ended('OOMKilled', 137)]})}], ['OOM (memory limit 64Mi)']],
	[
		'the stop of the instance before is not meant',
		[
			{
				event: eventOf('Killing', 'Container xwing failed liveness probe, will be restarted', {
					firstMs: endMs - 65_000,
					lastMs: endMs - 65_000,
				}),
			},
			{exit: exitOf({containerPid: 7})},
			{pod: podOf()},
		],
		['UNKNOWN (SIGKILL)'],
	],
	[
		'the stop of the instance 2 s before is not meant',
		[
			{
				event: eventOf('Killing', 'Container xwing failed liveness probe, will be restarted', {
					firstMs: endMs - 62_000,
					lastMs: endMs - 62_000,
				}),
			},
			{exit: exitOf({signal: '', status: 137, startMs: endMs - 60_000})},
			{pod: podOf({graceSeconds: 60, ends: [ended('Error', 137)]})},
		],
		['SELF (exit code 137)'],
	],
	[
		'the stop of the instance that was replaced within its second is not meant',
		[
			killing('Container xwing failed liveness probe, will be restarted'),
			{exit: exitOf({signal: '', status: 137, timeMs: endMs + 15_000, startMs: endMs - 1000})},
			{
				pod: podOf({
					ends: [
						{...ended('Error', 137, -1000), containerId: 'containerd://0123456789abcdef'},
						{...ended('Error', 137, 15_000), startedMs: endMs - 1000},
					],
				}),
			},
		],
		['SELF (exit code 137)', 'PROBE (liveness probe)'].sort(),
	],
	[
		'a signal to the pid before is not meant',
		[{exit: exitOf({containerPid: 7, startMs: endMs - 500})}, {sent: sent({timeMs: endMs - 3000})}],
		['UNKNOWN (SIGKILL)'],
	],
	[
		'the limit of another pod of that name is not meant',
		[
			{exit: exitOf()},
			{pod: podOf()},
			{
				pod: podOf({
					uid: 'uid-2',
					containers: [],
					ends: [{...ended('OOMKilled', 137), containerId: 'containerd://0123456789abcdef'}],
				}),
			},
		],
		['OOM (no memory limit of its own)', 'UNKNOWN (SIGKILL)'],
	],
];

for (const [what, facts, rows] of cases) {
	test(`${what}: ${rows.join(', ')}`, () => {
		assert.deepEqual(rowsOf(storeOf(facts)), [...rows]);
	});
}

test('whatever the order in which the evidence comes, the answer is the same', () => {
	for (const [what, facts, rows] of cases) {
		fc.assert(
			fc.property(fc.shuffledSubarray([...facts], {minLength: facts.length}), order => {
				assert.deepEqual(rowsOf(storeOf(order)), [...rows], what);
			}),
			{numRuns: 20},
		);
	}
});

test('evidence that comes twice changes nothing', () => {
	for (const [what, facts, rows] of cases) {
		assert.deepEqual(rowsOf(storeOf([...facts, ...facts])), [...rows], what);
	}
});

test('no cause contradicts its proof, whatever is mixed', () => {
	const facts = cases.flatMap(([, each]) => each);
	fc.assert(
		// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one list of what each cause must not say
		fc.property(fc.shuffledSubarray(facts, {maxLength: 8}), some => {
			for (const {kills} of storeOf(some).deaths.groups()) {
				for (const {death, exitSignal, timeMs, process} of kills) {
					const proof = death.proof.map(({text}) => text).join('\n');
					const isSeen = process?.execId !== '';
					assert.ok(death.proof.length > 0);
					if (death.state === 'OOM') {
						assert.match(proof, /OOMKilled|kernel log|SystemOOM/);
					}

					if (death.state === 'PROBE') {
						assert.match(proof, /failed (?:liveness|startup) probe/);
					}

					if (death.state === 'BY') {
						assert.match(proof, new RegExp(`sent ${exitSignal} to pid`));
					}

					if (death.state === 'SELF' && isSeen) {
						assert.match(proof, exitSignal === '' ? /no signal/ : new RegExp(exitSignal));
					}

					for (const {atMs, text} of death.proof) {
						const isEvent = text.startsWith('Event Killing') || text.startsWith('status of container');
						assert.ok(!isEvent || Number.isNaN(atMs) || Math.abs((atMs ?? timeMs) - timeMs) <= 40_000, text);
					}
				}
			}
		}),
		{numRuns: 300},
	);
});

test('without a cluster a SIGKILL is UNKNOWN, and the policy that would tell is there to copy', () => {
	const store = storeOf([{exit: exitOf({containerPid: 7})}], blind);
	const {death} = store.deaths.groups()[0]!.kills[0]!;
	assert.equal(death.state, 'UNKNOWN');
	assert.match(death.policy, /security_task_kill/);
	assert.match(death.lookedAt.join('\n'), /Kubernetes was not asked/);
});

test('without a target SIGTERM of a child is in the detail, and not in the pane', () => {
	const facts: readonly Fact[] = [
		{exit: exitOf({containerPid: 7, signal: 'SIGTERM'})},
		{sent: sent({signal: 'SIGTERM'})},
	];
	assert.deepEqual(rowsOf(storeOf(facts, {...blind, hasTarget: false})), []);
	assert.deepEqual(rowsOf(storeOf(facts)), ['BY bash (pod xwing)']);
});

test('while the word of the API may still come the answer is open, and not OUTSIDE', () => {
	const store = storeOf([]);
	store.deaths.pod(podOf({ends: [ended('Error', 137)]}), endMs);
	assert.deepEqual(rowsOf(store), ['UNKNOWN (not known yet)']);
});

test('the row of an end stays the same one when its answer changes', () => {
	const store = storeOf([{exit: exitOf()}, {exit: exitOf({pid: 300, containerPid: 8})}]);
	const before = store.deaths.groups().find(({kills}) => kills.some(({process}) => process?.pid === 100))!;
	store.deaths.pod(podOf({ends: [ended('OOMKilled', 137)]}), endMs + 70_000);
	const after = store.deaths.groups().find(group => isRowOf(group, before.id));
	assert.equal(after?.state, 'OOM');
});

test('many deaths are bounded: the oldest go', () => {
	const store = storeOf(
		Array.from({length: 2100}, (_, index) => ({exit: exitOf({pid: 1000 + index, containerPid: 7})})),
	);
	assert.equal(
		store.deaths.groups().reduce((sum, {count}) => sum + count, 0),
		2000,
	);
});
