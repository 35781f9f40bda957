/** From an agent pod to a Connection: one way after the other until one answers, and every reason if none does. */

import {Refusal} from '../../problem.js';
import type {Connection} from '../../tetragon/agent/link.js';
import {type Step, type Transport, transportOf} from '../../transports.js';
import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import type {ServerAddress} from '../agents/server-address.js';
import type {Api} from '../api/api.js';
import type {Kubectl} from '../api/kubectl-api.js';
import {isForbidden, isNotFound, isOffline} from '../api/refusal.js';
import {grantWords, rightOfRefusal} from '../rights/missing-right.js';
import {isNotInstalled} from '../tunnel/exec.js';
import {openPortForward} from '../tunnel/port-forward.js';
import type {TunnelOptions} from '../tunnel/tunnel.js';
import {openExecJson} from './exec-json.js';
import {execRunner} from './exec-runner.js';
import {grpcOver} from './grpc.js';
import {kubectlRunner} from './kubectl-runner.js';
import {openLogs} from './logs.js';
import type {Memory} from './memory.js';
import type {PodRunner} from './pod-stream.js';

export type Dialler = {
	readonly api: Api;
	/** Set for --transport kubectl. */
	readonly kubectl: Kubectl | undefined;
	readonly ways: readonly Transport[];
	readonly memory: Memory;
	readonly own: OwnExecs;
	readonly tunnel?: TunnelOptions;
	/** Tells of each try, for doctor. */
	readonly tried?: (step: Step, outcome: Connection | Refusal, tookMs: number) => void;
};

const stepWords: Readonly<Record<Step, string>> = {
	'port-forward': 'port-forward',
	'nc-unix': 'exec nc to the unix socket',
	'nc-tcp': 'exec nc to the TCP port',
	tetra: 'exec tetra',
	logs: 'logs',
};

/** Rejects with a Refusal that has the reasons of all ways. */
export async function dialAgent(
	dialler: Dialler,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Connection> {
	const {memory, ways} = dialler;
	const failures: Array<{readonly step: Step; readonly refusal: Refusal}> = [];
	let withoutNc = false;
	for (const step of memory.order(agent.node, ways, address)) {
		const known = memory.forbidden(step);
		if (known !== undefined) {
			failures.push({step, refusal: known});
			continue;
		}

		if (step === 'nc-tcp' && withoutNc) {
			continue;
		}

		const startMs = performance.now();
		try {
			const connection = await open(dialler, step, agent, address, signal);
			memory.worked(agent.node, step);
			dialler.tried?.(step, connection, performance.now() - startMs);
			return connection;
		} catch (error) {
			signal.throwIfAborted();
			const refusal =
				error instanceof Refusal ? error : new Refusal(stepWords[step], String((error as Error).message), '');
			dialler.tried?.(step, refusal, performance.now() - startMs);
			failures.push({step, refusal});
			if (isForbidden(refusal) && refusal.reason === 'Forbidden') {
				memory.forbid(step, refusal);
			} else if (isOffline(refusal) || isNotFound(refusal)) {
				// No other way leads past a lost API server or a pod that is gone.
				throw refusal;
			}

			withoutNc ||= step === 'nc-unix' && isNotInstalled(refusal.why, 'nc');
		}
	}

	memory.failed(agent.node);
	throw allFailed(agent, failures);
}

async function open(
	{api, kubectl, own, tunnel}: Dialler,
	step: Step,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Connection> {
	const runner: PodRunner =
		kubectl === undefined ? execRunner(api, agent, own, tunnel) : kubectlRunner(kubectl, agent, own);
	const via = kubectl === undefined ? transportOf(step) : 'kubectl';

	async function netcat(...args: readonly string[]) {
		return grpcOver(await runner.start(['nc', ...args], signal), agent, via, signal);
	}

	switch (step) {
		case 'port-forward': {
			const {namespace, pod} = agent;
			const stream = await openPortForward(api, {namespace, pod, port: address.port}, signal, tunnel);
			return grpcOver(stream, agent, via, signal);
		}

		case 'nc-unix':
			// busybox's nc: `local:PATH`, and a port that it wants to see and does not use.
			return netcat(`local:${address.socket}`, '0');
		case 'nc-tcp':
			return netcat('127.0.0.1', String(address.port));
		case 'tetra':
			return openExecJson(runner, agent, via, signal);
		case 'logs':
			return openLogs(api, agent, via, signal);
	}
}

function allFailed(
	agent: AgentPod,
	failures: ReadonlyArray<{readonly step: Step; readonly refusal: Refusal}>,
): Refusal {
	const what = `cannot reach the agent ${agent.pod} on ${agent.node}`;
	const forbidden = failures.filter(({refusal}) => isForbidden(refusal));
	const why = failures.map(({step, refusal}) => `${stepWords[step]}: ${refusal.why}`).join('; ');
	const rights = new Map(
		forbidden.flatMap(({refusal}) => {
			const right = rightOfRefusal(refusal);
			return right === undefined ? [] : [[JSON.stringify(right), right] as const];
		}),
	);
	const [right] = rights.values();
	const fix =
		right === undefined
			? (failures.find(({refusal}) => refusal.fix !== '')?.refusal.fix ??
				'tetratop doctor tries every way and says more')
			: grantWords(right);
	// Where all is forbidden, only a new Role helps; that is looked for once a minute.
	const refusal = new Refusal(what, why, fix, failures.length === 0 || forbidden.length < failures.length);
	refusal.cause = failures.map(({refusal: {why}}) => why);
	return refusal;
}
