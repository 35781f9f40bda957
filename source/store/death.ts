/** What ended a process or a container, and the evidence for it, as plain values. All texts are raw foreign strings. */
import type {DeathState} from './enforcement-states.js';

/** One fact that the answer rests on. `atMs`: when it happened; undefined: it has no time. */
export type Proof = {readonly atMs?: number | undefined; readonly text: string};

export type Death = {
	readonly state: DeathState;
	/** The state, with the sender's name where it is BY: `BY bash`. */
	readonly name: string;
	/** A few words for a column: `memory limit 64Mi`, `pod xwing`. */
	readonly cause: string;
	readonly sentence: string;
	readonly proof: readonly Proof[];
	/** UNKNOWN and OUTSIDE: what was looked at, and the right that would give the answer. */
	readonly lookedAt: readonly string[];
	/** The policy whose events would give the answer; '': none would. */
	readonly policy: string;
	/** It repeats the end of its child, or it ended with its container: another row says it. */
	readonly isEcho: boolean;
};

/** The end of a process, as Tetragon says it. Times are milliseconds of the node's clock. */
export type Exit = {
	readonly node: string;
	readonly execId: string;
	readonly parentExecId: string;
	/** Of the host. */
	readonly pid: number;
	/** 0: not known. */
	readonly containerPid: number;
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	readonly containerId: string;
	readonly binary: string;
	readonly startMs: number;
	readonly timeMs: number;
	/** '' when it ended by itself. */
	readonly signal: string;
	readonly status: number;
	/** The policies that killed it, where that is known. */
	readonly policies?: readonly string[];
};

/** A process that another one's signal names. */
export type Sender = Pick<
	Exit,
	'execId' | 'pid' | 'containerPid' | 'namespace' | 'pod' | 'container' | 'containerId' | 'binary'
> & {
	readonly arguments: string;
	/** From its parent up: `sh`, `containerd-shim`. */
	readonly parents: readonly string[];
	/** It came into its container by kubectl exec, a probe or nsenter. */
	readonly isExecedIn: boolean;
	/** containerd-shim, runc, … on the host. */
	readonly isRuntime: boolean;
};

/** A signal that a policy saw. */
export type SignalSent = {
	readonly node: string;
	readonly timeMs: number;
	/** Pid as the hook has it; negative or 0: a process group. */
	readonly target: number;
	/** Whether `target` counts as the sender's container does (a syscall), or as the host does (the kernel's task). */
	readonly isContainerPid: boolean;
	/** `SIGKILL` */
	readonly signal: string;
	readonly sender: Sender;
	/** The policy and the hook that saw it. */
	readonly policy: string;
	readonly hook: string;
};

/** A container's termination by the API: `lastState.terminated` or `state.terminated`. */
export type ContainerEnd = {
	readonly container: string;
	readonly containerId: string;
	readonly reason: string;
	readonly exitCode: number;
	/** NaN: the API does not say. */
	readonly startedMs: number;
	readonly finishedMs: number;
};

/** What a pod's object says of ends. */
export type PodNews = {
	readonly uid: string;
	readonly namespace: string;
	readonly pod: string;
	readonly node: string;
	/** `ReplicaSet api-575995dc5c`; '': no owner. */
	readonly owner: string;
	readonly graceSeconds: number;
	/** When the deletion was asked for; NaN: it was not. */
	readonly deletedMs: number;
	readonly deletionGraceSeconds: number;
	readonly reason: string;
	readonly message: string;
	/** Of the condition DisruptionTarget; '': it has none. */
	readonly disruption: string;
	readonly disruptionMessage: string;
	readonly disruptionMs: number;
	readonly containers: ReadonlyArray<{
		readonly name: string;
		/** Of the running instance; '': none. */
		readonly containerId: string;
		readonly startedMs: number;
		/** `64Mi`; '': no limit. */
		readonly memoryLimit: string;
	}>;
	readonly ends: readonly ContainerEnd[];
};

/** An Event of the API. */
export type EventNews = {
	/** Kind, namespace, name and uid of the object that it is about. */
	readonly kind: string;
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
	/** By the field path `spec.containers{NAME}`; '': the whole object. */
	readonly container: string;
	readonly reason: string;
	readonly message: string;
	readonly firstMs: number;
	readonly lastMs: number;
	readonly count: number;
};

/** The OOM killer's word of a pid: by the kernel log of the node, or an Event SystemOOM. */
export type OomKill = {
	readonly node: string;
	readonly pid: number;
	/** NaN: the source has no time. */
	readonly atMs: number;
	readonly text: string;
};

/** What can be seen of the API. `words`: why not, with the right that is missing. */
export type Sight = {
	readonly pods: 'seen' | 'not yet' | 'not allowed' | 'not asked';
	readonly events: 'seen' | 'not yet' | 'not allowed' | 'not asked';
	readonly words: readonly string[];
	/** The target's deaths are all shown; without a target those of containers and by SIGKILL alone. */
	readonly hasTarget: boolean;
};

export const blind: Sight = {
	pods: 'not asked',
	events: 'not asked',
	words: ['Kubernetes was not asked: no cluster is connected (tetratop POD asks it)'],
	hasTarget: false,
};
