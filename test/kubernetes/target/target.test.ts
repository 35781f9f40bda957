import assert from 'node:assert/strict';
import test from 'node:test';
import {didYouMean, nearest} from '../../../source/kubernetes/did-you-mean.js';
import {isOwnedByName} from '../../../source/kubernetes/target/owners.js';
import {parseTarget, type TargetWords} from '../../../source/kubernetes/target/parse.js';
import {selectorText} from '../../../source/kubernetes/target/selector.js';
import {scopeOf} from '../../../source/kubernetes/target/target-scope.js';
import {chipsOf} from '../../../source/modes/cluster/target-chips.js';
import {Refusal} from '../../../source/problem.js';
import {pushDown} from '../../../source/query/pushdown.js';

function parse(words: readonly string[], more: Partial<TargetWords> = {}) {
	return parseTarget({words, defaultNamespace: 'home', ...more});
}

function refused(words: readonly string[], more: Partial<TargetWords> = {}) {
	try {
		parse(words, more);
	} catch (error) {
		assert.ok(error instanceof Refusal);
		return `${error.message} | ${error.fix}`;
	}

	return 'it was taken';
}

test('a target is read as kubectl reads it, short names and plurals included', () => {
	assert.deepEqual(parse(['xwing']).target, {type: 'pod', namespace: 'home', name: 'xwing', certain: false});
	assert.deepEqual(parse(['pod/xwing'], {namespaces: ['a']}).target, {
		type: 'pod',
		namespace: 'a',
		name: 'xwing',
		certain: true,
	});
	for (const words of [['deploy/d'], ['deployments', 'd'], ['Deployment/d'], ['deployment.apps/d']]) {
		assert.deepEqual(parse(words).target, {type: 'workload', namespace: 'home', kind: 'deployment', name: 'd'});
	}

	const kinds = ['sts/x', 'ds/x', 'rs/x', 'job/x', 'cj/x'].map(word => (parse([word]).target as {kind?: string}).kind);
	for (const word of ['svc/x', 'service/x', 'services/x']) {
		assert.deepEqual(parse([word]).target, {type: 'service', namespace: 'home', name: 'x'});
	}

	assert.deepEqual(kinds, ['statefulset', 'daemonset', 'replicaset', 'job', 'cronjob']);
	assert.deepEqual(parse(['node/worker-1']), {target: {type: 'all'}, nodes: ['worker-1']});
});

test('without a name: all nodes, a namespace that -n gave, or a selector', () => {
	assert.deepEqual(parse([]).target, {type: 'all'});
	assert.deepEqual(parse([], {namespaces: ['a']}).target, {type: 'namespace', namespaces: ['a']});
	assert.deepEqual(parse([], {namespaces: ['a', 'b', 'a']}).target, {type: 'namespace', namespaces: ['a', 'b']});
	assert.deepEqual(parse([], {namespaces: ['a', 'b'], allNamespaces: true}).target, {type: 'all'});
	assert.deepEqual(parse([], {selector: 'app=x'}).target, {type: 'selector', namespaces: ['home'], selector: 'app=x'});
	assert.deepEqual(parse([], {selector: 'app=x', namespaces: ['a', 'b']}).target, {
		type: 'selector',
		namespaces: ['a', 'b'],
		selector: 'app=x',
	});
	assert.deepEqual(parse([], {selector: 'app=x', allNamespaces: true}).target, {
		type: 'selector',
		namespaces: undefined,
		selector: 'app=x',
	});
	assert.deepEqual(parse([], {nodes: ['a', 'b']}), {target: {type: 'all'}, nodes: ['a', 'b']});
});

test('what cannot be a target is refused in a sentence that helps', () => {
	assert.match(refused(['deployent/x']), /not a kind that has pods \| did you mean deployment\/x\?/);
	assert.match(refused(['xwing', 'tiefighter', 'more']), /more than one target/);
	assert.match(refused(['../../secrets']), /not a kind that has pods|not a name of/);
	assert.match(refused(['X_wing']), /not a name of a Kubernetes object/);
	assert.match(refused(['xwing'], {allNamespaces: true}), /unique within one namespace/);
	assert.match(
		refused(['xwing'], {namespaces: ['a', 'b']}),
		/xwing with -n a,b: a name is unique within one namespace/,
	);
	assert.match(refused(['deploy/x'], {namespaces: ['a', 'b']}), /unique within one namespace/);
	assert.match(refused([], {namespaces: ['a', 'B_']}), /not a name of a Kubernetes object/);
	assert.match(refused(['xwing'], {selector: 'a=b'}), /either a name or a selector/);
});

function names(...pods: readonly string[]) {
	const all = pods.map(text => {
		const [namespace = '', name = ''] = text.split('/');
		return {namespace, name};
	});
	return {all, live: all, selector: ''};
}

test('the filter for the agents is anchored and quoted, and has exactly the pods of the target', () => {
	assert.deepEqual(scopeOf(parse(['pod/x.wing']).target).filters, [{namespace: ['home'], pod_regex: ['^x\\.wing$']}]);
	const scope = scopeOf(parse(['deploy/d']).target, names('home/d-1.x', 'home/d-2'));
	assert.deepEqual(scope.filters, [{namespace: ['home'], pod_regex: ['^d-1\\.x$', '^d-2$']}]);
	assert.deepEqual(scope.pods, {label: 'deployment/d', asked: {pod_regex: ['^d-1\\.x$', '^d-2$']}});
	assert.equal(scope.query, 'ns=home pod=d-1.x|d-2');
	assert.equal(scopeOf(parse([]).target).filters, undefined);
	assert.equal(scopeOf(parse(['xwing']).target).query, 'ns=home pod=xwing');
	assert.equal(scopeOf(parse([], {selector: 'app=x,tier in (a,b),!old'}).target).query, 'ns=home l:app=x');
});

test('pods of several namespaces are kept apart: the agents get all names, and the pairs decide here', () => {
	const both = names('a/x', 'b/y');
	const scope = scopeOf(parse([], {selector: 'app=x', namespaces: ['a', 'b']}).target, both);
	assert.equal(scope.query, 'ns=a|b pod=a/x|b/y');
	assert.deepEqual(scope.filters, [
		{namespace: ['a'], pod_regex: ['^x$']},
		{namespace: ['b'], pod_regex: ['^y$']},
	]);
	assert.deepEqual(pushDown(chipsOf(scope)).request, {
		allow_list: [{namespace: ['a', 'b'], pod_regex: ['^x$', '^y$']}],
	});
	const everywhere = scopeOf(parse([], {selector: 'app=x', allNamespaces: true}).target, both);
	assert.deepEqual(pushDown(chipsOf(everywhere)).request, {allow_list: [{pod_regex: ['^x$', '^y$']}]});
	const spaces = scopeOf(parse([], {namespaces: ['a', 'b']}).target);
	assert.deepEqual(pushDown(chipsOf(spaces)).request, {allow_list: [{namespace: ['a', 'b']}]});
});

test('the filter of a workload stays one filter while its pods come and go', () => {
	const target = parse(['deploy/d']).target;
	const ids = [names('home/d-1'), names('home/d-1', 'home/d-2')].map(pods =>
		chipsOf(scopeOf(target, pods)).map(({id}) => id),
	);
	assert.deepEqual(ids[0], ids[1]);
});

test('pods name their owners, also through the ReplicaSet or Job between', () => {
	function owned(kind: string, name: string, hash?: string) {
		const labels = hash === undefined ? {} : {labels: {'pod-template-hash': hash}};
		return {metadata: {ownerReferences: [{kind, name}], ...labels}};
	}

	assert.ok(isOwnedByName(owned('ReplicaSet', 'web-7848d6c4d5'), 'deployment', 'web'));
	assert.ok(isOwnedByName(owned('ReplicaSet', 'web-blue', 'blue'), 'deployment', 'web'));
	assert.ok(!isOwnedByName(owned('ReplicaSet', 'web-blue'), 'deployment', 'web'), 'blue is no hash');
	assert.ok(!isOwnedByName(owned('ReplicaSet', 'web-api-7848d6c4d5', '7848d6c4d5'), 'deployment', 'web'));
	assert.ok(isOwnedByName(owned('Job', 'nightly-29000123'), 'cronjob', 'nightly'));
	assert.ok(!isOwnedByName(owned('Job', 'nightly-report'), 'cronjob', 'nightly'));
	assert.ok(isOwnedByName(owned('StatefulSet', 'db'), 'statefulset', 'db'));
	assert.ok(!isOwnedByName(owned('StatefulSet', 'db2'), 'statefulset', 'db'));
	assert.ok(!isOwnedByName({metadata: {name: 'db-0'}}, 'statefulset', 'db'), 'a name is no owner');
});

test('did-you-mean knows swaps, slips and the beginnings of generated names, and is silent about strangers', () => {
	assert.equal(didYouMean('xiwng', ['tiefighter', 'xwing']), 'xwing');
	assert.equal(didYouMean('deathstar', ['deathstar-7848d6c4d5-58jxw', 'xwing']), 'deathstar-7848d6c4d5-58jxw');
	assert.equal(didYouMean('apii', ['api', 'web']), 'api');
	assert.equal(didYouMean('zzz', ['xwing', 'api']), undefined);
	assert.deepEqual(nearest('api', ['api-2', 'apj', 'web', 'api'], 2), ['api', 'api-2']);
});

test('a workload selector is written as a query says it', () => {
	const matchExpressions = [
		{key: 'tier', operator: 'In', values: ['a', 'b']},
		{key: 'zone', operator: 'NotIn', values: ['z']},
		{key: 'old', operator: 'DoesNotExist'},
		{key: 'new', operator: 'Exists'},
	];
	assert.equal(
		selectorText({matchLabels: {app: 'x'}, matchExpressions}),
		'app=x,tier in (a,b),zone notin (z),!old,new',
	);
});
