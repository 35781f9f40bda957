/**
Commands in the agent's container by a `kubectl exec -i` that we start, over its pipes: for logins only kubectl can do.
Never `kubectl port-forward`: it opens a TCP port that every user of this machine can connect to.
*/
import {Duplex} from 'node:stream';
import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import {type Kubectl, type StartedKubectl, startKubectl} from '../api/kubectl-api.js';
import type {PodRunner, PodStream} from './pod-stream.js';

export function kubectlRunner(kubectl: Kubectl, agent: AgentPod, own: OwnExecs): PodRunner {
	const {node, namespace, pod, container} = agent;
	// kubectl's own flags must stand before `--`, so they are put there and not behind the command.
	function argumentsOf(command: readonly string[], stdin: boolean) {
		return [
			'exec',
			...(stdin ? ['-i'] : []),
			...kubectl.flags,
			'-n',
			namespace,
			pod,
			'-c',
			container,
			'--',
			...command,
		];
	}

	const bare = {...kubectl, flags: []};
	return {
		async start(command, signal) {
			signal.throwIfAborted();
			own.started({node, namespace, pod, container, command});
			return streamOf(startKubectl(bare, argumentsOf(command, true)));
		},
		async once(command, signal) {
			own.started({node, namespace, pod, container, command});
			const {child, ended} = startKubectl(bare, argumentsOf(command, false), signal);
			child.stdin?.end();
			const chunks: Buffer[] = [];
			child.stdout?.on('data', (chunk: Buffer) => {
				chunks.push(chunk);
			});
			const failure = await ended;
			if (failure !== undefined && chunks.length === 0) {
				throw failure;
			}

			return Buffer.concat(chunks);
		},
	};
}

/** The pipes as one stream. When it is destroyed, kubectl is ended, and the command in the pod sees the end of its stdin. */
function streamOf({child, ended}: StartedKubectl): PodStream {
	const {stdin, stdout} = child;
	if (stdin === null || stdout === null) {
		throw new Error('kubectl was started without pipes');
	}

	let reason: string | undefined;
	let answered = false;
	const stream = new Duplex({
		read() {
			stdout.resume();
		},
		write(chunk: Buffer, _encoding, done) {
			if (stdin.writable) {
				stdin.write(chunk, () => done());
			} else {
				done();
			}
		},
		final(done) {
			stdin.end();
			done();
		},
		destroy(error, done) {
			stdin.destroy();
			child.kill();
			done(error);
		},
	});
	stdout.on('data', (chunk: Buffer) => {
		answered = true;
		if (!stream.push(chunk)) {
			stdout.pause();
		}
	});
	ended.then(failure => {
		reason = failure?.why;
		stream.push(null);
		stream.end();
		if (stream.readableLength === 0) {
			stream.destroy();
		} else {
			stream.once('end', () => stream.destroy());
		}
	});
	return Object.defineProperties(stream, {
		reason: {get: () => reason},
		answered: {get: () => answered},
	}) as unknown as PodStream;
}
