/**
Runs commands in the agent's container with a `kubectl exec -i` that tetratop starts, over its pipes: for logins that only
kubectl can do. `kubectl port-forward` is never used: it opens a TCP port to which every user of this machine can connect.
*/
import {Duplex} from 'node:stream';
import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import {type Kubectl, outputOf, type StartedKubectl, startKubectl} from '../api/kubectl-api.js';
import {longestOutput} from '../tunnel/exec.js';
import {headKept} from '../tunnel/tunnel.js';
import type {PodRunner, PodStream} from './pod-stream.js';

export class KubectlRunner implements PodRunner {
	readonly #kubectl: Kubectl;
	readonly #agent: AgentPod;
	readonly #own: OwnExecs;

	constructor(kubectl: Kubectl, agent: AgentPod, own: OwnExecs) {
		this.#kubectl = kubectl;
		this.#agent = agent;
		this.#own = own;
	}

	async start(command: readonly string[], signal: AbortSignal): Promise<PodStream> {
		signal.throwIfAborted();
		return new KubectlStream(this.#exec(command, true));
	}

	async once(command: readonly string[], signal: AbortSignal): Promise<Buffer> {
		const started = this.#exec(command, false, signal);
		started.child.stdin?.end();
		const {bytes, failure} = await outputOf(started, longestOutput);
		if (failure !== undefined) {
			throw failure;
		}

		return bytes;
	}

	#exec(command: readonly string[], stdin: boolean, signal?: AbortSignal): StartedKubectl {
		const {node, namespace, pod, container} = this.#agent;
		this.#own.started({node, namespace, pod, container, command});
		// startKubectl() appends the flags, but kubectl's flags must come before `--`: they are put in here instead.
		const {flags} = this.#kubectl;
		const place = ['-n', namespace, pod, '-c', container];
		const args = ['exec', ...(stdin ? ['-i'] : []), ...flags, ...place, '--', ...command];
		return startKubectl({...this.#kubectl, flags: []}, args, signal);
	}
}

/** The pipes of a kubectl as one stream. Destroying it ends kubectl, and the command in the pod sees the end of its stdin. */
class KubectlStream extends Duplex implements PodStream {
	reason: string | undefined;
	answered = false;
	head: Buffer = Buffer.alloc(0);
	readonly #kubectl: StartedKubectl;

	constructor(kubectl: StartedKubectl) {
		super();
		this.#kubectl = kubectl;
		const {stdout} = kubectl.child;
		stdout?.on('data', (chunk: Buffer) => {
			this.answered = true;
			if (this.head.length < headKept) {
				this.head = Buffer.concat([this.head, chunk]).subarray(0, headKept);
			}

			if (!this.push(chunk)) {
				stdout.pause();
			}
		});
		kubectl.ended.then(failure => {
			this.reason = failure?.why;
			this.push(null);
			this.end();
			// A reader still gets what is buffered.
			if (this.readableLength === 0) {
				this.destroy();
			} else {
				this.once('end', () => this.destroy());
			}
		});
	}

	override _read(): void {
		this.#kubectl.child.stdout?.resume();
	}

	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		const {stdin} = this.#kubectl.child;
		if (stdin?.writable) {
			stdin.write(chunk, () => done());
		} else {
			done();
		}
	}

	override _final(done: () => void): void {
		this.#kubectl.child.stdin?.end();
		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#kubectl.child.stdin?.destroy();
		this.#kubectl.child.kill();
		done(error);
	}
}
