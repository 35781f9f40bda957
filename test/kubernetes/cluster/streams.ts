/**
The kubelet's side of port-forward (v4.channel.k8s.io) and exec (v4, v5): frames with a channel number, error text on
channel 1, a Status on channel 3, close code 1000 for all of it.
*/
import {type ChildProcess, spawn} from 'node:child_process';
import type {Duplex} from 'node:stream';
import type {WebSocket} from 'ws';
import {statusOf} from './authorization.js';
import {agentPort, agentSocket, connectTcp, connectUnix, type TestNode} from './test-node.js';

export type StreamFaults = {
	/** Cut (1006) after this long without payload, whatever pings say: the CRI's idle timeout. */
	idleMs?: number | undefined;
	/** containerd waits a second for the other direction before it closes. */
	closeLateMs: number;
	/** Frames per stream are stopped: the path is a black hole from now on. */
	blackHole?: boolean;
};

/** A command that runs in a pod, for tests that ask what was left behind. */
export type RunningCommand = {
	readonly node: string;
	readonly pod: string;
	readonly command: readonly string[];
	child: ChildProcess | undefined;
	stdinEnded: boolean;
	exited: boolean;
};

function frame(channel: number, payload: Buffer | string) {
	return Buffer.concat([Buffer.from([channel]), Buffer.from(payload)]);
}

export function servePortForward(
	socket: WebSocket,
	node: TestNode,
	port: number,
	pod: string,
	faults: StreamFaults,
): void {
	// The first frame of each channel is the port, little-endian.
	const portBytes = Buffer.alloc(2);
	portBytes.writeUInt16LE(port);
	socket.send(frame(0, portBytes));
	socket.send(frame(1, portBytes));
	const upstream = port === agentPort ? connectTcp(node) : undefined;
	if (upstream === undefined) {
		const text = `error forwarding port ${port} to pod ${pod}, uid : failed to connect to localhost:${port} inside namespace: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
		socket.send(frame(1, text));
		setTimeout(() => socket.close(1000), faults.closeLateMs).unref();
		return;
	}

	join(socket, upstream, 0, 0, faults, () => {
		setTimeout(() => socket.close(1000), faults.closeLateMs).unref();
	});
}

export type ExecRequest = {
	readonly node: TestNode;
	readonly pod: string;
	readonly command: readonly string[];
	readonly stdin: boolean;
	readonly version: 4 | 5;
};

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one command from its start to its end
export function serveExec(socket: WebSocket, request: ExecRequest, faults: StreamFaults): RunningCommand {
	const {node, command, pod} = request;
	const running: RunningCommand = {
		node: node.name,
		pod,
		command,
		child: undefined,
		stdinEnded: !request.stdin,
		exited: false,
	};

	function finish(status: object) {
		running.exited = true;
		socket.send(frame(3, JSON.stringify(status)));
		setTimeout(() => socket.close(1000), 5);
	}

	function fail(message: string, stderr = '', code?: number) {
		if (stderr !== '') {
			socket.send(frame(2, stderr));
		}

		const causes = code === undefined ? {} : {details: {causes: [{reason: 'ExitCode', message: String(code)}]}};
		finish({...statusOf(500, code === undefined ? 'InternalError' : 'NonZeroExitCode', message), ...causes});
	}

	const [program = '', ...args] = command;
	const missing = `error executing command in container: failed to exec in container: OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`;
	if (program === 'nc') {
		if (!node.nc) {
			fail(missing);
			return running;
		}

		const unix = args[0]?.startsWith('local:') === true;
		const upstream = unix ? (args[0] === `local:${agentSocket}` ? connectUnix(node) : undefined) : connectTcp(node);
		if (upstream === undefined) {
			fail('command terminated with non-zero exit code: exit status 1', `nc: ${args[0]}: Connection refused\n`, 1);
			return running;
		}

		join(socket, upstream, 1, 0, faults, () => finish({kind: 'Status', status: 'Success'}));
		// nc ends by itself at the end of its stdin.
		socket.once('close', () => {
			running.stdinEnded = true;
			running.exited = true;
		});
		return running;
	}

	if (node.bin === undefined && program !== 'sh') {
		fail(missing);
		return running;
	}

	const child = spawn(program, args, {
		env: {PATH: `${node.bin ?? ''}:/usr/bin:/bin`},
		stdio: [request.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
	});
	running.child = child;
	child.on('error', () => fail(missing));
	child.stdin?.on('error', () => undefined);
	child.stdout?.on('data', (chunk: Buffer) => {
		// A client that is gone is nobody's concern here: the process lives on until its pipe is full.
		if (socket.readyState === socket.OPEN) {
			socket.send(frame(1, chunk));
		}
	});
	child.stderr?.on('data', (chunk: Buffer) => {
		if (socket.readyState === socket.OPEN) {
			socket.send(frame(2, chunk));
		}
	});
	child.on('close', code => {
		running.exited = true;
		if (socket.readyState !== socket.OPEN) {
			return;
		}

		if (code === 0) {
			finish({kind: 'Status', status: 'Success'});
		} else {
			fail(`command terminated with non-zero exit code: exit status ${code}`, '', code ?? 137);
		}
	});
	socket.on('message', (data: Buffer) => {
		if (data[0] === 0) {
			child.stdin?.write(data.subarray(1));
		} else if (data[0] === 255 && request.version === 5) {
			child.stdin?.end();
		}
	});
	// The process is not ended: only its stdin is.
	socket.once('close', () => {
		running.stdinEnded = true;
		child.stdin?.end();
	});
	return running;
}

function join(
	socket: WebSocket,
	upstream: Duplex,
	toClient: number,
	fromClient: number,
	faults: StreamFaults,
	ended: () => void,
): void {
	let idle: NodeJS.Timeout | undefined;

	function touch() {
		clearTimeout(idle);
		if (faults.idleMs !== undefined) {
			idle = setTimeout(() => socket.terminate(), faults.idleMs);
		}
	}

	touch();
	upstream.on('data', (chunk: Buffer) => {
		if (faults.blackHole === true || socket.readyState !== socket.OPEN) {
			return;
		}

		touch();
		upstream.pause();
		socket.send(frame(toClient, chunk), () => upstream.resume());
	});
	upstream.on('error', () => undefined);
	upstream.once('close', () => {
		clearTimeout(idle);
		if (socket.readyState === socket.OPEN) {
			ended();
		}
	});
	socket.on('message', (data: Buffer) => {
		if (data[0] !== fromClient || data.length === 1 || faults.blackHole === true) {
			return;
		}

		touch();
		if (!upstream.write(data.subarray(1))) {
			socket.pause();
			upstream.once('drain', () => socket.resume());
		}
	});
	socket.once('close', () => {
		clearTimeout(idle);
		upstream.destroy();
	});
}
