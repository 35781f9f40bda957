/** One end with what is known of it: of a process by its exit, or of a container by the API alone. */

import {baseName} from '../../tetragon/event/base-name.js';
import type {Facts} from '../../tetragon/event/facts.js';
import type {ContainerEnd, Death, Exit, Sender} from '../death.js';
import type {ExecImage} from '../processes/lineage.js';
import type {ChainLink, Process} from '../processes/process.js';
import type {PodRecord} from './pod-record.js';

export type EndRecord = {
	readonly id: string;
	readonly exit: Exit;
	readonly node: number;
	/** Of the exit's event; -1: the API alone says it. */
	readonly seq: number;
	readonly image: ExecImage | undefined;
	readonly process: Process;
	readonly chain: readonly ChainLink[];
	readonly arrivedMs: number;
	acknowledged: boolean;
	/** undefined: evidence came since it was judged. */
	death: Death | undefined;
	isSettled: boolean;
};

const runtime = /^(?:runc|crun|conmon|dockerd|containerd|containerd-shim.*|crio|youki)$/;

/** The exit of a process of a pod; undefined: it is of no pod, or nothing is known of it. */
export function exitOf(image: ExecImage, node: string): Exit | undefined {
	const {facts} = image;
	if (facts === undefined || facts.pod === '') {
		return undefined;
	}

	const {namespace, pod, container, containerId, containerPid = 0, binary} = facts;
	return {
		node,
		execId: image.execId,
		parentExecId: image.parentExecId,
		pid: image.pid,
		containerPid,
		namespace,
		pod,
		container,
		containerId,
		binary,
		startMs: image.lineage.startMs,
		timeMs: image.endMs,
		signal: image.signal,
		status: image.status,
	};
}

/** The sender of a signal, by the process of the hook's event. */
export function senderOf(image: ExecImage | undefined, facts: Facts, parents: readonly Process[]): Sender {
	const known = image?.facts ?? facts.readProcess();
	const {namespace = '', pod = '', container = '', containerId = '', containerPid = 0, binary = ''} = known ?? {};
	return {
		execId: facts.execId,
		pid: facts.pid,
		containerPid,
		namespace,
		pod,
		container,
		containerId,
		binary: binary || '(unknown)',
		arguments: known?.arguments ?? '',
		parents: parents.slice(0, 4).flatMap(({facts: parent}) => (parent === undefined ? [] : [parent.binary])),
		isExecedIn: known?.inInitTree === false && pod !== '',
		isRuntime: pod === '' && containerId === '' && runtime.test(baseName(binary)),
	};
}

/** A container's end of which no exit was seen: its process is known by its container alone. */
export function endOfApi(pod: PodRecord, end: ContainerEnd, node: number, nowMs: number): EndRecord {
	const {namespace, pod: name} = pod;
	const {container, containerId, exitCode: status, finishedMs: timeMs, startedMs: startMs} = end;
	const of = {execId: '', parentExecId: '', pid: 0, containerId, container, namespace, pod: name, startMs};
	const exit: Exit = {...of, node: pod.node, containerPid: 1, binary: '', timeMs, signal: '', status};
	const facts = {
		...of,
		uid: 0,
		binary: '',
		arguments: '',
		cwd: '',
		flags: '',
		image: '',
		workload: '',
		workloadKind: '',
		podLabels: undefined,
		inInitTree: true,
		execProbe: false,
	};
	const process: Process = {
		...of,
		node,
		execProbe: false,
		facts,
		state: 'exited',
		asOfDump: false,
		endMs: timeMs,
		signal: '',
		status,
		events: 0,
		recent: 0,
		kills: [],
		lastMs: nowMs,
	};
	const id = `${pod.uid} ${container} ${containerId} ${timeMs}`;
	const known = {id, exit, node, seq: -1, image: undefined, process, chain: [], arrivedMs: nowMs};
	return {...known, acknowledged: false, death: undefined, isSettled: false};
}
