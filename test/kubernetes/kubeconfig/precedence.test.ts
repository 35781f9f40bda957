import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import {parseKubeconfig} from '../../../source/kubernetes/kubeconfig/file.js';
import type {AccessFlags} from '../../../source/kubernetes/kubeconfig/flags.js';
import {
	chooseAccess,
	type MergedKubeconfig,
	mergeKubeconfigs,
	type ServiceAccount,
} from '../../../source/kubernetes/kubeconfig/precedence.js';
import {Refusal} from '../../../source/problem.js';

const text = `
current-context: one
clusters:
- {name: c, cluster: {server: "https://c", tls-server-name: of-c, insecure-skip-tls-verify: true}}
- {name: d, cluster: {server: "https://d", certificate-authority-data: eA==}}
users:
- name: u
  user:
    token: of-u
    tokenFile: /of-u
    username: joe
    password: of-joe
    client-certificate-data: Y3J0
    client-key-data: a2V5
    as: root
    as-uid: "1"
    as-groups: [of-u]
- {name: v, user: {token: of-v}}
contexts:
- {name: one, context: {cluster: c, user: u, namespace: of-one}}
- {name: plain, context: {cluster: d, user: v}}
- {name: half, context: {cluster: gone, user: u}}`;

function merged(...texts: readonly string[]): MergedKubeconfig {
	const config = mergeKubeconfigs(texts.map(each => parseKubeconfig(each, '/')));
	return {...config, files: texts.map((_, index) => `/config-${index}`), looked: ['/looked']};
}

function chosen(flags: AccessFlags, config = merged(text), serviceAccount: () => ServiceAccount | undefined = noPod) {
	return chooseAccess(flags, config, serviceAccount);
}

function noPod(): undefined {
	return undefined;
}

function refusal(flags: AccessFlags, config?: MergedKubeconfig): Refusal {
	try {
		chosen(flags, config);
	} catch (error) {
		assert.ok(error instanceof Refusal, String(error));
		return error;
	}

	throw new assert.AssertionError({message: 'it was not refused'});
}

const bareUser = {
	clientCertificate: '',
	clientCertificateData: '',
	clientKey: '',
	clientKeyData: '',
	token: '',
	tokenFile: '',
	username: '',
	password: '',
	as: '',
	asUid: '',
	asGroups: [],
	asUserExtra: {},
	exec: undefined,
	authProvider: '',
};

const bareCluster = {
	server: '',
	tlsServerName: '',
	insecureSkipTlsVerify: false,
	certificateAuthority: '',
	certificateAuthorityData: '',
	proxyUrl: '',
	execConfig: undefined,
};

test('--server alone needs no kubeconfig and brings nothing but the server', () => {
	const flags = {server: 'https://s'};
	assert.deepEqual(chosen(flags, merged()), {
		context: '',
		userName: '',
		namespace: 'default',
		namespaceGiven: false,
		cluster: {...bareCluster, server: 'https://s'},
		user: bareUser,
		as: '',
		requestTimeoutMs: undefined,
		source: '--server',
		flags,
	});
});

test('a pod asks its service account only when neither flags nor kubeconfig choose a cluster', () => {
	const account: ServiceAccount = {
		cluster: {...bareCluster, server: 'https://pod'},
		user: {...bareUser, tokenFile: '/sa/token'},
		userName: 'service account',
		namespace: 'team',
	};

	function inPod(flags: AccessFlags, config = merged()) {
		return chosen(flags, config, () => account);
	}

	assert.deepEqual(inPod({as: 'joe'}), {
		context: '',
		userName: 'service account',
		namespace: 'team',
		namespaceGiven: false,
		cluster: account.cluster,
		user: {...account.user, as: 'joe'},
		as: 'joe',
		requestTimeoutMs: undefined,
		source: 'service account',
		flags: {as: 'joe'},
	});
	assert.equal(inPod({namespaces: ['mine']}).namespace, 'mine');
	assert.equal(inPod({server: 'https://s'}).source, '--server');
	assert.equal(inPod({server: 'https://s'}).cluster.server, 'https://s');
	assert.equal(inPod({}, merged(text)).source, '/config-0');
});

test('a flag wins over the entry of the kubeconfig, each for itself', () => {
	const {user, cluster} = chosen({});
	const cases: ReadonlyArray<readonly [AccessFlags, Partial<typeof user>]> = [
		[{}, {}],
		[{token: 'mine'}, {token: 'mine', tokenFile: ''}],
		[{username: 'ann'}, {username: 'ann'}],
		[{password: 'mine'}, {password: 'mine'}],
		[{clientCertificate: 'a.crt'}, {clientCertificate: path.resolve('a.crt'), clientCertificateData: ''}],
		[{clientKey: 'a.key'}, {clientKey: path.resolve('a.key'), clientKeyData: ''}],
		[{as: 'ann'}, {as: 'ann'}],
		[{asUid: '2'}, {asUid: '2'}],
		[{asGroup: ['a', 'b']}, {asGroups: ['a', 'b']}],
	];
	assert.equal(user.token, 'of-u');
	for (const [flags, changed] of cases) {
		const access = chosen(flags);
		assert.deepEqual(access.user, {...user, ...changed}, JSON.stringify(flags));
		assert.equal(access.as, access.user.as);
		assert.deepEqual(access.cluster, cluster);
	}

	assert.deepEqual(chosen({insecureSkipTlsVerify: false}).cluster, {...cluster, insecureSkipTlsVerify: false});
	assert.deepEqual(chosen({tlsServerName: 'mine'}).cluster, {...cluster, tlsServerName: 'mine'});
	assert.deepEqual(chosen({server: 'https://s', tlsServerName: 'mine'}).cluster.tlsServerName, 'mine');
});

test('--context, --cluster and --user choose other entries, and a context without a namespace means default', () => {
	function names(flags: AccessFlags) {
		const {context, userName, cluster, user, namespace, namespaceGiven} = chosen(flags);
		return [context, userName, cluster.server, user.token, namespace, namespaceGiven];
	}

	assert.deepEqual(names({}), ['one', 'u', 'https://c', 'of-u', 'of-one', false]);
	assert.deepEqual(names({context: 'plain'}), ['plain', 'v', 'https://d', 'of-v', 'default', false]);
	assert.deepEqual(names({cluster: 'd'}), ['one', 'u', 'https://d', 'of-u', 'of-one', false]);
	assert.deepEqual(names({user: 'v', namespaces: ['n']}), ['one', 'v', 'https://c', 'of-v', 'n', true]);
});

test('--server replaces the entry of the cluster, which need not exist; the user still must', () => {
	assert.equal(chosen({context: 'half', server: 'https://s'}).cluster.server, 'https://s');
	assert.equal(chosen({context: 'half', server: 'https://s'}).user.token, 'of-u');
	assert.match(refusal({context: 'half'}).message, /^cluster gone: it is not in \/config-0$/);
	assert.match(refusal({user: 'nobody', server: 'https://s'}).message, /^user nobody: /);
});

test('the first current-context that is set counts', () => {
	const other = 'current-context: plain';
	assert.equal(chosen({}, merged('clusters: []', other, text)).context, 'plain');
	assert.equal(chosen({}, merged('clusters: []', other, text)).source, '/config-0:/config-1:/config-2');
});

test('an unknown name is refused with what is known, and with a near one only where there is one', () => {
	assert.deepEqual(refusal({context: 'x'}, merged()).message, 'context x: no kubeconfig was found');
	assert.equal(refusal({context: 'x'}, merged()).fix, 'the kubeconfig has no context');
	assert.equal(refusal({context: 'plian'}).fix, 'did you mean plain? known: one, plain, half');
	assert.equal(refusal({context: 'zzzzzzzz'}).fix, 'known: one, plain, half');
	assert.equal(refusal({user: 'zzzzzzzz'}).fix, 'known: u, v');
});

test('without a cluster the refusal names the contexts, or where a kubeconfig was looked for', () => {
	const unset = refusal({}, merged(text.replace('current-context: one', '')));
	assert.equal(unset.message, 'no cluster chosen: the kubeconfig sets no current-context');
	assert.equal(unset.fix, 'set --context to one of: one, plain, half');
	assert.equal(
		refusal({}, merged()).message,
		'no kubeconfig: nothing in /looked, and this is not a pod with a service account',
	);
});

test('trying again does not help before a flag or a file changes', () => {
	for (const refused of [
		refusal({}, merged()),
		refusal({}, merged('contexts: [{name: a, context: {}}]')),
		refusal({context: 'x'}),
		refusal({requestTimeout: 'soon'}),
	]) {
		assert.equal(refused.retry, false, refused.message);
	}
});
