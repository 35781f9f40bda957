import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {loadAll} from 'js-yaml';
import {rbacDocs} from '../../../scripts/rbac-docs.js';
import {refusalOfAnswer} from '../../../source/kubernetes/api/refusal.js';
import {mayI, preflight, type Right, rightsFor, rightWords} from '../../../source/kubernetes/rights/access-review.js';
import {grantWords, rightOfRefusal} from '../../../source/kubernetes/rights/missing-right.js';
import {rbacYaml} from '../../../source/kubernetes/rights/rbac.js';
import {transports, transportsOf} from '../../../source/transports.js';
import {connectApi, startServer} from '../cluster/test-api.js';

type Role = {
	kind: string;
	metadata: {name: string; namespace?: string};
	rules?: ReadonlyArray<{apiGroups: string[]; resources: string[]; verbs: string[]}>;
	roleRef?: {kind: string; name: string};
	subjects?: ReadonlyArray<{kind: string; name: string}>;
};

function grants(roles: readonly Role[], namespace: string, verb: string, resource: string) {
	return roles.some(
		role =>
			(role.kind === 'ClusterRole' || role.metadata.namespace === namespace) &&
			role.rules?.some(rule => rule.resources.includes(resource) && rule.verbs.includes(verb)),
	);
}

test('the subresource is asked for as one: a denial of pods/portforward is seen', async t => {
	const server = await startServer(t);
	server.denials = [{resource: 'pods', subresource: 'portforward', verb: 'create', namespace: 'kube-system'}];
	const api = connectApi(t, server);
	const right = {verb: 'create', resource: 'pods', subresource: 'portforward', namespace: 'kube-system'};
	assert.equal(await mayI(api, right), false);
	assert.equal(await mayI(api, {...right, verb: 'get'}), true);
	assert.equal(await mayI(api, {verb: 'list', resource: 'pods'}), true);
});

test('all rights are asked for at once; a right is denied, allowed, or unknown when the server does not answer', async t => {
	const server = await startServer(t);
	const cluster = {api: connectApi(t, server), ways: transportsOf('auto')};
	server.denials = [{subresource: 'exec', verb: 'get'}];
	const {rights} = await preflight(cluster, undefined, {type: 'pod', namespace: 'default'});
	const answers = new Map(rights.map(({right, allowed}) => [rightWords(right), allowed]));
	assert.deepEqual(Object.fromEntries(answers), {
		'list pods in kube-system': true,
		'watch pods in kube-system': true,
		'list pods in default': true,
		'watch pods in default': true,
		'list events in default': true,
		'watch events in default': true,
		'get pods/portforward in kube-system': true,
		'create pods/portforward in kube-system': true,
		'get pods/exec in kube-system': false,
		'create pods/exec in kube-system': true,
	});
	await server.stop();
	const unknown = await preflight(cluster, 'security', {type: 'all'});
	assert.ok(unknown.rights.every(({allowed}) => allowed === undefined));
	assert.deepEqual([...new Set(unknown.rights.map(({right}) => right.namespace))], ['security']);
	await server.start();
});

for (const transport of transports) {
	test(`the roles for ${transport} grant what it asks for, and no more than reading beside it`, () => {
		const roles = loadAll(
			rbacYaml({transports: [transport], agentNamespace: 'kube-system', targetNamespaces: undefined}),
		) as Role[];
		for (const {verb, resource, subresource} of rightsFor(transport, 'kube-system')) {
			assert.ok(grants(roles, 'kube-system', verb, `${resource}/${subresource}`), `${verb} ${subresource}`);
		}

		for (const verb of ['get', 'list', 'watch']) {
			assert.ok(grants(roles, 'kube-system', verb, 'pods'));
		}

		// Create is for the tunnel alone, and only where the agents are.
		const creating = roles.filter(role => role.rules?.some(rule => rule.verbs.includes('create')));
		assert.ok(creating.every(role => role.kind === 'Role' && role.metadata.namespace === 'kube-system'));
		const verbs = new Set(roles.flatMap(role => role.rules?.flatMap(rule => rule.verbs) ?? []));
		assert.deepEqual(
			[...verbs].filter(verb => !['get', 'list', 'watch', 'create'].includes(verb)),
			[],
		);
	});
}

test('a target in namespaces needs no ClusterRole for pods; a subject is bound to all that was made', () => {
	const text = rbacYaml({
		transports: ['exec'],
		agentNamespace: 'kube-system',
		targetNamespaces: ['default', 'shop'],
		subject: {kind: 'Group', name: 'oncall'},
	});
	const documents = loadAll(text) as Role[];
	assert.deepEqual(
		documents.map(({kind, metadata}) => `${kind} ${metadata.name} ${metadata.namespace}`),
		[
			'Role tetratop-agent-exec kube-system',
			'Role tetratop-target default',
			'Role tetratop-target shop',
			'ClusterRole tetratop-policies undefined',
			'RoleBinding tetratop-agent-exec kube-system',
			'RoleBinding tetratop-target default',
			'RoleBinding tetratop-target shop',
			'ClusterRoleBinding tetratop-policies undefined',
		],
	);
	const bindings = documents.filter(({roleRef}) => roleRef);
	assert.ok(
		bindings.every(
			({roleRef, metadata, subjects}) => roleRef?.name === metadata.name && subjects?.[0]?.name === 'oncall',
		),
	);
});

test('the roles of all transports have names of their own: applying all is all', () => {
	for (const targetNamespaces of [undefined, ['kube-system'], ['a', 'b']]) {
		const roles = loadAll(rbacYaml({transports, agentNamespace: 'kube-system', targetNamespaces})) as Role[];
		const names = roles.map(({kind, metadata}) => `${kind} ${metadata.namespace} ${metadata.name}`);
		assert.equal(new Set(names).size, names.length, names.join());
		for (const transport of transports) {
			for (const {verb, resource, subresource} of rightsFor(transport, 'kube-system')) {
				assert.ok(grants(roles, 'kube-system', verb, `${resource}/${subresource}`));
			}
		}
	}
});

test('the roles have what `y` on a policy asks for', () => {
	const roles = loadAll(
		rbacYaml({transports: ['logs'], agentNamespace: 'kube-system', targetNamespaces: ['a']}),
	) as Role[];
	assert.ok(grants(roles, 'a', 'get', 'tracingpolicies') && grants(roles, 'a', 'get', 'tracingpoliciesnamespaced'));
});

test('what a refusal asks to be granted is whole: role and binding for the user, all verbs that the way needs, real lines', () => {
	const server = 'cannot get resource "pods/exec" in API group "" in the namespace "kube-system"';
	const refusal = refusalOfAnswer(403, JSON.stringify({kind: 'Status', message: `User "alice" ${server}`}), asked);
	const right = rightOfRefusal(refusal);
	assert.ok(right);
	const pods = {verb: 'list', resource: 'pods', namespace: 'kube-system'};
	const [, yaml = ''] = grantWords(right, pods).split(', with\n');
	const [role, binding] = loadAll(yaml) as Role[];
	assert.deepEqual([role?.kind, role?.metadata.namespace], ['Role', 'kube-system']);
	assert.deepEqual(role?.rules, [
		{apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create']},
		{apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch']},
	]);
	assert.deepEqual([binding?.kind, binding?.roleRef?.name], ['RoleBinding', role?.metadata.name]);
	assert.deepEqual([binding?.subjects?.[0]?.kind, binding?.subjects?.[0]?.name], ['User', 'alice']);
	const robot = loadAll(grantYamlOf({...pods, user: 'system:serviceaccount:ops:robot'})) as Role[];
	assert.deepEqual([robot[1]?.subjects?.[0]?.kind, robot[1]?.subjects?.[0]?.name], ['ServiceAccount', 'robot']);
	const [everywhere] = loadAll(grantYamlOf({verb: 'list', resource: 'pods'})) as Role[];
	assert.deepEqual([everywhere?.kind, everywhere?.metadata.namespace], ['ClusterRole', undefined]);
});

const asked = {what: 'GET', secrets: []};

function grantYamlOf(right: Right): string {
	return grantWords(right).split(', with\n')[1] ?? '';
}

test('docs/rbac.md has the roles that are printed', () => {
	const committed = readFileSync(new URL('../../../docs/rbac.md', import.meta.url), 'utf8');
	assert.equal(committed, rbacDocs(), 'node --import=./scripts/patched-tsx.js scripts/rbac-docs.ts writes it anew');
});
