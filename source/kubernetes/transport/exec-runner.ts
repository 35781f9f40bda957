/** Runs commands in the agent's container through the API server's exec. */

import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import type {Api} from '../api/api.js';
import {execOnce, openExec} from '../tunnel/exec.js';
import type {TunnelOptions} from '../tunnel/tunnel.js';
import type {PodRunner, PodStream} from './pod-stream.js';

export class ExecRunner implements PodRunner {
	readonly #api: Api;
	readonly #agent: AgentPod;
	readonly #own: OwnExecs;
	readonly #options: TunnelOptions | undefined;

	constructor(api: Api, agent: AgentPod, own: OwnExecs, options?: TunnelOptions) {
		this.#api = api;
		this.#agent = agent;
		this.#own = own;
		this.#options = options;
	}

	start(command: readonly string[], signal: AbortSignal): Promise<PodStream> {
		return openExec(this.#api, {...this.#announce(command), stdin: true}, signal, this.#options);
	}

	once(command: readonly string[], signal: AbortSignal): Promise<Buffer> {
		return execOnce(this.#api, {...this.#announce(command), stdin: false}, signal);
	}

	#announce(command: readonly string[]) {
		const {node, namespace, pod, container} = this.#agent;
		this.#own.started({node, namespace, pod, container, command});
		return {namespace, pod, container, command};
	}
}
