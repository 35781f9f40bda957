import assert from 'node:assert/strict';
import test from 'node:test';
import {type ClusterPolicies, joinPolicies} from '../../../source/store/policies/policy-join.js';
import {
	type PolicyObject,
	type PolicyPod,
	reachOf,
	selectorWords,
} from '../../../source/store/policies/policy-reach.js';
import {Store} from '../../../source/store/store.js';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';

const xwing: PolicyPod = {
	namespace: 'default',
	name: 'xwing',
	node: 'worker-2',
	labels: {app: 'xwing', org: 'alliance'},
	containers: [
		{name: 'spaceship', repo: 'docker.io/tgraf/netperf'},
		{name: 'sidecar', repo: ''},
	],
};

const cases: ReadonlyArray<readonly [string, Partial<PolicyObject>, ReturnType<typeof reachOf>]> = [
	['no selector', {}, 'all'],
	['selectors without terms', {podSelector: {}, containerSelector: {matchLabels: {}, matchExpressions: []}}, 'all'],
	['its own namespace', {namespace: 'default'}, 'all'],
	['another namespace', {namespace: 'payments'}, undefined],
	['a label', {podSelector: {matchLabels: {app: 'xwing'}}}, 'all'],
	['another value', {podSelector: {matchLabels: {app: 'tiefighter'}}}, undefined],
	['one of two labels', {podSelector: {matchLabels: {app: 'xwing', tier: 'a'}}}, undefined],
	['In', {podSelector: {matchExpressions: [{key: 'app', operator: 'In', values: ['a', 'xwing']}]}}, 'all'],
	['NotIn', {podSelector: {matchExpressions: [{key: 'app', operator: 'NotIn', values: ['xwing']}]}}, undefined],
	['NotIn, no such label', {podSelector: {matchExpressions: [{key: 'b', operator: 'NotIn', values: ['c']}]}}, 'all'],
	['Exists', {podSelector: {matchExpressions: [{key: 'org', operator: 'Exists'}]}}, 'all'],
	['DoesNotExist', {podSelector: {matchExpressions: [{key: 'org', operator: 'DoesNotExist'}]}}, undefined],
	['an unknown operator', {podSelector: {matchExpressions: [{key: 'app', operator: 'Gt', values: ['1']}]}}, undefined],
	['a key of Object', {podSelector: {matchExpressions: [{key: 'toString', operator: 'Exists'}]}}, undefined],
	['the namespace label', {podSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': 'default'}}}, 'all'],
	['a container', {containerSelector: {matchLabels: {name: 'sidecar'}}}, ['sidecar']],
	[
		'a repository',
		{containerSelector: {matchExpressions: [{key: 'repo', operator: 'In', values: ['docker.io/tgraf/netperf']}]}},
		['spaceship'],
	],
	['no such container', {containerSelector: {matchLabels: {name: 'main'}}}, undefined],
	['hosts only', {selectsNoPods: true}, undefined],
];

for (const [name, object, expected] of cases) {
	test(`a policy reaches a pod as the agent decides it: ${name}`, () => {
		assert.deepEqual(reachOf({name: 'p', namespace: '', ...object}, xwing), expected);
	});
}

test('selectors are shown in the words of kubectl', () => {
	assert.equal(selectorWords({name: 'p', namespace: ''}), 'everything, pods and hosts');
	assert.equal(selectorWords({name: 'p', namespace: '', selectsNoPods: true}), 'hosts only');
	const podSelector = {
		matchLabels: {app: 'x'},
		matchExpressions: [{key: 'tier', operator: 'NotIn', values: ['a', 'b']}],
	};
	const object = {name: 'p', namespace: 'default', podSelector, containerSelector: {matchLabels: {name: 'main'}}};
	assert.equal(selectorWords(object), 'pods of default with app=x, tier notin (a, b), containers with name=main');
});

function status(name: string, namespace = '', more: Partial<PolicyStatus> = {}): PolicyStatus {
	return {name, namespace, sensors: [], mode: 'TP_MODE_ENFORCE', state: 'TP_STATE_ENABLED', ...more} as PolicyStatus;
}

const loadError = {state: 'TP_STATE_LOAD_ERROR', error: 'attach kprobe foo: not found'} as const;

const everything: ClusterPolicies = {
	objects: [],
	pods: [],
	seesWide: true,
	seesNamespaces: 'all',
	seesPods: true,
	words: [],
};

function join(lists: Readonly<Record<string, readonly PolicyStatus[]>>, cluster: Partial<ClusterPolicies> | undefined) {
	const store = new Store();
	for (const [node, list] of Object.entries(lists)) {
		store.takePolicies(store.openNode(node), list, 1);
	}

	return joinPolicies(store.policyRows(), Object.keys(lists), cluster && {...everything, ...cluster});
}

const ofXwing = {words: 'xwing', isTarget: (_namespace: string, pod: string) => pod === 'xwing'};

test('what applies to a target, what is loaded on its node, and why the rest is not', () => {
	const {sentences, policies} = join(
		{
			'worker-1': [status('egress'), status('files', 'default'), status('shadow-kill')],
			'worker-2': [status('egress'), status('files', 'default'), status('shadow-kill', '', loadError)],
		},
		{
			objects: [
				{name: 'egress', namespace: ''},
				{name: 'files', namespace: 'default'},
				{name: 'shadow-kill', namespace: ''},
				{name: 'other', namespace: 'payments'},
			],
			pods: [xwing, {...xwing, name: 'deathstar', node: 'worker-1'}],
			target: ofXwing,
		},
	);
	assert.deepEqual(sentences, [
		'applies to xwing: 3 policies; loaded on its node: 2',
		'shadow-kill is not loaded on worker-2: load_error: attach kprobe foo: not found',
	]);
	assert.deepEqual(
		policies.map(({row, pods}) => [row.name, pods?.length]),
		[
			['egress', 1],
			['files', 1],
			['other', 0],
			['shadow-kill', 1],
		],
	);
});

test('an object that no agent lists is a row, and says so', () => {
	const {policies} = join({'worker-1': [], 'worker-2': []}, {objects: [{name: 'lost', namespace: 'default'}]});
	assert.deepEqual(
		policies.map(({row, words}) => [row.name, row.state, row.ofNodes, words]),
		[
			[
				'lost',
				'unlisted',
				2,
				['default/lost is an object (TracingPolicyNamespaced) of the cluster, and no agent lists it'],
			],
		],
	);
});

test('nothing is said of an object before an agent was read', () => {
	const {policies} = join({}, {objects: [{name: 'lost', namespace: ''}]});
	assert.deepEqual(
		policies.map(({row, words}) => [row.name, row.state, words]),
		[['lost', 'unknown', []]],
	);
});

test("an agent's policy that no object explains says where it comes from", () => {
	const {policies} = join(
		{'worker-1': [status('a'), status('b', '', {domain: 'grpc'}), status('c', '', {domain: 'static'})]},
		{},
	);
	const alone = 'is loaded on worker-1, and no object of the cluster explains it';
	assert.deepEqual(
		policies.map(({words}) => words),
		[
			[`a ${alone}: it comes from a file of the agent, or from tetra tracingpolicy add`],
			[`b ${alone}: it was added by gRPC (tetra tracingpolicy add), and is gone when the agent restarts`],
			[`c ${alone}: it comes from a file or a flag of the agent`],
		],
	);
});

test('what could not be read is not missing', () => {
	const list = {'worker-1': [status('wide'), status('named', 'payments')]};
	const blind = join(list, {seesWide: false, seesNamespaces: ['default'], seesPods: false, target: ofXwing});
	assert.deepEqual(
		blind.policies.map(({hasObject, words, pods}) => [hasObject, words, pods]),
		[
			[undefined, [], undefined],
			[undefined, [], undefined],
		],
	);
	assert.deepEqual(blind.sentences, []);
	const alone = join(list, undefined);
	assert.deepEqual(
		alone.policies.map(({words}) => words),
		[[], []],
	);
});

test("a target on a node whose list was not read: that is said, not 'loaded: 0'", () => {
	const cluster = {objects: [{name: 'a', namespace: ''}], pods: [xwing], target: ofXwing};
	assert.deepEqual(join({'worker-1': [status('a')]}, cluster).sentences, [
		'applies to xwing: 1 policy; what is loaded on its node is not known: no list of worker-2 was read',
	]);
	const both = {...cluster, pods: [xwing, {...xwing, node: 'worker-1'}]};
	assert.deepEqual(join({'worker-1': [status('a')]}, both).sentences, [
		'applies to xwing: 1 policy; loaded on its 2 nodes: 1; no list of worker-2 was read',
	]);
});

test('a policy that some agents lack names them, and that a nodeSelector may be the reason', () => {
	const lists = {'worker-1': [status('a')], 'worker-2': [], 'worker-3': []};
	const plain = join(lists, {objects: [{name: 'a', namespace: ''}]});
	assert.deepEqual(plain.policies[0]?.words, ['a is not loaded on worker-2, worker-3: its agent does not list it']);
	const some = join(lists, {objects: [{name: 'a', namespace: '', nodeSelector: {matchLabels: {gpu: 'yes'}}}]});
	assert.match(some.policies[0]?.words[0] ?? '', /\(its nodeSelector may leave the node out\)$/);
});

test('a node that is watched no more counts in no `2/4`, and its policies are missing nowhere', () => {
	const store = new Store();
	const stays = store.openNode('worker-1');
	const goes = store.openNode('worker-2');
	store.takePolicies(stays, [status('a')], 1);
	store.takePolicies(goes, [status('a', '', loadError), status('gone')], 1);
	store.setNode(goes, {state: 'ended'});
	const rows = store.policyRows().map(({name, nodes, ofNodes, state, note}) => ({name, nodes, ofNodes, state, note}));
	assert.deepEqual(rows, [{name: 'a', nodes: 1, ofNodes: 1, state: 'enabled', note: ''}]);
});
