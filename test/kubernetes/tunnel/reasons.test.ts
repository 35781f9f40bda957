/** Every reason that a server gives for the end of a stream reaches the person. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import test, {type TestContext} from 'node:test';
import {type WebSocket, WebSocketServer} from 'ws';
import {execOnce, openExec} from '../../../source/kubernetes/tunnel/exec.js';
import {isNotInstalled, verdictOf} from '../../../source/kubernetes/tunnel/exec-verdict.js';
import {openPortForward} from '../../../source/kubernetes/tunnel/port-forward.js';
import {connectApi} from '../cluster/test-api.js';

const place = {namespace: 'kube-system', pod: 'p'};
const echo = {...place, container: 'tetragon', command: ['echo', 'hello'], stdin: false};

/** A server that speaks one script to whoever connects, for ends that the test cluster does not have. */
async function connectScript(t: TestContext, protocol: string, script: (socket: WebSocket) => void) {
	const server = new WebSocketServer({port: 0, host: '127.0.0.1', handleProtocols: () => protocol});
	server.on('connection', socket => {
		socket.on('error', () => undefined);
		script(socket);
	});
	await once(server, 'listening');
	t.after(() => {
		for (const client of server.clients) {
			client.terminate();
		}

		server.close();
	});
	return connectApi(t, {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`});
}

function frame(channel: number, text: string | Buffer) {
	return Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
}

const failure = {status: 'Failure', message: 'container not found ("tetragon")', reason: 'InternalError', code: 500};
const ends: ReadonlyArray<readonly [string, (socket: WebSocket) => void, RegExp | undefined]> = [
	['success', socket => end(socket, '{"metadata":{},"status":"Success"}'), undefined],
	['a failure without kind', socket => end(socket, JSON.stringify(failure)), /^container not found \("tetragon"\)$/],
	[
		'a failure with kind',
		socket => end(socket, JSON.stringify({kind: 'Status', apiVersion: 'v1', ...failure})),
		/^container not found/,
	],
	[
		'a failure without a message',
		socket => end(socket, '{"status":"Failure","details":{"causes":[{"message":"the sandbox is gone"}]}}'),
		/^the sandbox is gone$/,
	],
	['a failure that says nothing', socket => end(socket, '{"status":"Failure"}'), /does not say why/],
	['plain text', socket => end(socket, 'cannot exec in a stopped container'), /^cannot exec in a stopped container$/],
	['another JSON value', socket => end(socket, '{"error":"odd"}'), /odd/],
	[
		'a Status in two frames',
		socket => {
			const text = JSON.stringify(failure);
			socket.send(frame(3, text.slice(0, 30)));
			socket.send(frame(3, text.slice(30)));
			socket.close(1000);
		},
		/^container not found/,
	],
	[
		'an exit code with stderr',
		socket => {
			socket.send(frame(2, 'cannot connect\n'));
			end(
				socket,
				'{"status":"Failure","reason":"NonZeroExitCode","message":"m","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}',
			);
		},
		/^cannot connect \(exit code 7\)$/,
	],
	['no Status at all', socket => socket.close(1000), /without its final Status/],
	['a close with words', socket => socket.close(1000, 'idle for too long'), /closed the tunnel: idle for too long/],
	['a close that goes away', socket => socket.close(1001, 'server shutdown'), /\(1001: server shutdown\)/],
	['an internal error', socket => socket.close(1011), /\(1011\)/],
	['a cut', socket => socket.terminate(), /cut \(1006\)/],
	['a frame that is too long', socket => socket.send(Buffer.alloc(17 * 1024 ** 2)), /payload size/i],
];

function end(socket: WebSocket, status: string) {
	socket.send(frame(3, status));
	socket.close(1000);
}

for (const protocol of ['v4.channel.k8s.io', 'v5.channel.k8s.io']) {
	for (const [name, script, reason] of ends) {
		test(`${protocol}: the reason of ${name}`, async t => {
			const api = await connectScript(t, protocol, script);
			const tunnel = await openExec(api, echo);
			await once(tunnel.resume(), 'close');
			if (reason === undefined) {
				assert.deepEqual([tunnel.reason, tunnel.hasFailed], [undefined, false]);
				return;
			}

			assert.match(tunnel.reason ?? '', reason);
			assert.equal(tunnel.hasFailed, true);
		});
	}
}

test('output of a command that failed afterwards is not taken for its answer', async t => {
	const api = await connectScript(t, 'v4.channel.k8s.io', socket => {
		socket.send(frame(1, 'half of the answ'));
		socket.send(frame(2, 'the agent does not answer'));
		end(socket, '{"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"1"}]}}');
	});
	await assert.rejects(execOnce(api, echo, AbortSignal.timeout(60_000)), /the agent does not answer/);
});

test('the text of channel 1 of a port-forward is its reason, also where no port number comes first', async t => {
	const api = await connectScript(t, 'v4.channel.k8s.io', socket => {
		socket.send(frame(1, 'error forwarding port: the pod is gone'));
		socket.close(1000);
	});
	const tunnel = await openPortForward(api, {...place, port: 54_321});
	await once(tunnel.resume(), 'close');
	assert.equal(tunnel.reason, 'error forwarding port: the pod is gone');
});

const folder = new URL('../../fixtures/kubernetes-api/', import.meta.url);

test('every recorded exec that failed has a reason, and one that succeeded has none', () => {
	for (const file of readdirSync(folder).filter(name => /^exec-v[45]/.test(name))) {
		const {frames} = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
			frames: ReadonlyArray<{channel: number; to?: string; text?: string}>;
		};
		const [stderr = '', status = ''] = [2, 3].map(wanted =>
			frames.map(({channel, text, to}) => (channel === wanted && to === undefined ? text : '')).join(''),
		);
		if (status === '') {
			continue;
		}

		const verdict = verdictOf(status, stderr);
		const hasFailed = /missing|refused|exit|down/.test(file);
		assert.equal(verdict?.hasFailed, hasFailed, file);
		assert.equal(verdict?.words !== '', hasFailed, file);
		assert.equal(isNotInstalled(verdict?.words ?? '', 'no-such-program'), file.endsWith('missing.json'), file);
		assert.equal(isNotInstalled(verdict?.words ?? '', 'nc'), false, file);
	}
});

const runtimes: ReadonlyArray<readonly [string, boolean]> = [
	[
		'OCI runtime exec failed: exec failed: unable to start container process: exec: "nc": executable file not found in $PATH: unknown',
		true,
	],
	['executing command in container: exec: executable file `nc` not found in $PATH: No such file or directory', true],
	['exec: "nc": stat nc: no such file or directory', true],
	['sh: nc: not found (exit code 127)', true],
	['sh: nc: Permission denied (exit code 126)', true],
	['command terminated with exit code 127', true],
	[
		"nc: can't connect to remote host (/var/run/tetragon/tetragon.sock): No such file or directory (exit code 1)",
		false,
	],
	["nc: can't connect to remote host (127.0.0.1): Connection refused (exit code 1)", false],
	['nc: bad port (exit code 1)', false],
	['pods "tetragon-nc" not found', false],
	['container not found ("nc")', false],
	['error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused', false],
];

test('a program is missing when the runtime or a shell says so, not when it misses a file itself', () => {
	for (const [reason, isMissing] of runtimes) {
		assert.equal(isNotInstalled(reason, 'nc'), isMissing, reason);
	}
});
