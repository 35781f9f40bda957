/** Evidence in a few words: a process of pod default/xwing on node worker-1 that ended at `endMs`. */

import {Arrival} from '../../../source/store/arrival.js';
import type {EventNews, Exit, PodNews, Sight, SignalSent} from '../../../source/store/death.js';
import {Store} from '../../../source/store/store.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';

export const endMs = Date.parse('2026-11-28T05:00:00Z');
export const containerId = `containerd://${'c0ffee'.repeat(10)}`;

export const all: Sight = {pods: 'seen', events: 'seen', words: [], hasTarget: true};

export function exitOf(more: Partial<Exit> = {}): Exit {
	return {
		node: 'worker-1',
		execId: `exec-${more.pid ?? 100}`,
		parentExecId: 'parent',
		pid: 100,
		containerPid: 1,
		namespace: 'default',
		pod: 'xwing',
		container: 'xwing',
		containerId,
		binary: '/usr/bin/server',
		startMs: endMs - 60_000,
		timeMs: endMs,
		signal: 'SIGKILL',
		status: 0,
		...more,
	};
}

export function podOf(more: Partial<PodNews> = {}): PodNews {
	return {
		uid: 'uid-1',
		namespace: 'default',
		pod: 'xwing',
		node: 'worker-1',
		owner: '',
		graceSeconds: 30,
		deletedMs: Number.NaN,
		deletionGraceSeconds: 0,
		reason: '',
		message: '',
		disruption: '',
		disruptionMessage: '',
		disruptionMs: Number.NaN,
		containers: [{name: 'xwing', containerId, startedMs: endMs - 60_000, memoryLimit: '64Mi'}],
		ends: [],
		...more,
	};
}

export function ended(reason: string, exitCode: number, afterMs = 0): PodNews['ends'][number] {
	return {container: 'xwing', containerId, reason, exitCode, startedMs: endMs - 60_000, finishedMs: endMs + afterMs};
}

export function eventOf(reason: string, message: string, more: Partial<EventNews> = {}): EventNews {
	return {
		kind: 'Pod',
		namespace: 'default',
		name: 'xwing',
		uid: 'uid-1',
		container: reason === 'Killing' || reason === 'Unhealthy' ? 'xwing' : '',
		reason,
		message,
		firstMs: endMs - 1000,
		lastMs: endMs - 1000,
		count: 1,
		...more,
	};
}

export function sent(more: Partial<SignalSent> = {}, sender: Partial<SignalSent['sender']> = {}): SignalSent {
	return {
		node: 'worker-1',
		timeMs: endMs - 1,
		target: 100,
		isContainerPid: false,
		signal: 'SIGKILL',
		policy: 'who-signals',
		hook: 'security_task_kill',
		...more,
		sender: {
			execId: 'exec-50',
			pid: 50,
			containerPid: 20,
			namespace: 'default',
			pod: 'xwing',
			container: 'xwing',
			containerId,
			binary: '/usr/bin/bash',
			arguments: '',
			parents: [],
			isExecedIn: false,
			isRuntime: false,
			...sender,
		},
	};
}

/** One thing that becomes known. */
export type Fact =
	| {readonly exit: Exit}
	| {readonly pod: PodNews}
	| {readonly event: EventNews}
	| {readonly sent: SignalSent}
	| {readonly oom: number};

/** A store that learns the facts in this order, and waits until everything is settled. */
export function storeOf(facts: readonly Fact[], sight: Sight = all): Store {
	const store = new Store({bufferBytes: 4 * 1024 * 1024});
	const node = store.openNode('worker-1');
	store.deaths.look(sight);
	for (const fact of facts) {
		if ('exit' in fact) {
			takeExit(store, node, fact.exit);
		} else if ('pod' in fact) {
			store.deaths.pod(fact.pod, endMs + 100);
		} else if ('event' in fact) {
			store.deaths.event(fact.event, endMs + 100);
		} else if ('sent' in fact) {
			store.deaths.signal(fact.sent);
		} else {
			store.deaths.oom({node: 'worker-1', pid: fact.oom, atMs: Number.NaN, text: 'kernel log: Killed process'});
		}
	}

	store.tick(endMs + 60_000);
	return store;
}

function takeExit(store: Store, node: number, exit: Exit): void {
	const process = {
		exec_id: exit.execId,
		parent_exec_id: exit.parentExecId,
		pid: exit.pid,
		binary: exit.binary,
		start_time: new Date(exit.startMs).toISOString(),
		in_init_tree: true,
		pod: {
			namespace: exit.namespace,
			name: exit.pod,
			container: {id: exit.containerId, name: exit.container, pid: exit.containerPid},
		},
	};
	const time = new Date(exit.timeMs).toISOString();
	const how = {
		...(exit.signal === '' ? {} : {signal: exit.signal}),
		...(exit.status === 0 ? {} : {status: exit.status}),
	};
	const event = {process_exit: {process, ...how, time}, node_name: 'worker-1', time};
	store.take(node, new Arrival().frame(encodeMessage('GetEventsResponse', event)), endMs + 50);
}

/** `STATE (cause)` of each row, in alphabetical order. */
export function rowsOf(store: Store): string[] {
	return store.deaths
		.groups()
		.map(
			({kills, count}) => `${kills.at(-1)!.death.name} (${kills.at(-1)!.death.cause})${count > 1 ? ` ×${count}` : ''}`,
		)
		.sort();
}
