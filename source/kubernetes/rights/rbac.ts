/** The smallest Roles that tetratop needs, for each transport. `tetratop rbac` and messages about missing rights show them. */

import {type Transport, transportTable} from '../../transports.js';
import type {Right} from './access-review.js';

type RbacOptions = {
	readonly transport: Transport;
	/** Namespace of Tetragon's pods. */
	readonly agentNamespace: string;
	/** Namespace of the target; undefined: all, which needs a ClusterRole. */
	readonly targetNamespace: string | undefined;
	/** undefined: roles without bindings. */
	readonly subject?: {
		readonly kind: 'User' | 'Group' | 'ServiceAccount';
		readonly name: string;
		readonly namespace?: string;
	};
};

type Rule = {readonly resources: readonly string[]; readonly verbs: readonly string[]};

const readPods: Rule = {resources: ['pods'], verbs: ['get', 'list', 'watch']};
/** Optional: tells who ended a process: OOM, a probe, an eviction, a deletion. */
const readEvents: Rule = {resources: ['events'], verbs: ['get', 'list', 'watch']};
/** Optional: shows nodes without an agent. */
const readNodes: Rule = {resources: ['nodes'], verbs: ['get', 'list', 'watch']};
/** Optional: finds the pods of deployment/NAME by its selector and not by their owner. */
const readWorkloads = {
	apps: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
	batch: ['jobs', 'cronjobs'],
};

/** YAML of the Role, of the ClusterRole, and with a subject of their bindings. */
export function rbacYaml(options: RbacOptions): string {
	const {transport, agentNamespace, targetNamespace} = options;
	const {subresource, verbs} = transportTable[transport];
	const own = targetNamespace === agentNamespace ? [readPods, readEvents] : [readPods];
	const agentRules: readonly Rule[] = [...own, {resources: [`pods/${subresource}`], verbs}];
	const documents = [role('Role', 'tetratop-agent', agentNamespace, agentRules)];
	const cluster = targetNamespace === undefined;
	if (cluster || targetNamespace !== agentNamespace) {
		const rules = cluster ? [readPods, readEvents, readNodes] : [readPods, readEvents];
		documents.push(role(cluster ? 'ClusterRole' : 'Role', 'tetratop-target', targetNamespace, rules, readWorkloads));
	}

	if (options.subject !== undefined) {
		documents.push(binding('RoleBinding', 'Role', 'tetratop-agent', agentNamespace, options.subject));
		if (cluster) {
			documents.push(binding('ClusterRoleBinding', 'ClusterRole', 'tetratop-target', undefined, options.subject));
		} else if (targetNamespace !== agentNamespace) {
			documents.push(binding('RoleBinding', 'Role', 'tetratop-target', targetNamespace, options.subject));
		}
	}

	return documents.join('---\n');
}

/** YAML of a Role, or a ClusterRole, with one right. */
export function grantYaml({verb, resource, subresource, namespace}: Right): string {
	const name = subresource === undefined ? resource : `${resource}/${subresource}`;
	// A WebSocket upgrade needs both verbs, see transports.ts.
	const verbs = subresource === undefined || subresource === 'log' ? [verb] : ['get', 'create'];
	const rules = [{resources: [name], verbs}];
	return role(namespace ? 'Role' : 'ClusterRole', 'tetratop', namespace, rules);
}

function role(
	kind: 'Role' | 'ClusterRole',
	name: string,
	namespace: string | undefined,
	rules: readonly Rule[],
	groups: Readonly<Record<string, readonly string[]>> = {},
): string {
	const written = [
		...rules.map(rule => ({group: '', ...rule})),
		...Object.entries(groups).map(([group, resources]) => ({group, resources, verbs: ['get']})),
	];
	return [
		'apiVersion: rbac.authorization.k8s.io/v1',
		`kind: ${kind}`,
		metadata(name, namespace),
		'rules:',
		...written.flatMap(({group, resources, verbs}) => [
			`- apiGroups: ["${group}"]`,
			`  resources: [${resources.map(resource => `"${resource}"`).join(', ')}]`,
			`  verbs: [${verbs.map(verb => `"${verb}"`).join(', ')}]`,
		]),
		'',
	].join('\n');
}

function binding(
	kind: 'RoleBinding' | 'ClusterRoleBinding',
	roleKind: 'Role' | 'ClusterRole',
	name: string,
	namespace: string | undefined,
	subject: NonNullable<RbacOptions['subject']>,
): string {
	const account = subject.kind === 'ServiceAccount';
	return [
		'apiVersion: rbac.authorization.k8s.io/v1',
		`kind: ${kind}`,
		metadata(name, namespace),
		'roleRef:',
		'  apiGroup: rbac.authorization.k8s.io',
		`  kind: ${roleKind}`,
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
