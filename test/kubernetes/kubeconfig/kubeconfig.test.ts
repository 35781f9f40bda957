import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {resolveAccess} from '../../../source/kubernetes/kubeconfig/access.js';
import {parseKubeconfig} from '../../../source/kubernetes/kubeconfig/file.js';
import {kubectlArguments, parseTimeout} from '../../../source/kubernetes/kubeconfig/flags.js';
import {kubeconfigPaths, loadKubeconfig} from '../../../source/kubernetes/kubeconfig/load.js';
import {Refusal} from '../../../source/problem.js';

function files(t: TestContext, texts: Readonly<Record<string, string>>): string {
	const directory = mkdtempSync(path.join(tmpdir(), 'tt-config-'));
	t.after(() => rmSync(directory, {recursive: true}));
	for (const [name, text] of Object.entries(texts)) {
		mkdirSync(path.dirname(path.join(directory, name)), {recursive: true});
		writeFileSync(path.join(directory, name), text);
	}

	return directory;
}

function config(server: string, context = 'one', extra = '') {
	return `
current-context: ${context}
clusters: [{name: c, cluster: {server: "${server}"}}]
users: [{name: u, user: {token: "of ${server}"}}]
contexts:
- {name: ${context}, context: {cluster: c, user: u, namespace: of-${context}}}
${extra}`;
}

function refusal(call: () => unknown): Refusal {
	try {
		call();
	} catch (error) {
		assert.ok(error instanceof Refusal, String(error));
		return error;
	}

	throw new assert.AssertionError({message: 'it was not refused'});
}

test('of several kubeconfig files the first that names a thing wins it whole, and a missing file is passed over', t => {
	const directory = files(t, {a: config('https://a'), 'b/b': config('https://b', 'two')});
	const list = ['missing', 'a', 'b/b', 'a'].map(name => path.join(directory, name)).join(':');
	const loaded = loadKubeconfig(undefined, {KUBECONFIG: list});
	assert.equal(loaded.currentContext, 'one');
	assert.equal(loaded.clusters.get('c')?.server, 'https://a');
	assert.equal(loaded.users.get('u')?.token, 'of https://a');
	assert.deepEqual([...loaded.contexts.keys()], ['one', 'two']);
	assert.deepEqual(loaded.files, [path.join(directory, 'a'), path.join(directory, 'b/b')]);
});

test('--kubeconfig is the only file and must be there; without any, it is ~/.kube/config', () => {
	assert.match(
		refusal(() => loadKubeconfig('/nowhere/config', {KUBECONFIG: '/etc/passwd'})).message,
		/nowhere.*no such file/,
	);
	assert.deepEqual(kubeconfigPaths(undefined, {HOME: '/home/joe'}), ['/home/joe/.kube/config']);
	assert.deepEqual(kubeconfigPaths(undefined, {KUBECONFIG: ''}), [path.join(homedir(), '.kube/config')]);
});

test('an empty --kubeconfig is none, as in kubectl', () => {
	const loaded = loadKubeconfig('', {KUBECONFIG: '/nowhere/config'});
	assert.deepEqual([loaded.files, loaded.looked], [[], ['/nowhere/config']]);
});

test('a kubeconfig that is there and cannot be read is refused, also when it need not be there', t => {
	const directory = files(t, {});
	const unreadable = refusal(() => loadKubeconfig(undefined, {KUBECONFIG: directory}));
	assert.equal(unreadable.message, `kubeconfig ${directory}: it cannot be read (EISDIR)`);
	assert.equal(unreadable.retry, false);
});

test('a kubeconfig of blanks or comments alone is empty, and of several documents the first is read', () => {
	for (const text of ['', ' \n', '# nothing yet\n']) {
		assert.equal(parseKubeconfig(text, '/').currentContext, '', JSON.stringify(text));
	}

	assert.equal(parseKubeconfig('current-context: a\n---\ncurrent-context: b\n', '/').currentContext, 'a');
});

test('two entries of one name in a file are refused, without their text', () => {
	const text = 'users:\n- {name: u, user: {token: first}}\n- {name: u, user: {token: second}}\n';
	assert.throws(() => parseKubeconfig(text, '/'), /^Error: users\[1\] has a name that is there twice$/);
});

test('what an entry does not set is empty: no path, no token of null, no leave to skip the check of a certificate', () => {
	const text = `
clusters:
- {name: bare, cluster: {}}
- {name: yes-please, cluster: {insecure-skip-tls-verify: True}}
- {name: not-so, cluster: {insecure-skip-tls-verify: no}}
users:
- {name: u, user: {token: null, username: ~, as: joe}}`;
	const {clusters, users} = parseKubeconfig(text, '/home/joe');
	assert.deepEqual(clusters.get('bare'), {
		server: '',
		tlsServerName: '',
		insecureSkipTlsVerify: false,
		certificateAuthority: '',
		certificateAuthorityData: '',
		proxyUrl: '',
		execConfig: undefined,
	});
	assert.equal(clusters.get('yes-please')?.insecureSkipTlsVerify, true);
	assert.equal(clusters.get('not-so')?.insecureSkipTlsVerify, false);
	const user = users.get('u');
	assert.deepEqual([user?.token, user?.username, user?.tokenFile, user?.as], ['', '', '', 'joe']);
});

test('a plugin gets the config of the cluster’s extension of its name, with numbers as numbers', () => {
	const name = 'client.authentication.k8s.io/exec';
	const text = `
clusters:
-
- name: c
  cluster: {extensions: [{name: other, extension: {a: 1}}, {name: ${name}, extension: {port: 8443}}]}
- {name: d, cluster: {extensions: [{name: other, extension: {a: 1}}]}}`;
	const {clusters} = parseKubeconfig(text, '/');
	assert.deepEqual(clusters.get('c')?.execConfig, {port: 8443});
	assert.equal(clusters.get('d')?.execConfig, undefined);
});

test('relative paths start at the directory of their own file; a command without a slash is one of PATH', () => {
	const text = `
users:
- name: u
  user:
    tokenFile: t/token
    client-certificate: crt
    client-key: /abs/key
    exec: {apiVersion: v1, command: ../bin/login, args: [a, "1"], env: [{name: A, value: "007"}]}
- name: plain
  user: {exec: {command: aws}}
clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]`;
	const parsed = parseKubeconfig(text, '/home/joe/.kube');
	const user = parsed.users.get('u');
	assert.equal(user?.tokenFile, '/home/joe/.kube/t/token');
	assert.equal(user?.clientCertificate, '/home/joe/.kube/crt');
	assert.equal(user?.clientKey, '/abs/key');
	assert.equal(user?.exec?.command, '/home/joe/bin/login');
	assert.deepEqual(user?.exec?.env, {A: '007'});
	assert.equal(parsed.users.get('plain')?.exec?.command, 'aws');
	assert.equal(parsed.clusters.get('c')?.certificateAuthority, '/home/joe/.kube/ca.crt');
});

test('a token of digits in quotes, a null list and impersonation come as kubectl reads them', () => {
	const parsed = parseKubeconfig(
		`
clusters: null
users:
- name: u
  user: {token: "0123", as: joe, as-uid: "7", as-groups: [ops, dev], as-user-extra: {scopes: [a, b]}}`,
		'/',
	);
	const user = parsed.users.get('u');
	assert.equal(user?.token, '0123');
	assert.equal(parsed.clusters.size, 0);
	assert.deepEqual(
		[user?.as, user?.asUid, user?.asGroups, user?.asUserExtra],
		['joe', '7', ['ops', 'dev'], {scopes: ['a', 'b']}],
	);
});

test('a broken kubeconfig is refused with its line and without a word of its text', t => {
	const directory = files(t, {config: 'users:\n- name: u\n  user: {token: top-secret-token\n'});
	const {message, retry} = refusal(() => loadKubeconfig(path.join(directory, 'config'), {}));
	assert.match(message, /: not YAML: [\w ,]+ in line 4$/);
	assert.doesNotMatch(message, /top-secret/);
	assert.equal(retry, false);
});

test('flags win over the file, and another --server does not keep the TLS name of the old one', t => {
	const text = config('https://a').replace(
		'server: "https://a"',
		'server: "https://a", tls-server-name: old, certificate-authority-data: eA==',
	);
	const kubeconfig = path.join(files(t, {config: text}), 'config');
	const access = resolveAccess(
		{
			kubeconfig,
			server: 'https://b',
			token: 'mine',
			namespaces: ['ns'],
			as: 'joe',
			asGroup: ['g'],
			certificateAuthority: 'x.crt',
			requestTimeout: '2m',
		},
		{},
	);
	assert.equal(access.cluster.server, 'https://b');
	assert.equal(access.cluster.tlsServerName, '');
	assert.equal(access.cluster.certificateAuthorityData, '');
	assert.equal(access.cluster.certificateAuthority, path.resolve('x.crt'));
	assert.equal(access.user.token, 'mine');
	assert.deepEqual(
		[access.as, access.user.asGroups, access.namespace, access.requestTimeoutMs],
		['joe', ['g'], 'ns', 120_000],
	);
	assert.equal(resolveAccess({kubeconfig}, {}).namespace, 'of-one');
	assert.equal(resolveAccess({kubeconfig}, {}).cluster.tlsServerName, 'old');
});

test('an unknown context is one sentence with the names that are known', t => {
	const kubeconfig = path.join(files(t, {config: config('https://a', 'prod-eu')}), 'config');
	const {message, fix, retry} = refusal(() => resolveAccess({kubeconfig, context: 'prod-ue'}, {}));
	assert.match(message, /^context prod-ue: it is not in /);
	assert.equal(fix, 'did you mean prod-eu? known: prod-eu');
	assert.equal(retry, false);
});

test('in a pod without a kubeconfig the service account is used; elsewhere it is said where was looked', t => {
	const directory = files(t, {'sa/token': 'sa-token\n', 'sa/namespace': 'team\n', 'sa/ca.crt': 'pem'});
	const environment = {HOME: directory, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443'};
	const access = resolveAccess({}, environment, path.join(directory, 'sa'));
	assert.equal(access.cluster.server, 'https://[fd00::1]:443');
	assert.equal(access.user.tokenFile, path.join(directory, 'sa/token'));
	assert.equal(access.namespace, 'team');
	assert.equal(access.cluster.certificateAuthority, path.join(directory, 'sa/ca.crt'));
	for (const part of ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'] as const) {
		refusal(() => resolveAccess({}, {...environment, [part]: undefined}, path.join(directory, 'sa')));
	}

	const {message} = refusal(() => resolveAccess({}, {HOME: directory}, path.join(directory, 'sa')));
	assert.match(message, /no kubeconfig: nothing in .*\.kube\/config, and this is not a pod/);
});

test('a request timeout is read as kubectl reads it', () => {
	assert.deepEqual(['0', '5', '30s', '1m30s', '1.5h', '200ms', 'soon', '-1s'].map(parseTimeout), [
		0,
		5000,
		30_000,
		90_000,
		5_400_000,
		200,
		undefined,
		undefined,
	]);
	assert.deepEqual(['15', '1.25h', 'x5', '5sx', ''].map(parseTimeout), [
		15_000,
		4_500_000,
		undefined,
		undefined,
		undefined,
	]);
	assert.match(refusal(() => resolveAccess({requestTimeout: 'soon'}, {})).message, /this is not a duration/);
});

test('a kubectl of ours gets the same flags, but never a token: its arguments can be read by every user', () => {
	const args = kubectlArguments({
		context: 'c',
		token: 'secret',
		password: 'secret',
		asGroup: ['a', 'b'],
		namespaces: ['n'],
	});
	assert.deepEqual(args, ['--context=c', '--as-group=a', '--as-group=b']);
	assert.deepEqual(kubectlArguments({}), []);
	assert.deepEqual(kubectlArguments({insecureSkipTlsVerify: true}), ['--insecure-skip-tls-verify=true']);
	assert.deepEqual(kubectlArguments({insecureSkipTlsVerify: false}), []);
});
