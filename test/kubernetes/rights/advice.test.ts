import assert from 'node:assert/strict';
import test from 'node:test';
import type {AgentPod} from '../../../source/kubernetes/agents/select.js';
import {defaultServerAddress, parseServerAddress} from '../../../source/kubernetes/agents/server-address.js';
import {refusalOfAnswer} from '../../../source/kubernetes/api/refusal.js';
import {adviceFor} from '../../../source/kubernetes/transport/advice.js';

function agent(imageVersion: string): AgentPod {
	return {
		node: 'n',
		namespace: 'kube-system',
		pod: 'tetragon-x',
		uid: '',
		container: 'tetragon',
		imageVersion,
		containers: [],
		configMaps: [],
	};
}

function forbidden(verb: string, subresource: string) {
	const message = `pods "x" is forbidden: User "alice" cannot ${verb} resource "pods/${subresource}" in API group "" in the namespace "kube-system"`;
	return refusalOfAnswer(403, JSON.stringify({kind: 'Status', message}), {what: 'connect', secrets: []});
}

const both = [forbidden('get', 'portforward'), forbidden('create', 'exec')];

test('for an agent on a unix socket port-forward is never the advice', () => {
	for (const [version, address] of [
		['v1.7.0', defaultServerAddress],
		['v1.3.0', parseServerAddress('unix:///var/run/tetragon/tetragon.sock')],
	] as const) {
		const advice = adviceFor(both, agent(version), address);
		assert.match(advice, /resources: \["pods\/exec"\]/);
		assert.doesNotMatch(advice, /portforward/, version);
	}
});

test('for an agent on TCP the weaker right is the advice', () => {
	for (const [version, address] of [
		['v1.6.1', defaultServerAddress],
		['v1.8.0', parseServerAddress('localhost:54321')],
	] as const) {
		assert.match(adviceFor(both, agent(version), address), /resources: \["pods\/portforward"\]/, version);
	}
});

test('--transport kubectl is named to who may create and not get, and to nobody else', () => {
	const address = defaultServerAddress;
	assert.match(adviceFor([forbidden('get', 'exec')], agent('v1.7.0'), address), /--transport kubectl works/);
	assert.doesNotMatch(adviceFor([forbidden('create', 'exec')], agent('v1.7.0'), address), /kubectl works/);
});

test('a server that writes YAML into its sentence gets none of it into the Role', () => {
	const message = 'User "alice" cannot get resource "pods/exec" in API group "" in the namespace "x\nkind: Evil"';
	const refusal = refusalOfAnswer(403, JSON.stringify({kind: 'Status', message}), {what: 'connect', secrets: []});
	assert.doesNotMatch(adviceFor([refusal], agent('v1.7.0'), defaultServerAddress), /Evil/);
});
