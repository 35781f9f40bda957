/** The objects TracingPolicy and TracingPolicyNamespaced of a cluster, and to which pods one applies. */

/** metadata.labels, or the fields of a container, by name. */
type Labels = Readonly<Record<string, string>>;

export type Selector = {
	readonly matchLabels?: Labels;
	readonly matchExpressions?: ReadonlyArray<{
		readonly key?: string;
		readonly operator?: string;
		readonly values?: readonly string[];
	}>;
};

export type PolicyObject = {
	readonly name: string;
	/** '': a TracingPolicy; otherwise a TracingPolicyNamespaced of this namespace. */
	readonly namespace: string;
	readonly podSelector?: Selector | undefined;
	readonly containerSelector?: Selector | undefined;
	/** Newer agents leave out all pods where podSelector is null, or where only hosts are selected. */
	readonly selectsNoPods?: boolean;
	/** Newer agents load the policy only on nodes with these labels. */
	readonly nodeSelector?: Selector | undefined;
};

export type PolicyPod = {
	readonly namespace: string;
	readonly name: string;
	readonly node: string;
	readonly labels: Labels;
	/** `repo` is the image's name without tag and digest, as the kubelet reports it; '': not known. */
	readonly containers: ReadonlyArray<{readonly name: string; readonly repo: string}>;
};

/** The agent gives each pod this label, so that a selector can name a namespace. */
const namespaceLabel = 'k8s:io.kubernetes.pod.namespace';

/**
The names of the containers of the pod to which the policy applies; 'all': all of them; undefined: the policy does not apply to
the pod. Matched as the agent does: a selector without terms selects everything.
*/
export function reachOf(policy: PolicyObject, pod: PolicyPod): 'all' | readonly string[] | undefined {
	if (policy.namespace !== '' && policy.namespace !== pod.namespace) {
		return undefined;
	}

	const {podSelector, containerSelector, selectsNoPods = false} = policy;
	if (selectsNoPods || !matches(podSelector, {[namespaceLabel]: pod.namespace, ...pod.labels})) {
		return undefined;
	}

	if (!hasTerms(containerSelector)) {
		return 'all';
	}

	const names = pod.containers.filter(({name, repo}) => matches(containerSelector, {name, repo})).map(({name}) => name);
	return names.length === 0 ? undefined : names;
}

/** `pods of default with app=x, containers with name=main`; for a policy without selectors: `everything, pods and hosts`. */
export function selectorWords(policy: PolicyObject): string {
	const {namespace, podSelector, containerSelector, nodeSelector, selectsNoPods = false} = policy;
	const where = namespace === '' ? [] : [`of ${namespace}`];
	const labels = hasTerms(podSelector) ? [`with ${termWords(podSelector)}`] : [];
	const containers = hasTerms(containerSelector) ? [`containers with ${termWords(containerSelector)}`] : [];
	const nodes = hasTerms(nodeSelector) ? [`on nodes with ${termWords(nodeSelector)}`] : [];
	const isOfPods = where.length + labels.length + containers.length > 0;
	const pods = isOfPods ? [['pods', ...where, ...labels].join(' ')] : ['everything, pods and hosts'];
	return [...(selectsNoPods ? ['hosts only'] : [...pods, ...containers]), ...nodes].join(', ');
}

export function hasTerms(selector: Selector | undefined): selector is Selector {
	return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) > 0;
}

function matches(selector: Selector | undefined, labels: Labels): boolean {
	const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value);
	return (
		equal &&
		(selector?.matchExpressions ?? []).every(({key = '', operator, values = []}) => {
			const value = labelOf(labels, key);
			switch (operator) {
				case 'In': {
					return value !== undefined && values.includes(value);
				}

				case 'NotIn': {
					return value === undefined || !values.includes(value);
				}

				case 'Exists': {
					return value !== undefined;
				}

				case 'DoesNotExist': {
					return value === undefined;
				}

				default: {
					return false;
				}
			}
		})
	);
}

function labelOf(labels: Labels, key: string): string | undefined {
	return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function termWords({matchLabels = {}, matchExpressions = []}: Selector): string {
	const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
	const others = matchExpressions.map(({key = '', operator = '', values = []}) => {
		switch (operator) {
			case 'In': {
				return `${key} in (${values.join(', ')})`;
			}

			case 'NotIn': {
				return `${key} notin (${values.join(', ')})`;
			}

			case 'DoesNotExist': {
				return `!${key}`;
			}

			default: {
				return key;
			}
		}
	});
	return [...equal, ...others].join(', ');
}
