/** A node, its processes and what they do, as Tetragon says it in JSON: for stories in tests. Times are seconds after the start. */

import {Buffer} from 'node:buffer';
import {Arrival} from '../../source/store/arrival.js';
import {Store, type StoreOptions} from '../../source/store/store.js';
import type {DumpedProcess} from '../../source/tetragon/agent/link.js';
import type {PolicyStatus} from '../../source/tetragon/agent/policy.js';
import type {Event, EventBody, ProcessMessage} from '../../source/tetragon/event/event.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';

export const startMs = Date.parse('2026-01-02T03:04:05Z');

export function at(seconds: number): string {
	return new Date(startMs + Math.round(seconds * 1000)).toISOString();
}

export type Actor = ProcessMessage & {readonly exec_id: string};

let actors = 0;

export type ActorOptions = {
	readonly pid?: number;
	readonly parent?: Actor;
	readonly binary?: string;
	readonly arguments?: string;
	readonly pod?: string;
	readonly namespace?: string;
	readonly container?: string;
	readonly workload?: string;
	readonly flags?: string;
	readonly start?: number;
	readonly initTree?: boolean;
	readonly labels?: Readonly<Record<string, string>>;
};

/** A process image; in pod default/xwing unless `pod: ''` puts it on the host. */
export function actor(options: ActorOptions = {}): Actor {
	const number = ++actors;
	const pid = options.pid ?? 1000 + number;
	const pod = options.pod ?? 'xwing';
	return {
		exec_id: Buffer.from(`test:${number}:${pid}`).toString('base64'),
		pid,
		uid: 0,
		binary: options.binary ?? '/usr/bin/cat',
		arguments: options.arguments ?? '',
		flags: options.flags ?? 'execve clone',
		start_time: at(options.start ?? 0),
		...(options.parent === undefined ? {} : {parent_exec_id: options.parent.exec_id}),
		...(pod === ''
			? {}
			: {
					in_init_tree: options.initTree ?? true,
					pod: {
						namespace: options.namespace ?? 'default',
						name: pod,
						workload: options.workload ?? pod,
						workload_kind: 'Deployment',
						pod_labels: options.labels ?? {},
						container: {id: `containerd://${pod}`, name: options.container ?? 'main', image: {name: 'image'}},
					},
				}),
	};
}

export type HookOptions = {
	readonly action?: string | number;
	readonly returnAction?: string;
	readonly policy?: string;
	readonly kind?: 'process_kprobe' | 'process_lsm' | 'process_uprobe' | 'process_tracepoint' | 'process_usdt';
	readonly functionName?: string;
	readonly parent?: Actor;
	readonly late?: number;
	readonly args?: EventBody['args'];
};

export class Scene {
	readonly store: Store;
	readonly node: number;
	readonly name: string;
	/** As what events come. */
	form: 'frames' | 'lines' = 'frames';

	constructor(options: StoreOptions = {}, name = 'node-1') {
		this.store = new Store(options);
		this.name = name;
		this.node = this.store.openNode(name);
	}

	/** Arrives `late` seconds after it happened. */
	send(seconds: number, event: Event, late = 0, node = this.node): void {
		const whole: Event = {...event, node_name: this.store.nodeName(node), time: event.time ?? at(seconds)};
		const nowMs = startMs + (seconds + late) * 1000;
		if (this.form === 'frames') {
			this.store.take(node, new Arrival().frame(encodeMessage('GetEventsResponse', whole)), nowMs);
		} else {
			this.store.take(node, new Arrival().line(Buffer.from(JSON.stringify(whole)), whole), nowMs);
		}
	}

	/** All steps of a dump at once. */
	takeDump(seconds: number, dump: readonly DumpedProcess[]): void {
		for (const _ of this.store.takeDump(this.node, dump, startMs + seconds * 1000)) {
			// Nothing comes between the steps.
		}
	}

	exec(seconds: number, process: Actor, parent?: Actor, late = 0): void {
		this.send(seconds, {process_exec: {process, ...(parent === undefined ? {} : {parent})}}, late);
	}

	exit(seconds: number, process: Actor, signal = '', status = 0, late = 0, parent?: Actor): void {
		const how = {...(signal === '' ? {} : {signal}), ...(status === 0 ? {} : {status})};
		this.send(
			seconds,
			{process_exit: {process, ...(parent === undefined ? {} : {parent}), ...how, time: at(seconds)}},
			late,
		);
	}

	hook(seconds: number, process: Actor | undefined, options: HookOptions = {}): void {
		const body: EventBody = {
			...(process === undefined ? {} : {process}),
			...(options.parent === undefined ? {} : {parent: options.parent}),
			function_name: options.functionName ?? 'security_file_permission',
			policy_name: options.policy ?? 'deny-shadow',
			...(options.args === undefined ? {} : {args: options.args}),
			action: options.action ?? 'KPROBE_ACTION_SIGKILL',
			...(options.returnAction === undefined ? {} : {return_action: options.returnAction}),
		};
		this.send(seconds, {[options.kind ?? 'process_kprobe']: body}, options.late ?? 0);
	}

	policies(seconds: number, ...list: PolicyStatus[]): void {
		this.store.takePolicies(this.node, list, startMs + seconds * 1000);
	}

	tick(seconds: number): void {
		this.store.tick(startMs + seconds * 1000);
	}

	/** `STATE×count` of each row of the kill pane, in alphabetical order. */
	states(): string[] {
		return this.store
			.kills()
			.groups.map(({state, count}) => `${state}×${count}`)
			.sort();
	}
}

export function policy(mode: string, more: Partial<PolicyStatus> = {}): PolicyStatus {
	return {
		name: 'deny-shadow',
		state: 'TP_STATE_ENABLED',
		mode: `TP_MODE_${mode}`,
		...more,
	};
}

export function counters(counts: Readonly<Record<string, number>>): PolicyStatus['stats'] {
	return {
		action_counters: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
	};
}

export const signals = {
	kill: 'KPROBE_ACTION_SIGKILL',
	override: 'KPROBE_ACTION_OVERRIDE',
	signal: 'KPROBE_ACTION_SIGNAL',
};
