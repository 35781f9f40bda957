/** Commands in the agent's container over the API server's exec. */

import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import type {Api} from '../api/api.js';
import {execOnce, openExec} from '../tunnel/exec.js';
import type {TunnelOptions} from '../tunnel/tunnel.js';
import type {PodRunner} from './pod-stream.js';

export function execRunner(api: Api, agent: AgentPod, own: OwnExecs, options?: TunnelOptions): PodRunner {
	const {node, namespace, pod, container} = agent;
	return {
		start(command, signal) {
			own.started({node, namespace, pod, container, command});
			return openExec(api, {namespace, pod, container, command, stdin: true}, signal, options);
		},
		once(command, signal) {
			own.started({node, namespace, pod, container, command});
			return execOnce(api, {namespace, pod, container, command, stdin: false}, signal);
		},
	};
}
