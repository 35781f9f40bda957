import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {load, loadAll} from 'js-yaml';
import {rbacDocs} from '../../../scripts/rbac-docs.js';
import {mayI, preflight, rightsFor, rightWords} from '../../../source/kubernetes/rights/access-review.js';
import {grantYaml, rbacYaml} from '../../../source/kubernetes/rights/rbac.js';
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
		const roles = loadAll(rbacYaml({transport, agentNamespace: 'kube-system', targetNamespace: undefined})) as Role[];
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

test('a target in one namespace needs no ClusterRole; a subject is bound to what was made', () => {
	const text = rbacYaml({
		transport: 'exec',
		agentNamespace: 'kube-system',
		targetNamespace: 'default',
		subject: {kind: 'Group', name: 'oncall'},
	});
	const documents = loadAll(text) as Role[];
	assert.deepEqual(
		documents.map(({kind, metadata}) => `${kind} ${metadata.namespace}`),
		['Role kube-system', 'Role default', 'RoleBinding kube-system', 'RoleBinding default'],
	);
	assert.deepEqual(
		documents
			.filter(({roleRef}) => roleRef)
			.map(({roleRef, subjects}) => [roleRef?.kind, roleRef?.name, subjects?.[0]?.name]),
		[
			['Role', 'tetratop-agent', 'oncall'],
			['Role', 'tetratop-target', 'oncall'],
		],
	);
});

test('what a refusal asks to be granted is a Role in its namespace, or a ClusterRole where it has none', () => {
	const inNamespace = load(
		grantYaml({verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'kube-system'}),
	) as Role;
	assert.deepEqual([inNamespace.kind, inNamespace.metadata.namespace], ['Role', 'kube-system']);
	assert.deepEqual(inNamespace.rules, [{apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create']}]);
	const everywhere = load(grantYaml({verb: 'list', resource: 'pods'})) as Role;
	assert.deepEqual([everywhere.kind, everywhere.metadata.namespace], ['ClusterRole', undefined]);
});

test('docs/rbac.md has the roles that are printed', () => {
	const committed = readFileSync(new URL('../../../docs/rbac.md', import.meta.url), 'utf8');
	assert.equal(committed, rbacDocs(), 'node --import=./scripts/patched-tsx.js scripts/rbac-docs.ts writes it anew');
});
