import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {type Api, paths} from '../../../source/kubernetes/api/api.js';
import {anyObject} from '../../../source/kubernetes/api/shape.js';
import type {AccessFlags} from '../../../source/kubernetes/kubeconfig/flags.js';
import {proxyFor} from '../../../source/kubernetes/net/proxy.js';
import {openPortForward} from '../../../source/kubernetes/tunnel/port-forward.js';
import {Refusal} from '../../../source/problem.js';
import {certificate, type TestApiServer} from '../cluster/api-server.js';
import {startConnectProxy, startSocksProxy, type TestProxy} from '../cluster/proxies.js';
import {startAgent} from '../cluster/test-agent.js';
import {connectApi, startServer} from '../cluster/test-api.js';
import {agentPod} from '../cluster/test-cluster.js';

const ca = `certificate-authority: ${certificate('ca.crt')}`;

function list(api: Api) {
	return api.get(paths.pods('kube-system'), anyObject);
}

async function withAgent(t: TestContext, server: TestApiServer): Promise<void> {
	const agent = await startAgent({node: 'n', tcp: true});
	t.after(() => agent.close());
	server.nodes.set('n', {name: 'n', port: agent.port, nc: true});
	server.store.put('pods', agentPod('n', 'tetragon-n'));
}

/** List, watch and a tunnel: all of it must go the same way. */
async function tryAll(t: TestContext, api: Api): Promise<void> {
	await list(api);
	const watch = await api.stream(paths.pods('kube-system'), {query: {watch: 'true', resourceVersion: '0'}});
	t.after(() => watch.destroy());
	await new Promise(resolve => {
		watch.once('data', resolve);
	});
	const tunnel = await openPortForward(api, {namespace: 'kube-system', pod: 'tetragon-n', port: 54_321});
	t.after(() => tunnel.destroy());
	await new Promise(resolve => {
		tunnel.once('data', resolve);
	});
	assert.equal(tunnel.answered, true);
}

for (const [name, start] of [
	['HTTP CONNECT', startConnectProxy],
	['SOCKS5', startSocksProxy],
] as ReadonlyArray<readonly [string, () => Promise<TestProxy>]>) {
	test(`list, watch and tunnels go through the kubeconfig's ${name} proxy`, async t => {
		const server = await startServer(t);
		await withAgent(t, server);
		const proxy = await start();
		t.after(() => proxy.close());
		const url = `https://api.test:${server.port}`;
		await tryAll(t, connectApi(t, server, {url, cluster: `${ca}\nproxy-url: ${proxy.url}`}));
		assert.ok(proxy.connected.length >= 2);
		assert.deepEqual([...new Set(proxy.connected)], [`api.test:${server.port}`]);
	});
}

test('HTTPS_PROXY is used, with its login, and a proxy that refuses is named without it', async t => {
	const server = await startServer(t);
	const [proxy, strict] = [await startConnectProxy(), await startConnectProxy({status: 407})];
	t.after(() => {
		proxy.close();
		strict.close();
	});
	const url = `https://api.test:${server.port}`;

	function through(proxyUrl: string) {
		return connectApi(t, server, {
			url,
			environment: {HTTPS_PROXY: proxyUrl.replace('//', '//proxy-user-7h3q:proxy%20password-9x2k@')},
		});
	}

	await list(through(proxy.url));
	assert.deepEqual(proxy.logins, [`Basic ${Buffer.from('proxy-user-7h3q:proxy password-9x2k').toString('base64')}`]);
	const refusal = await list(through(strict.url)).catch((error: unknown) => error);
	assert.ok(refusal instanceof Refusal);
	assert.match(refusal.message, /^proxy 127\.0\.0\.1:\d+: it answers 407/);
	const login = Buffer.from('proxy-user-7h3q:proxy password-9x2k').toString('base64');
	for (const secret of ['7h3q', '9x2k', login]) {
		assert.ok(!`${refusal.message} ${refusal.fix} ${refusal.stack}`.includes(secret), secret);
	}
});

test('a SOCKS5 proxy with a password gets it', async t => {
	const server = await startServer(t);
	const proxy = await startSocksProxy({password: 'pw'});
	t.after(() => proxy.close());
	const url = `https://api.test:${server.port}`;
	await list(connectApi(t, server, {url, cluster: `${ca}\nproxy-url: ${proxy.url.replace('//', '//joe:pw@')}`}));
	assert.deepEqual(proxy.logins, ['joe:pw']);
});

test('NO_PROXY excepts as in Go: names and all below, addresses, networks, ports, and loopback always', () => {
	function through(url: string, without: string) {
		return proxyFor(new URL(url), '', {HTTPS_PROXY: 'proxy.test:3128', NO_PROXY: without})?.host;
	}

	assert.equal(through('https://api.corp.test:6443', 'example.com'), 'proxy.test:3128');
	for (const without of ['*', 'corp.test', '.corp.test', '*.corp.test', 'api.corp.test:6443', 'a, CORP.test']) {
		assert.equal(through('https://api.corp.test:6443', without), undefined, without);
	}

	assert.equal(through('https://api.corp.test:6443', 'api.corp.test:443'), 'proxy.test:3128');
	assert.equal(through('https://corp.test', '.corp.test'), 'proxy.test:3128');
	assert.equal(through('https://10.1.2.3', '10.0.0.0/8'), undefined);
	assert.equal(through('https://11.1.2.3', '10.0.0.0/8'), 'proxy.test:3128');
	assert.equal(through('https://[fd00::1]', 'fd00::/8'), undefined);
	assert.equal(through('https://127.0.0.1:6443', ''), undefined);
	assert.equal(through('https://localhost:6443', ''), undefined);
	// The kubeconfig's own proxy-url is for this cluster, whatever the environment says.
	assert.equal(proxyFor(new URL('https://127.0.0.1'), 'socks5://p:1', {NO_PROXY: '*'})?.host, 'p:1');
	assert.throws(() => proxyFor(new URL('https://a'), 'ftp://p', {}), /ftp proxies are not supported/);
});

test('a certificate for another name is refused with the names it has, and taken with --tls-server-name', async t => {
	const server = await startServer(t, {certificate: 'elsewhere'});
	const refusal = (await list(connectApi(t, server)).catch((error: unknown) => error)) as Refusal;
	assert.match(refusal.why, /its certificate is for DNS:elsewhere\.test/);
	assert.match(refusal.fix, /--tls-server-name/);
	await list(connectApi(t, server, {cluster: `${ca}\ntls-server-name: elsewhere.test`}));
	await list(connectApi(t, server, {flags: {tlsServerName: 'elsewhere.test'}}));
	await list(connectApi(t, server, {cluster: 'insecure-skip-tls-verify: true'}));
});

test('an unknown authority, a refused connection and a silent server are each said in words', async t => {
	const server = await startServer(t);

	async function why(api: Api) {
		return ((await list(api).catch((error: unknown) => error)) as Refusal).message;
	}

	assert.match(
		await why(connectApi(t, server, {cluster: 'tls-server-name: localhost'})),
		/signed by an unknown authority/,
	);
	assert.match(
		await why(connectApi(t, server, {url: 'https://127.0.0.1:1'})),
		/API server https:\/\/127\.0\.0\.1:1: connection refused/,
	);
});

test('a server that is no URL, and a cluster without one, are refused in words', async t => {
	const server = await startServer(t);
	assert.throws(() => connectApi(t, server, {url: 'https://:x'}), /server https:\/\/:x: this is not a URL/);
	assert.throws(() => connectApi(t, server, {url: '""'}), /the cluster of the kubeconfig: it has no server/);
});

test('an http:// server is asked without TLS and without anything secret: no token, no password, no plugin', async t => {
	const server = await startServer(t, {secure: false});
	const plugin = 'exec: {apiVersion: client.authentication.k8s.io/v1, command: /nowhere, interactiveMode: Never}';
	for (const user of ['token: good-token', 'username: joe\npassword: secret', plugin]) {
		// The server knows nobody then; kubectl proxy, for which this is made, adds the login itself.
		await assert.rejects(list(connectApi(t, server, {user})), /User "system:anonymous" cannot list/);
		assert.equal(server.seen.at(-1)?.headers.authorization, undefined, user);
	}
});

test('a request waits for as long as --request-timeout says: a limit of its own where none is said, and none at 0', async t => {
	const server = await startServer(t);
	server.answerAfterMs = 400;
	const limits = {said: {requestTimeout: '100ms'}, standard: {}, none: {requestTimeout: '0'}};

	function api(flags: AccessFlags) {
		return connectApi(t, server, {flags, defaultTimeoutMs: 100});
	}

	await assert.rejects(list(api(limits.said)), /does not answer/);
	await assert.rejects(list(api(limits.standard)), /does not answer/);
	await list(api(limits.none));
	const gone = AbortSignal.timeout(100);
	await assert.rejects(
		api(limits.none).get(paths.pods('kube-system'), anyObject, {signal: gone}),
		'the caller may still end it',
	);
});
