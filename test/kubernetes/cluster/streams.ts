/**
The kubelet's side of port-forward (v4.channel.k8s.io) and exec (v4, v5): frames with a channel number, error text on
channel 1, a Status on channel 3, close code 1000 for all of it.
*/
import {type ChildProcess, spawn} from 'node:child_process';
import type {Duplex} from 'node:stream';
import type {WebSocket} from 'ws';
import {type ExecEnd, execStatus} from './answers.js';
import {agentPort, agentSocket, connectTcp, connectUnix, type TestNode} from './test-node.js';

export type StreamFaults = {
	/** Cut (1006) after this long without payload, whatever pings say: the CRI's idle timeout. */
	idleMs?: number | undefined;
	/** containerd waits a second for the other direction before it closes. */
	closeLateMs: number;
	/** Frames per stream are stopped: the path is a black hole from now on. */
	blackHole?: boolean;
	/** The runtime's name of the next exec, as its errors have it. */
	execId?: string;
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
		const netns = `failed to execute portforward in network namespace "/var/run/netns/cni-${node.name}"`;
		const dialled = `IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `;
		const place = `failed to connect to localhost:${port} inside namespace "${pod}/"`;
		socket.send(frame(1, `error forwarding port ${port} to pod ${pod}/, uid : ${netns}: ${place}, ${dialled}`));
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
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the same
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

	// A real server sends an empty frame of stdout first.
	socket.send(frame(1, ''));

	function finish(end: ExecEnd) {
		running.exited = true;
		socket.send(frame(3, execStatus(end, request.version)));
		setTimeout(() => socket.close(1000), 1);
	}

	const [program = '', ...args] = command;
	const missing: ExecEnd = {type: 'missing', program, id: faults.execId ?? '18ec19b8ea75f635'};
	if (program === 'nc') {
		if (!node.nc) {
			finish(missing);
			return running;
		}

		const unix = args[0]?.startsWith('local:') === true;
		const hasSocket = args[0] === `local:${agentSocket}` && node.socket !== undefined;
		const upstream = unix ? (hasSocket ? connectUnix(node) : undefined) : connectTcp(node);
		if (upstream === undefined) {
			const [place, why] = unix
				? [args[0]?.slice('local:'.length), 'No such file or directory']
				: [args[0], 'Connection refused'];
			socket.send(frame(2, `nc: can't connect to remote host (${place}): ${why}\n`));
			finish({type: 'exit', code: 1, command});
			return running;
		}

		join(socket, upstream, 1, 0, faults, () => finish({type: 'ok'}));
		// nc ends by itself at the end of its stdin.
		socket.once('close', () => {
			running.stdinEnded = true;
			running.exited = true;
		});
		return running;
	}

	if (node.bin === undefined && program !== 'sh') {
		finish(missing);
		return running;
	}

	const {root} = node;
	const own = root === undefined ? args : args.map(arg => (/^\/(?:etc|var)\//.test(arg) ? `${root}${arg}` : arg));
	const child = spawn(program, own, {
		env: {PATH: `${node.bin ?? ''}:/usr/bin:/bin`},
		stdio: [request.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
	});
	running.child = child;
	child.on('error', () => finish(missing));
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

		finish(code === 0 ? {type: 'ok'} : {type: 'exit', code: code ?? 137, command});
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
