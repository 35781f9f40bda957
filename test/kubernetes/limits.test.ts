/** The limits of connections, requests and texts of a cluster, with a fake clock: each at its last millisecond and one before. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {chmodSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {syncBuiltinESMExports} from 'node:module';
import net, {type AddressInfo} from 'node:net';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import v8 from 'node:v8';
import WebSocket, {WebSocketServer} from 'ws';
import type {Api} from '../../source/kubernetes/api/api.js';
import {HttpApi} from '../../source/kubernetes/api/http-api.js';
import {asListOf, asObject} from '../../source/kubernetes/api/objects.js';
import {runExecPlugin} from '../../source/kubernetes/auth/exec-plugin.js';
import {listNames} from '../../source/kubernetes/completion-names.js';
import {resolveAccess} from '../../source/kubernetes/kubeconfig/access.js';
import {noCluster} from '../../source/kubernetes/kubeconfig/precedence.js';
import {dial} from '../../source/kubernetes/net/connect.js';
import {openExec} from '../../source/kubernetes/tunnel/exec.js';
import {openPortForward} from '../../source/kubernetes/tunnel/port-forward.js';
import {holdYoungGeneration} from '../../source/runtime/heap.js';
import {testDirectory} from './cluster/test-api.js';
import {kubeconfigText} from './cluster/test-cluster.js';
import {fakeClock, turn} from './fake-clock.js';

/** Accepts connections and never says a word. */
async function silentServer(t: TestContext): Promise<{readonly port: number; readonly server: net.Server}> {
	const sockets = new Set<net.Socket>();
	const server = net.createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => {
		server.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	return {port: (server.address() as AddressInfo).port, server};
}

/** What became of a promise until now. */
function watched(promise: Promise<unknown>): {ended: string} {
	const seen = {ended: ''};
	promise.then(
		() => {
			seen.ended = 'resolved';
		},
		(error: Error) => {
			seen.ended = error.message;
		},
	);
	return seen;
}

async function untilEnded(seen: {ended: string}): Promise<void> {
	while (seen.ended === '') {
		await turn();
	}
}

test('a TLS handshake that is not answered ends after 10 s', async t => {
	const {port, server} = await silentServer(t);
	const pass = fakeClock(t);
	const connected = once(server, 'connection');
	const seen = watched(
		dial({
			server: new URL(`https://127.0.0.1:${port}`),
			proxy: undefined,
			tlsServerName: '',
			insecureSkipTlsVerify: true,
			secureContext: undefined,
		}),
	);
	const [socket] = (await connected) as [net.Socket];
	// The ClientHello: the handshake and its clock have begun.
	await once(socket, 'data');
	await pass(9999);
	assert.equal(seen.ended, '');
	await pass(1);
	await untilEnded(seen);
	assert.match(seen.ended, /does not answer/);
});

/** An API over plain HTTP at this port. */
function apiAt(t: TestContext, port: number): HttpApi {
	const kubeconfig = path.join(testDirectory(t), 'config');
	writeFileSync(kubeconfig, kubeconfigText(`http://127.0.0.1:${port}`, 'token: good-token'));
	const api = new HttpApi(resolveAccess({kubeconfig}, {}), {
		environment: {},
		interactive: () => false,
		say: () => undefined,
	});
	t.after(() => api.close());
	return api;
}

test('a request without --request-timeout ends after 60 s', async t => {
	const {port, server} = await silentServer(t);
	const api = apiAt(t, port);
	const pass = fakeClock(t);
	const connected = once(server, 'connection');
	const seen = watched(api.get('/api/v1/nodes', asListOf(asObject)));
	await connected;
	await pass(59_999);
	assert.equal(seen.ended, '');
	await pass(1);
	await untilEnded(seen);
	assert.notEqual(seen.ended, 'resolved');
});

test('an upgrade to WebSocket that is not answered ends after 15 s', async t => {
	const {port} = await silentServer(t);
	const api = apiAt(t, port);
	const asked: number[] = [];
	const {setTimeout: real} = net.Socket.prototype;
	// The clock of sockets goes a hundred times as fast.
	t.mock.method(net.Socket.prototype, 'setTimeout', function (this: net.Socket, ms: number, done?: () => void) {
		asked.push(ms);
		return real.call(this, ms / 100, done);
	});
	await assert.rejects(
		api.upgrade('/api/v1/namespaces/n/pods/p/exec', {}, ['v5.channel.k8s.io']),
		/timed out|no answer/,
	);
	assert.ok(asked.includes(15_000), `asked for ${asked}`);
});

/** An API whose tunnels lead to a server that sends these frames and closes. */
async function tunnelTo(t: TestContext, frames: ReadonlyArray<readonly [channel: number, text: string]>): Promise<Api> {
	const server = new WebSocketServer({port: 0, host: '127.0.0.1', handleProtocols: ([first]) => first ?? false});
	await once(server, 'listening');
	server.on('connection', socket => {
		for (const [channel, text] of frames) {
			socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
		}
		socket.close(1000);
	});
	t.after(() => server.close());
	return {
		async upgrade(_path: string, _query: unknown, protocols: readonly string[]) {
			const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, [...protocols]);
			socket.once('open', () => socket.pause());
			await once(socket, 'open');
			return socket;
		},
	} as unknown as Api;
}

const place = {namespace: 'kube-system', pod: 'p'};

test('of the stderr of a command the last 4 000 characters are kept', async t => {
	const failed = JSON.stringify({kind: 'Status', status: 'Failure', message: 'failed'});
	const api = await tunnelTo(t, [
		[2, `first${'a'.repeat(2000)}`],
		[2, `${'b'.repeat(3000)}last`],
		[3, failed],
	]);
	const tunnel = await openExec(api, {...place, container: 'tetragon', command: ['x'], stdin: false});
	await once(tunnel.resume(), 'close');
	assert.equal(tunnel.reason, `failed: ${'a'.repeat(4000 - 3004)}${'b'.repeat(3000)}last`);
});

test('of the error of a port-forward the first 2 000 characters are kept', async t => {
	const api = await tunnelTo(t, [
		[0, '\u0001\u0002'],
		[1, '\u0001\u0002'],
		[1, `first${'a'.repeat(3000)}`],
	]);
	const tunnel = await openPortForward(api, {...place, port: 1});
	await once(tunnel.resume(), 'close');
	assert.equal(tunnel.reason, `first${'a'.repeat(1995)}`);
});

test('a login plugin that does not end is ended after 5 minutes', async t => {
	const directory = testDirectory(t);
	const command = path.join(directory, 'program');
	writeFileSync(command, '#!/bin/sh\nexec sleep 3600\n');
	chmodSync(command, 0o755);
	const pass = fakeClock(t);
	const seen = watched(
		runExecPlugin(
			{
				apiVersion: 'client.authentication.k8s.io/v1',
				command,
				args: [],
				env: {},
				installHint: '',
				provideClusterInfo: false,
				interactiveMode: 'Never',
			},
			{cluster: noCluster, environment: {PATH: '/usr/bin:/bin'}, interactive: () => false, say: () => undefined},
		),
	);
	await pass(299_999);
	assert.equal(seen.ended, '');
	await pass(1);
	await untilEnded(seen);
	assert.match(seen.ended, /it was ended by SIGTERM/);
});

test('a shell completion asks for 1 000 names and gives up after 3 s', async t => {
	const urls: string[] = [];
	const server = http.createServer(request => urls.push(request.url ?? ''));
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	const kubeconfig = path.join(testDirectory(t), 'config');
	const {port} = server.address() as AddressInfo;
	writeFileSync(kubeconfig, kubeconfigText(`http://127.0.0.1:${port}`, 'token: good-token'));
	const pass = fakeClock(t);
	const asked = once(server, 'request');
	const seen = watched(listNames('namespace', {access: {kubeconfig}, words: [], environment: {}}));
	await asked;
	assert.match(urls[0] ?? '', /[?&]limit=1000\b/);
	await pass(2999);
	assert.equal(seen.ended, '');
	await pass(1);
	await untilEnded(seen);
	assert.equal(seen.ended, 'resolved', 'without names');
});

test('a young generation that was held grows again after a minute', async t => {
	const flags: string[] = [];
	t.mock.method(v8, 'setFlagsFromString', (flag: string) => void flags.push(flag));
	syncBuiltinESMExports();
	t.after(() => {
		t.mock.restoreAll();
		syncBuiltinESMExports();
	});
	const pass = fakeClock(t);
	holdYoungGeneration();
	assert.deepEqual(flags, ['--semi-space-growth-factor=1']);
	await pass(59_999);
	assert.equal(flags.length, 1);
	await pass(1);
	assert.deepEqual(flags, ['--semi-space-growth-factor=1', '--semi-space-growth-factor=2']);
});
