/** The fields of Kubernetes objects that tetratop reads. All are optional: API servers of any version answer. */

import {listOf, number, objectOf, type Shape, text, texts, truth} from './shape.js';

export type Metadata = {
	readonly name?: string;
	readonly namespace?: string;
	readonly uid?: string;
	readonly resourceVersion?: string;
	readonly creationTimestamp?: string;
	readonly deletionTimestamp?: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly ownerReferences?: ReadonlyArray<{
		readonly kind?: string;
		readonly name?: string;
		readonly controller?: boolean;
	}>;
};

export type KubeObject = {readonly metadata?: Metadata};

export type KubeList<Item extends KubeObject> = {
	readonly metadata?: {readonly resourceVersion?: string; readonly continue?: string};
	readonly items?: readonly Item[];
};

type ContainerState = {
	readonly waiting?: {readonly reason?: string; readonly message?: string};
	readonly terminated?: {readonly reason?: string; readonly exitCode?: number};
};

export type Pod = KubeObject & {
	readonly spec?: {
		readonly nodeName?: string;
		readonly containers?: ReadonlyArray<{readonly name?: string; readonly image?: string}>;
		readonly volumes?: ReadonlyArray<{readonly configMap?: {readonly name?: string}}>;
	};
	readonly status?: {
		readonly phase?: string;
		readonly reason?: string;
		readonly conditions?: ReadonlyArray<{
			readonly type?: string;
			readonly status?: string;
			readonly reason?: string;
			readonly message?: string;
		}>;
		readonly containerStatuses?: ReadonlyArray<{
			readonly name?: string;
			readonly state?: ContainerState;
			readonly lastState?: ContainerState;
		}>;
	};
};

export type LabelSelector = {
	readonly matchLabels?: Readonly<Record<string, string>>;
	readonly matchExpressions?: ReadonlyArray<{
		readonly key?: string;
		readonly operator?: string;
		readonly values?: readonly string[];
	}>;
};

export type Workload = KubeObject & {readonly spec?: {readonly selector?: LabelSelector}};

/** `selector` has labels that must be equal; '' and missing: the Service selects no pods by itself. */
export type Service = KubeObject & {
	readonly spec?: {readonly type?: string; readonly selector?: Readonly<Record<string, string>>};
};

export type EndpointSlice = KubeObject & {
	readonly endpoints?: ReadonlyArray<{
		readonly targetRef?: {readonly kind?: string; readonly name?: string; readonly namespace?: string};
	}>;
};

export type Node = KubeObject & {
	readonly spec?: {
		readonly unschedulable?: boolean;
		readonly taints?: ReadonlyArray<{readonly key?: string; readonly value?: string; readonly effect?: string}>;
	};
};

export type ConfigMap = KubeObject & {readonly data?: Readonly<Record<string, string>>};

/** The kind Status: an API server's answer when a request fails. */
export type Status = {
	readonly kind?: string;
	readonly status?: string;
	readonly message?: string;
	readonly reason?: string;
	readonly code?: number;
	readonly details?: {
		readonly name?: string;
		readonly kind?: string;
		readonly retryAfterSeconds?: number;
		readonly causes?: ReadonlyArray<{readonly reason?: string; readonly message?: string}>;
	};
};

export function nameOf(object: KubeObject): string {
	return object.metadata?.name ?? '';
}

export function namespaceOf(object: KubeObject): string {
	return object.metadata?.namespace ?? '';
}

const metadata = objectOf<Metadata>({
	name: text,
	namespace: text,
	uid: text,
	resourceVersion: text,
	creationTimestamp: text,
	deletionTimestamp: text,
	labels: texts,
	ownerReferences: listOf(objectOf({kind: text, name: text, controller: truth})),
});

const containerState = objectOf<ContainerState>({
	waiting: objectOf({reason: text, message: text}),
	terminated: objectOf({reason: text, exitCode: number}),
});

export const asLabelSelector = objectOf<LabelSelector>({
	matchLabels: texts,
	matchExpressions: listOf(objectOf({key: text, operator: text, values: listOf(text)})),
});

export const asObject = objectOf<KubeObject>({metadata});

export const asPod = objectOf<Pod>({
	metadata,
	spec: objectOf<NonNullable<Pod['spec']>>({
		nodeName: text,
		containers: listOf(objectOf({name: text, image: text})),
		volumes: listOf(objectOf({configMap: objectOf({name: text})})),
	}),
	status: objectOf<NonNullable<Pod['status']>>({
		phase: text,
		reason: text,
		conditions: listOf(objectOf({type: text, status: text, reason: text, message: text})),
		containerStatuses: listOf(objectOf({name: text, state: containerState, lastState: containerState})),
	}),
});

export const asWorkload = objectOf<Workload>({metadata, spec: objectOf({selector: asLabelSelector})});

export const asService = objectOf<Service>({metadata, spec: objectOf({type: text, selector: texts})});

export const asEndpointSlice = objectOf<EndpointSlice>({
	metadata,
	endpoints: listOf(objectOf({targetRef: objectOf({kind: text, name: text, namespace: text})})),
});

export const asNode = objectOf<Node>({
	metadata,
	spec: objectOf<NonNullable<Node['spec']>>({
		unschedulable: truth,
		taints: listOf(objectOf({key: text, value: text, effect: text})),
	}),
});

export const asConfigMap = objectOf<ConfigMap>({metadata, data: texts});

export const asStatus = objectOf<Status>({
	kind: text,
	status: text,
	message: text,
	reason: text,
	code: number,
	details: objectOf<NonNullable<Status['details']>>({
		name: text,
		kind: text,
		retryAfterSeconds: number,
		causes: listOf(objectOf({reason: text, message: text})),
	}),
});

export function asListOf<Item extends KubeObject>(item: Shape<Item>): Shape<KubeList<Item>> {
	return objectOf<KubeList<Item>>({
		metadata: objectOf({resourceVersion: text, continue: text}),
		items: listOf(item),
	});
}
