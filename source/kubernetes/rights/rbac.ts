/** The smallest Roles that tetratop needs, for each transport. `tetratop rbac` and messages about missing rights show them. */

import {type Transport, transportTable} from '../../transports.js';
import type {Right} from './access-review.js';

export type Subject = {
	readonly kind: 'User' | 'Group' | 'ServiceAccount';
	readonly name: string;
	readonly namespace?: string;
};

type RbacOptions = {
	/** Each has a Role of its own name, so that all of them can be applied together. */
	readonly transports: readonly Transport[];
	/** Namespace of Tetragon's pods. */
	readonly agentNamespace: string;
	/** Namespaces of the target; undefined: all, which needs a ClusterRole. */
	readonly targetNamespaces: readonly string[] | undefined;
	/** undefined: roles without bindings. */
	readonly subject?: Subject;
};

type Rule = {readonly group?: string; readonly resources: readonly string[]; readonly verbs: readonly string[]};

const readVerbs = ['get', 'list', 'watch'];
const readPods: Rule = {resources: ['pods'], verbs: readVerbs};
/** Optional: the pods of a workload by its selector and its owners, the pods of a Service, and similar names. */
const readTargets: readonly Rule[] = [
	{group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], verbs: ['get', 'list']},
	{group: 'batch', resources: ['jobs', 'cronjobs'], verbs: ['get', 'list']},
	{resources: ['services'], verbs: ['get', 'list']},
	{group: 'discovery.k8s.io', resources: ['endpointslices'], verbs: readVerbs},
];
/** Optional: tells who ended a process: OOM, a probe, an eviction, a deletion. */
const readEvents: Rule = {resources: ['events'], verbs: readVerbs};
/** Optional: shows nodes without an agent. */
const readNodes: Rule = {resources: ['nodes'], verbs: readVerbs};
/** Optional: the policies view knows what the cluster has, and `y` on a policy shows its YAML. */
const readPolicies: Rule = {
	group: 'cilium.io',
	resources: ['tracingpolicies', 'tracingpoliciesnamespaced'],
	verbs: ['get', 'list', 'watch'],
};

type Role = {
	readonly name: string;
	/** undefined: a ClusterRole. */
	readonly namespace: string | undefined;
	readonly rules: readonly Rule[];
	/** A line of YAML before it. */
	readonly comment?: string;
};

/** YAML of the Roles and ClusterRoles, and with a subject of their bindings. No two of them have the same name in one place. */
export function rbacYaml({transports, agentNamespace, targetNamespaces, subject}: RbacOptions): string {
	const agents = transports.map((transport): Role => {
		const {subresource, verbs} = transportTable[transport];
		return {
			name: `tetratop-agent-${transport}`,
			namespace: agentNamespace,
			rules: [readPods, {resources: [`pods/${subresource}`], verbs}],
			comment: `--transport ${transport}`,
		};
	});
	const targets =
		targetNamespaces === undefined
			? [{name: 'tetratop-target', namespace: undefined, rules: [readPods, readEvents, readNodes, ...readTargets]}]
			: targetNamespaces.map(namespace => ({
					name: 'tetratop-target',
					namespace,
					rules: [readPods, readEvents, ...readTargets],
				}));
	const policies: Role = {
		name: 'tetratop-policies',
		namespace: undefined,
		rules: [readPolicies],
		comment: 'optional: y on a policy shows its YAML',
	};
	return documentsOf([...agents, ...targets, policies], subject);
}

/**
YAML of the roles with these rights, and of their bindings. Rights to pods are granted whole: a list without a watch, or a get of
an upgrade without its create, would be the next refusal.
*/
export function grantYaml(rights: readonly Right[], subject: Subject): string {
	const byNamespace = Map.groupBy(rights, ({namespace}) => namespace ?? '');
	const roles = [...byNamespace].map(
		([namespace, ofIt]): Role => ({
			name: 'tetratop',
			namespace: namespace === '' ? undefined : namespace,
			rules: rulesOf(ofIt),
		}),
	);
	return documentsOf(roles, subject);
}

function rulesOf(rights: readonly Right[]): readonly Rule[] {
	const rules = new Map<string, {group: string; resource: string; verbs: Set<string>}>();
	for (const {verb, resource, subresource, group = ''} of rights) {
		const name = subresource === undefined ? resource : `${resource}/${subresource}`;
		const rule = rules.get(`${group}/${name}`) ?? {group, resource: name, verbs: new Set<string>()};
		rules.set(`${group}/${name}`, rule);
		for (const each of wholeVerbs(verb, resource, subresource)) {
			rule.verbs.add(each);
		}
	}

	return [...rules.values()].map(({group, resource, verbs}) => ({group, resources: [resource], verbs: [...verbs]}));
}

function wholeVerbs(verb: string, resource: string, subresource: string | undefined): readonly string[] {
	if (subresource === 'exec' || subresource === 'portforward') {
		// A WebSocket upgrade needs both verbs, see transports.ts.
		return ['get', 'create'];
	}

	return subresource === undefined && ['pods', 'nodes', 'endpointslices'].includes(resource) ? readVerbs : [verb];
}

function documentsOf(roles: readonly Role[], subject: Subject | undefined): string {
	const bindings = subject === undefined ? [] : roles.map(role => binding(role, subject));
	return [...roles.map(roleYaml), ...bindings].join('---\n');
}

function roleYaml({name, namespace, rules, comment}: Role): string {
	return [
		...(comment === undefined ? [] : [`# ${comment}`]),
		'apiVersion: rbac.authorization.k8s.io/v1',
		`kind: ${namespace === undefined ? 'ClusterRole' : 'Role'}`,
		metadata(name, namespace),
		'rules:',
		...rules.flatMap(({group = '', resources, verbs}) => [
			`- apiGroups: ["${group}"]`,
			`  resources: [${resources.map(resource => `"${resource}"`).join(', ')}]`,
			`  verbs: [${verbs.map(verb => `"${verb}"`).join(', ')}]`,
		]),
		'',
	].join('\n');
}

function binding({name, namespace}: Role, subject: Subject): string {
	const kind = namespace === undefined ? 'ClusterRole' : 'Role';
	const account = subject.kind === 'ServiceAccount';
	return [
		'apiVersion: rbac.authorization.k8s.io/v1',
		`kind: ${kind}Binding`,
		metadata(name, namespace),
		'roleRef:',
		'  apiGroup: rbac.authorization.k8s.io',
		`  kind: ${kind}`,
		`  name: ${name}`,
		'subjects:',
		`- kind: ${subject.kind}`,
		`  name: ${JSON.stringify(subject.name)}`,
		account ? `  namespace: ${subject.namespace ?? 'default'}` : '  apiGroup: rbac.authorization.k8s.io',
		'',
	].join('\n');
}

function metadata(name: string, namespace: string | undefined): string {
	return ['metadata:', `  name: ${name}`, ...(namespace ? [`  namespace: ${namespace}`] : [])].join('\n');
}
