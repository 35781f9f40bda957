import assert from 'node:assert/strict';
import test from 'node:test';
import {didYouMean, nearest} from '../../../source/kubernetes/did-you-mean.js';
import {parseTarget, type TargetWords} from '../../../source/kubernetes/target/parse.js';
import {selectorText} from '../../../source/kubernetes/target/selector.js';
import {ownedBy} from '../../../source/kubernetes/target/source.js';
import {scopeOf} from '../../../source/kubernetes/target/target-scope.js';
import {Refusal} from '../../../source/problem.js';

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
	assert.deepEqual(parse(['pod/xwing'], {namespace: 'a'}).target, {
		type: 'pod',
		namespace: 'a',
		name: 'xwing',
		certain: true,
	});
	for (const words of [['deploy/d'], ['deployments', 'd'], ['Deployment/d'], ['deployment.apps/d']]) {
		assert.deepEqual(parse(words).target, {type: 'workload', namespace: 'home', kind: 'deployment', name: 'd'});
	}

	const kinds = ['sts/x', 'ds/x', 'rs/x', 'job/x', 'cj/x'].map(word => (parse([word]).target as {kind?: string}).kind);
	assert.deepEqual(kinds, ['statefulset', 'daemonset', 'replicaset', 'job', 'cronjob']);
	assert.deepEqual(parse(['node/worker-1']), {target: {type: 'all'}, nodes: ['worker-1']});
});

test('without a name: all nodes, a namespace that -n gave, or a selector', () => {
	assert.deepEqual(parse([]).target, {type: 'all'});
	assert.deepEqual(parse([], {namespace: 'a'}).target, {type: 'namespace', namespace: 'a'});
	assert.deepEqual(parse([], {namespace: 'a', allNamespaces: true}).target, {type: 'all'});
	assert.deepEqual(parse([], {selector: 'app=x'}).target, {type: 'selector', namespace: 'home', selector: 'app=x'});
	assert.deepEqual(parse([], {selector: 'app=x', allNamespaces: true}).target, {
		type: 'selector',
		namespace: undefined,
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
	assert.match(refused(['xwing'], {selector: 'a=b'}), /either a name or a selector/);
});

test('the filter for the agents is anchored and quoted, and never narrower than the target', () => {
	function filter(words: readonly string[]) {
		return scopeOf(parse(words).target).filter;
	}

	assert.deepEqual(filter(['pod/x.wing']), {namespace: ['home'], pod_regex: ['^x\\.wing$']});
	assert.deepEqual(filter(['deploy/d']), {namespace: ['home'], pod_regex: ['^d-']});
	assert.deepEqual(filter(['sts/db']), {namespace: ['home'], pod_regex: ['^db-[0-9]+$']});
	const long = 'a'.repeat(60);
	const [pattern = ''] = filter([`deploy/${long}`])?.pod_regex ?? [];
	// The name that the ReplicaSet's controller makes of a long name is cut at 58 characters.
	assert.match(`${long.slice(0, 58)}x7k2p`, new RegExp(pattern));
	assert.equal(filter([]), undefined);
	assert.equal(scopeOf(parse(['xwing']).target).query, 'ns=home pod=xwing');
	assert.equal(scopeOf(parse([], {selector: 'app=x,tier in (a,b),!old'}).target).query, 'ns=home l:app=x');
});

test('pods name their owners, also through the ReplicaSet or Job between', () => {
	function owned(kind: string, name: string) {
		return {metadata: {ownerReferences: [{kind, name}]}};
	}

	assert.ok(ownedBy(owned('ReplicaSet', 'web-7848d6c4d5'), 'deployment', 'web'));
	assert.ok(!ownedBy(owned('ReplicaSet', 'web-api-7848d6c4d5'), 'deployment', 'web'));
	assert.ok(ownedBy(owned('Job', 'nightly-29000123'), 'cronjob', 'nightly'));
	assert.ok(!ownedBy(owned('Job', 'nightly-report'), 'cronjob', 'nightly'));
	assert.ok(ownedBy(owned('StatefulSet', 'db'), 'statefulset', 'db'));
	assert.ok(!ownedBy(owned('StatefulSet', 'db2'), 'statefulset', 'db'));
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
