import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {EventEmitter, once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import test, {type TestContext} from 'node:test';
import WebSocket from 'ws';
import type {Api} from '../../../source/kubernetes/api/api.js';
import {ApiRefusal} from '../../../source/kubernetes/api/refusal.js';
import {openExec} from '../../../source/kubernetes/tunnel/exec.js';
import {openPortForward} from '../../../source/kubernetes/tunnel/port-forward.js';
import type {Tunnel} from '../../../source/kubernetes/tunnel/tunnel.js';
import type {Refusal} from '../../../source/problem.js';
import type {TestApiServer} from '../cluster/api-server.js';
import {connectApi, startServer} from '../cluster/test-api.js';
import {agentPod} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

/** A pod whose port 54321 is a server of the test. */
async function withServer(
	t: TestContext,
	server: TestApiServer,
	onConnection: (socket: net.Socket) => void,
): Promise<void> {
	const sockets = new Set<net.Socket>();
	const upstream = net.createServer(socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		onConnection(socket);
	});
	await new Promise<void>(resolve => {
		upstream.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => {
		upstream.close();
		for (const socket of sockets) {
			socket.destroy();
		}
	});
	server.nodes.set('n', {name: 'n', port: (upstream.address() as AddressInfo).port, nc: true});
	server.store.put('pods', agentPod('n', 'p'));
}

const place = {namespace: 'kube-system', pod: 'p'};

function forward(api: Api, port = 54_321, pingMs?: number) {
	return openPortForward(api, {...place, port}, undefined, pingMs === undefined ? undefined : {pingMs});
}

function netcat(api: Api) {
	return openExec(api, {...place, container: 'tetragon', command: ['nc', '127.0.0.1', '54321'], stdin: true});
}

const ways: ReadonlyArray<readonly [string, (api: Api) => Promise<Tunnel>]> = [
	['port-forward', api => forward(api)],
	['exec', netcat],
];

for (const [name, open] of ways) {
	test(`${name} carries bytes unchanged in both directions`, async t => {
		const server = await startServer(t);
		await withServer(t, server, socket => socket.pipe(socket));
		const tunnel = await open(connectApi(t, server));
		t.after(() => tunnel.destroy());
		const sent = Buffer.from(Array.from({length: 300_000}, (_, index) => (index * 7 + (index >> 8)) & 0xff));
		tunnel.write(sent);
		const got: Buffer[] = [];
		let length = 0;
		tunnel.on('data', (chunk: Buffer) => {
			got.push(chunk);
			length += chunk.length;
		});
		await until('all is back', () => length >= sent.length);
		assert.ok(Buffer.concat(got).equals(sent));
	});

	test(`a reader of ${name} that stops costs less than 2 MB`, async t => {
		const server = await startServer(t);
		let sent = 0;
		await withServer(t, server, socket => {
			const chunk = Buffer.alloc(64 * 1024);

			function more() {
				while (!socket.destroyed && socket.write(chunk)) {
					sent += chunk.length;
				}

				socket.once('drain', more);
			}

			more();
		});
		const tunnel = await open(connectApi(t, server));
		t.after(() => tunnel.destroy());
		tunnel.once('readable', () => undefined);
		// The stream's buffer, and the WebSocket's. What the kernel and the test's server hold is not tetratop's.
		// A busy machine only makes this wait longer: the sender is stopped when it made no progress in 50 looks.
		let looks = 0;
		let before = 0;
		await until('the sender is stopped', () => {
			assert.ok(tunnel.readableLength < 2 * 1024 * 1024, `${tunnel.readableLength} bytes`);
			looks = sent === before && tunnel.readableLength > 0 ? looks + 1 : 0;
			before = sent;
			return looks >= 50;
		});
		const stopped = sent;
		tunnel.resume();
		await until('it flows again', () => sent > stopped);
	});

	test(`a writer to ${name} waits for a peer that does not read`, async t => {
		const server = await startServer(t);
		await withServer(t, server, socket => socket.pause());
		const tunnel = await open(connectApi(t, server));
		t.after(() => tunnel.destroy());
		const chunk = Buffer.alloc(64 * 1024);
		let written = 0;
		let full = false;
		while (!full) {
			full = await new Promise<boolean>(resolve => {
				const timer = setTimeout(resolve, 500, true);
				tunnel.write(chunk, () => {
					clearTimeout(timer);
					resolve(false);
				});
			});
			written += full ? 0 : chunk.length;
			assert.ok(written < 64 * 1024 * 1024, 'it never waits');
		}
	});
}

test('a refused port is told in the words of channel 1, and at once although the close comes late', async t => {
	const server = await startServer(t);
	server.streams.closeLateMs = 3_600_000;
	server.nodes.set('n', {name: 'n', nc: true});
	server.store.put('pods', agentPod('n', 'p'));
	const tunnel = await forward(connectApi(t, server));
	tunnel.write('a preface that nobody reads');
	await once(tunnel.resume(), 'close');
	assert.match(tunnel.reason ?? '', /dial tcp4 127\.0\.0\.1:54321: connect: connection refused/);
	assert.equal(tunnel.answered, false);
});

test('a missing program is told by the Status of channel 3', async t => {
	const server = await startServer(t);
	server.nodes.set('n', {name: 'n', nc: false});
	server.store.put('pods', agentPod('n', 'p'));
	const tunnel = await netcat(connectApi(t, server));
	await once(tunnel.resume(), 'close');
	assert.match(tunnel.reason ?? '', /exec: "nc": executable file not found in \$PATH/);
});

test('a tunnel that is cut without a word says so, and destroys itself without an error', async t => {
	const server = await startServer(t);
	await withServer(t, server, socket => socket.write('hello'));
	const tunnel = await forward(connectApi(t, server));
	await once(tunnel, 'data');
	server.cutTunnels();
	await once(tunnel, 'close');
	assert.match(tunnel.reason ?? '', /cut \(1006\)/);
});

test('a silent stream that the runtime cuts after its idle time ends, whatever the pings say', async t => {
	const server = await startServer(t);
	server.streams.idleMs = 200;
	await withServer(t, server, socket => socket.write('hello'));
	const tunnel = await forward(connectApi(t, server), 54_321, 50);
	tunnel.resume();
	await once(tunnel, 'close');
	assert.match(tunnel.reason ?? '', /1006/);
});

test('a peer that answers no pings is given up after two; one that does is kept', async t => {
	const server = await startServer(t);
	await withServer(t, server, socket => socket.write('hello'));
	const api = connectApi(t, server);
	let pongs = 0;
	t.mock.method(WebSocket.prototype, 'emit', function (this: WebSocket, name: string, ...rest: unknown[]) {
		pongs += name === 'pong' ? 1 : 0;
		return EventEmitter.prototype.emit.call(this, name, ...rest);
	});
	const alive = await forward(api, 54_321, 30);
	t.after(() => alive.destroy());
	alive.resume();
	await until('ten pings were answered', () => pongs >= 10);
	assert.equal(alive.destroyed, false);

	const silent = net.createServer(socket => {
		socket.on('error', () => undefined);
		t.after(() => socket.destroy());
		socket.once('data', data => {
			const [, key = ''] = /sec-websocket-key: (.*)\r/i.exec(data.toString()) ?? [];
			const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
			socket.write(
				`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
			);
		});
	});
	await new Promise<void>(resolve => {
		silent.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => silent.close());
	const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
	const tunnel = await forward(connectApi(t, server, {url}), 54_321, 40);
	await once(tunnel.resume(), 'close');
	assert.match(tunnel.reason ?? '', /no pong to 2 pings/);
});

async function refused(promise: Promise<unknown>): Promise<ApiRefusal> {
	const error = await promise.catch((error: unknown) => error);
	assert.ok(error instanceof ApiRefusal, String(error));
	return error;
}

test('a missing right is told in the words of the Status; an empty 403 is not taken for one', async t => {
	const server = await startServer(t);
	server.nodes.set('n', {name: 'n', nc: true});
	server.store.put('pods', agentPod('n', 'p'));
	server.denials = [{verb: 'create', subresource: 'portforward'}];
	const api = connectApi(t, server);
	const right = await refused(forward(api));
	assert.deepEqual([right.code, right.reason], [403, 'Forbidden']);
	assert.match(
		right.why,
		/User "alice" cannot create resource "pods\/portforward" in API group "" in the namespace "kube-system"/,
	);
	server.denials = [];
	server.refuseProtocols = true;
	const protocol = await refused(forward(api));
	assert.deepEqual([protocol.code, protocol.reason], [403, '']);
	assert.match(protocol.why, /does not support this WebSocket protocol/);
});

test('a node that does not answer is told by exec and by port-forward', async t => {
	const server = await startServer(t);
	server.nodes.set('n', {name: 'n', nc: true, down: true});
	server.store.put('pods', agentPod('n', 'p'));
	const api = connectApi(t, server);
	assert.match((await refused(forward(api))).why, /error dialing backend/);
	const tunnel = await netcat(api);
	await once(tunnel.resume(), 'close');
	assert.match(
		tunnel.reason ?? '',
		/error sending request: Post .*: dial tcp 10\.0\.0\.7:10250: connect: connection refused/,
	);
	const gone: Refusal = await refused(openPortForward(api, {...place, pod: 'other', port: 1}));
	assert.match(gone.why, /pods "other" not found/);
});
