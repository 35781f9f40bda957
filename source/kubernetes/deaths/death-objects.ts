/** The fields of pods and Events that say how a container ended. All are optional: API servers of any version answer. */
import type {KubeObject} from '../api/objects.js';
import {listOf, number, objectOf, text, texts} from '../api/shape.js';

type Terminated = {
	readonly reason?: string;
	readonly exitCode?: number;
	readonly startedAt?: string;
	readonly finishedAt?: string;
	readonly containerID?: string;
};

type State = {readonly running?: {readonly startedAt?: string}; readonly terminated?: Terminated};

type ContainerStatus = {
	readonly name?: string;
	readonly containerID?: string;
	readonly state?: State;
	readonly lastState?: State;
};

type Metadata = NonNullable<KubeObject['metadata']> & {readonly deletionGracePeriodSeconds?: number};

type Container = {
	readonly name?: string;
	readonly resources?: {readonly limits?: Readonly<Record<string, string>>};
};

export type DeathPod = {
	readonly metadata?: Metadata;
	readonly spec?: {
		readonly nodeName?: string;
		readonly terminationGracePeriodSeconds?: number;
		readonly containers?: readonly Container[];
		readonly initContainers?: readonly Container[];
	};
	readonly status?: {
		readonly reason?: string;
		readonly message?: string;
		readonly conditions?: ReadonlyArray<{
			readonly type?: string;
			readonly status?: string;
			readonly reason?: string;
			readonly message?: string;
			readonly lastTransitionTime?: string;
		}>;
		readonly containerStatuses?: readonly ContainerStatus[];
		readonly initContainerStatuses?: readonly ContainerStatus[];
		readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
	};
};

export type KubeEvent = KubeObject & {
	readonly involvedObject?: {
		readonly kind?: string;
		readonly namespace?: string;
		readonly name?: string;
		readonly uid?: string;
		readonly fieldPath?: string;
	};
	readonly reason?: string;
	readonly message?: string;
	readonly count?: number;
	readonly firstTimestamp?: string;
	readonly lastTimestamp?: string;
	readonly eventTime?: string;
	readonly series?: {readonly count?: number; readonly lastObservedTime?: string};
};

const metadata = objectOf<NonNullable<DeathPod['metadata']>>({
	name: text,
	namespace: text,
	uid: text,
	resourceVersion: text,
	creationTimestamp: text,
	deletionTimestamp: text,
	deletionGracePeriodSeconds: number,
	labels: texts,
	ownerReferences: listOf(objectOf({kind: text, name: text, controller: value => value === true || undefined})),
});

const terminated = objectOf<Terminated>({
	reason: text,
	exitCode: number,
	startedAt: text,
	finishedAt: text,
	containerID: text,
});

const state = objectOf<State>({running: objectOf({startedAt: text}), terminated});

const statuses = listOf(objectOf<ContainerStatus>({name: text, containerID: text, state, lastState: state}));

const containers = listOf(objectOf<Container>({name: text, resources: objectOf({limits: texts})}));

export const asDeathPod = objectOf<DeathPod>({
	metadata,
	spec: objectOf<NonNullable<DeathPod['spec']>>({
		nodeName: text,
		terminationGracePeriodSeconds: number,
		containers,
		initContainers: containers,
	}),
	status: objectOf<NonNullable<DeathPod['status']>>({
		reason: text,
		message: text,
		conditions: listOf(objectOf({type: text, status: text, reason: text, message: text, lastTransitionTime: text})),
		containerStatuses: statuses,
		initContainerStatuses: statuses,
		ephemeralContainerStatuses: statuses,
	}),
});

export const asKubeEvent = objectOf<KubeEvent>({
	metadata: objectOf<NonNullable<KubeEvent['metadata']>>({
		name: text,
		namespace: text,
		uid: text,
		resourceVersion: text,
		creationTimestamp: text,
		deletionTimestamp: text,
		labels: texts,
		ownerReferences: () => undefined,
	}),
	involvedObject: objectOf({kind: text, namespace: text, name: text, uid: text, fieldPath: text}),
	reason: text,
	message: text,
	count: number,
	firstTimestamp: text,
	lastTimestamp: text,
	eventTime: text,
	series: objectOf({count: number, lastObservedTime: text}),
});
