/** The fields of Kubernetes objects that tetratop reads. All are optional: API servers of any version answer. */

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
