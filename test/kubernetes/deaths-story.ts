/** What a pod, its kubelet and its agent say while its containers end in different ways. Texts are those of Kubernetes 1.36. */
import type {Event} from '../../source/tetragon/event/event.js';
import type {TestCluster} from './cluster/test-cluster.js';

const uid = 'f47c3991-d3ce-4757-997a-9ea0ab5b300c';

export type Instance = {readonly id: string; readonly startedAt: string};

/** An end of an instance, as the kubelet reports it. */
export type Ended = Instance & {readonly reason: string; readonly exitCode: number; readonly finishedAt: string};

export function seconds(ms: number): string {
	return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

export class Story {
	readonly cluster: TestCluster;
	#number = 0;
	/** Two minutes ago, so that the ends are some seconds apart and none is in the future. */
	#nowMs = Date.now() - 120_000;

	constructor(cluster: TestCluster) {
		this.cluster = cluster;
	}

	nowMs(): number {
		return this.#nowMs;
	}

	/** Time passes in the cluster. */
	pass(ms: number): void {
		this.#nowMs += ms;
	}

	ended(instance: Instance, reason: string, exitCode: number): Ended {
		return {...instance, reason, exitCode, finishedAt: seconds(this.#nowMs)};
	}

	instance(): Instance {
		const id = `containerd://${String(++this.#number).padStart(64, 'c0ffee')}`;
		return {id, startedAt: seconds(this.nowMs())};
	}

	/** A process of xwing; `main` is pid 1 of its container. */
	process(instance: Instance, pid: number, containerPid: number, binary: string, more: object = {}) {
		return {
			exec_id: Buffer.from(`worker-1:${pid}:${instance.id.slice(-4)}`).toString('base64'),
			pid,
			binary,
			uid: 0,
			flags: 'execve clone',
			start_time: new Date(this.nowMs() - 500).toISOString(),
			in_init_tree: true,
			pod: {
				namespace: 'default',
				name: 'xwing',
				workload: 'xwing',
				container: {id: instance.id, name: 'xwing', pid: containerPid, image: {name: 'x'}},
			},
			...more,
		};
	}

	send(event: Event, atMs = this.nowMs()): void {
		this.cluster.agents.get('worker-1')?.send({...event, time: new Date(atMs).toISOString()});
	}

	/** The pod as the API has it: the running instance, and the end of the one before. */
	pod(running: Instance | undefined, last: Ended | undefined, metadata: object = {}, restartCount = 1): void {
		const terminated = last && {
			exitCode: last.exitCode,
			reason: last.reason,
			startedAt: last.startedAt,
			finishedAt: last.finishedAt,
			containerID: last.id,
		};
		const state = running === undefined ? {terminated} : {running: {startedAt: running.startedAt}};
		this.cluster.server.store.put('pods', {
			metadata: {name: 'xwing', namespace: 'default', uid, labels: {class: 'xwing'}, ...metadata},
			spec: {
				nodeName: 'worker-1',
				terminationGracePeriodSeconds: 30,
				containers: [{name: 'xwing', image: 'x', resources: {limits: {memory: '64Mi'}}}],
			},
			status: {
				phase: 'Running',
				conditions: [{type: 'Ready', status: 'True'}],
				containerStatuses: [
					{
						name: 'xwing',
						containerID: (running ?? last)?.id,
						restartCount,
						state,
						lastState: running === undefined || terminated === undefined ? {} : {terminated},
					},
				],
			},
		} as never);
	}

	/** An Event of the kubelet about the container. */
	kubelet(reason: string, message: string, atMs = this.nowMs()): void {
		const at = seconds(atMs);
		this.cluster.server.store.put('events', {
			metadata: {name: `xwing.${++this.#number}`, namespace: 'default'},
			involvedObject: {
				kind: 'Pod',
				namespace: 'default',
				name: 'xwing',
				uid,
				apiVersion: 'v1',
				fieldPath: 'spec.containers{xwing}',
			},
			reason,
			message,
			source: {component: 'kubelet', host: 'worker-1'},
			firstTimestamp: at,
			lastTimestamp: at,
			count: 1,
			type: reason === 'Killing' ? 'Normal' : 'Warning',
			eventTime: null,
			reportingComponent: 'kubelet',
			reportingInstance: 'worker-1',
		} as never);
	}

	exit(process: {readonly exec_id: string}, how: {readonly signal?: string; readonly status?: number}): void {
		const time = new Date(this.nowMs()).toISOString();
		this.send({process_exit: {process, ...how, time}});
	}
}
