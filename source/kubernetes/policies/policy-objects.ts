/** The fields of policies and pods that say to which pods a policy applies. All are optional: API servers of any version answer. */
import {asLabelSelector, asPod, type KubeObject, type LabelSelector, nameOf, namespaceOf} from '../api/objects.js';
import {anyObject, listOf, objectOf, type Shape, text} from '../api/shape.js';

/** A TracingPolicy, or with a namespace a TracingPolicyNamespaced. */
export type PolicyNews = {
	readonly name: string;
	readonly namespace: string;
	readonly podSelector?: LabelSelector | undefined;
	readonly containerSelector?: LabelSelector | undefined;
	readonly nodeSelector?: LabelSelector | undefined;
	/** podSelector or containerSelector is null, or hostSelector is alone: newer agents then leave out all pods. */
	readonly selectsNoPods: boolean;
};

export type PolicyPodNews = {
	readonly namespace: string;
	readonly name: string;
	readonly node: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly containers: ReadonlyArray<{readonly name: string; readonly repo: string}>;
};

type PolicyObject = KubeObject & {readonly spec?: Readonly<Record<string, unknown>>};

type Running = {readonly name?: string; readonly imageID?: string; readonly state?: {readonly running?: object}};

type PolicyPod = KubeObject & {
	readonly spec?: {readonly nodeName?: string; readonly containers?: ReadonlyArray<{readonly name?: string}>};
	readonly status?: {
		readonly phase?: string;
		readonly initContainerStatuses?: readonly Running[];
		readonly containerStatuses?: readonly Running[];
		readonly ephemeralContainerStatuses?: readonly Running[];
	};
};

const asObject = objectOf<{readonly spec?: Readonly<Record<string, unknown>>}>({spec: anyObject});

/** Of the spec the selectors only: the hooks of a large policy take memory that nobody reads. */
export const asPolicyObject: Shape<PolicyObject> = value => {
	const metadata = asPod(value)?.metadata;
	const spec = asObject(value)?.spec ?? {};
	const kept = ['podSelector', 'containerSelector', 'nodeSelector', 'hostSelector'].filter(field => field in spec);
	return metadata && {metadata, spec: Object.fromEntries(kept.map(field => [field, spec[field]]))};
};

const running = listOf(objectOf<Running>({name: text, imageID: text, state: objectOf({running: anyObject})}));

const asRunning = objectOf<Omit<PolicyPod, 'metadata'>>({
	spec: objectOf({nodeName: text, containers: listOf(objectOf({name: text}))}),
	status: objectOf<NonNullable<PolicyPod['status']>>({
		phase: text,
		initContainerStatuses: running,
		containerStatuses: running,
		ephemeralContainerStatuses: running,
	}),
});

export const asPolicyPod: Shape<PolicyPod> = value => {
	const metadata = asPod(value)?.metadata;
	return metadata && {metadata, ...asRunning(value)};
};

export function policyNews(object: PolicyObject): PolicyNews {
	const {podSelector, containerSelector, nodeSelector, hostSelector} = object.spec ?? {};
	const isHostAlone = hostSelector !== undefined && podSelector === undefined && containerSelector === undefined;
	return {
		name: nameOf(object),
		namespace: namespaceOf(object),
		podSelector: asLabelSelector(podSelector),
		containerSelector: asLabelSelector(containerSelector),
		nodeSelector: asLabelSelector(nodeSelector),
		selectsNoPods: isHostAlone || podSelector === null || containerSelector === null,
	};
}

/** undefined: the pod has finished, so that no policy applies to it. */
export function policyPodNews(pod: PolicyPod): PolicyPodNews | undefined {
	const {phase, initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = []} = pod.status ?? {};
	if (phase === 'Succeeded' || phase === 'Failed') {
		return undefined;
	}

	const statuses = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
	const run = statuses.filter(({state}) => state?.running !== undefined);
	return {
		namespace: namespaceOf(pod),
		name: nameOf(pod),
		node: pod.spec?.nodeName ?? '',
		labels: pod.metadata?.labels ?? {},
		// Before the first container runs, those of the spec are the ones that will.
		containers:
			run.length === 0
				? (pod.spec?.containers ?? []).map(({name = ''}) => ({name, repo: ''}))
				: run.map(({name = '', imageID = ''}) => ({name, repo: repositoryOf(imageID)})),
	};
}

/** `docker.io/library/ubuntu@sha256:aadf…` → `docker.io/library/ubuntu`, as the agent reads it; '' for an id without a digest. */
function repositoryOf(imageId: string): string {
	const parts = imageId.split('@');
	return parts.length === 2 ? (parts[0] ?? '') : '';
}
