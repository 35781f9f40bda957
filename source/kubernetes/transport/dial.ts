/** Connects to an agent's pod: tries one step after the other until one answers. */

import {Refusal} from '../../problem.js';
import type {Connection} from '../../tetragon/agent/link.js';
import {
	lastResorts,
	type Step,
	type Transport,
	transportOf,
	transportTable,
	wayWithoutRights,
} from '../../transports.js';
import type {OwnExecs} from '../agents/own-execs.js';
import type {AgentPod} from '../agents/select.js';
import type {ServerAddress} from '../agents/server-address.js';
import type {Api} from '../api/api.js';
import type {Kubectl} from '../api/kubectl-api.js';
import {isForbidden, isNotFound, isOffline} from '../api/refusal.js';
import {isNotInstalled} from '../tunnel/exec-verdict.js';
import {openPortForward} from '../tunnel/port-forward.js';
import type {TunnelOptions} from '../tunnel/tunnel.js';
import {adviceFor} from './advice.js';
import {DelegatedConnection} from './delegated-connection.js';
import {openExecJson} from './exec-json.js';
import {ExecRunner} from './exec-runner.js';
import {grpcOver} from './grpc.js';
import {KubectlRunner} from './kubectl-runner.js';
import {openLogs} from './logs.js';
import type {PodRunner} from './pod-stream.js';
import type {StepMemory} from './step-memory.js';

export type Dialler = {
	readonly api: Api;
	/** Set with --transport kubectl. */
	readonly kubectl: Kubectl | undefined;
	readonly ways: readonly Transport[];
	readonly memory: StepMemory;
	readonly own: OwnExecs;
	readonly tunnel?: TunnelOptions;
	/** --max-recv-size, in bytes. */
	readonly longestMessage?: number | undefined;
	/** Called after each try, for doctor. */
	readonly tried?: (step: Step, outcome: Connection | Refusal, tookMs: number) => void;
};

const stepWords: Readonly<Record<Step, string>> = {
	'port-forward': 'port-forward',
	'nc-unix': 'exec nc to the unix socket',
	'nc-tcp': 'exec nc to the TCP port',
	tetra: 'exec tetra',
	logs: 'logs',
};

type Failure = {readonly step: Step; readonly refusal: Refusal};

export type Dialled = {readonly connection: Connection; readonly step: Step};

/** Rejects with a Refusal that has the reasons of all steps. */
export async function dialAgent(
	dialler: Dialler,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Dialled> {
	const {memory, ways} = dialler;
	const outcome = await dialSteps(dialler, memory.order(agent.node, ways, address), agent, address, signal);
	if ('step' in outcome) {
		return outcome;
	}

	memory.failed(agent.node);
	const last = wayWithoutRights(ways);
	const {failures} = outcome;
	if (last !== 'logs' || failures.length === 0 || !failures.every(({refusal}) => isForbidden(refusal))) {
		throw allFailed(agent, address, failures);
	}

	const byLog = await tryStep(dialler, 'logs', agent, address, signal);
	if (byLog instanceof Refusal) {
		throw allFailed(agent, address, failures, {step: 'logs', refusal: byLog});
	}

	return {connection: new ForLackOfRights(byLog, failures), step: 'logs'};
}

/**
The same by gRPC only, for a node that a last resort carries; undefined: no step answers. Rejects when the API server is lost,
the pod is gone or the signal aborts.
*/
export async function dialBetter(
	dialler: Dialler,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Dialled | undefined> {
	const steps = betterSteps(dialler, agent.node, address);
	const outcome = await dialSteps(dialler, steps, agent, address, signal);
	return 'step' in outcome ? outcome : undefined;
}

/** The steps that carry gRPC, among those that `--transport` allows. */
export function betterSteps({memory, ways}: Dialler, node: string, address: ServerAddress): readonly Step[] {
	return memory.order(node, ways, address).filter(step => !lastResorts.has(step));
}

/** Tries one step after the other. Rejects when no step can succeed, or the signal aborts. */
async function dialSteps(
	dialler: Dialler,
	steps: readonly Step[],
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Dialled | {readonly failures: readonly Failure[]}> {
	const failures: Failure[] = [];
	for (const step of steps) {
		const known = dialler.memory.forbidden(step);
		if (known !== undefined) {
			failures.push({step, refusal: known});
			continue;
		}

		if (step === 'nc-tcp' && hasNoNetcat(failures)) {
			continue;
		}

		const outcome = await tryStep(dialler, step, agent, address, signal);
		if (!(outcome instanceof Refusal)) {
			return {connection: outcome, step};
		}

		failures.push({step, refusal: outcome});
		if (isOffline(outcome) || isNotFound(outcome)) {
			// No step can succeed when the API server is lost or the pod is gone.
			throw outcome;
		}
	}

	return {failures};
}

/** The exported log, because nothing else is allowed. */
class ForLackOfRights extends DelegatedConnection {
	readonly #words: string;

	constructor(inner: Connection, failures: readonly Failure[]) {
		super(inner);
		const lacking = new Set(failures.map(({step}) => `pods/${transportTable[transportOf(step)].subresource}`));
		this.#words = `the rights to ${[...lacking].join(' and ')} are missing, so only the exported log is read: see tetratop rbac`;
	}

	override missing(): readonly string[] {
		return [this.#words, ...super.missing()];
	}
}

/** Rejects only when the signal aborts. */
async function tryStep(
	dialler: Dialler,
	step: Step,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Connection | Refusal> {
	const startMs = performance.now();
	let outcome: Connection | Refusal;
	try {
		outcome = await open(dialler, step, agent, address, signal);
		dialler.memory.worked(agent.node, step);
	} catch (error) {
		signal.throwIfAborted();
		outcome = error instanceof Refusal ? error : new Refusal(stepWords[step], String((error as Error).message), '');
		if (isForbidden(outcome) && outcome.reason === 'Forbidden') {
			dialler.memory.forbid(step, outcome);
		}
	}

	dialler.tried?.(step, outcome, performance.now() - startMs);
	return outcome;
}

/** Runs commands in the agent's container. */
export function runnerOf(
	{api, kubectl, own, tunnel}: Pick<Dialler, 'api' | 'kubectl' | 'own' | 'tunnel'>,
	agent: AgentPod,
): PodRunner {
	return kubectl === undefined ? new ExecRunner(api, agent, own, tunnel) : new KubectlRunner(kubectl, agent, own);
}

/** The image has no nc: the second step that uses it is skipped. */
function hasNoNetcat(failures: readonly Failure[]): boolean {
	return failures.some(({step, refusal}) => step === 'nc-unix' && isNotInstalled(refusal.why, 'nc'));
}

async function open(
	{api, kubectl, own, tunnel, longestMessage}: Dialler,
	step: Step,
	agent: AgentPod,
	address: ServerAddress,
	signal: AbortSignal,
): Promise<Connection> {
	const runner = runnerOf({api, kubectl, own, ...(tunnel === undefined ? {} : {tunnel})}, agent);
	const via = kubectl === undefined ? transportOf(step) : 'kubectl';

	async function netcat(...args: readonly string[]) {
		return grpcOver(await runner.start(['nc', ...args], signal), agent, via, signal, longestMessage);
	}

	switch (step) {
		case 'port-forward': {
			const {namespace, pod} = agent;
			const stream = await openPortForward(api, {namespace, pod, port: address.port}, signal, tunnel);
			return grpcOver(stream, agent, via, signal, longestMessage);
		}

		case 'nc-unix':
			// busybox's nc takes `local:PATH`, and requires a port that it does not use.
			return netcat(`local:${address.socket}`, '0');
		case 'nc-tcp':
			return netcat('127.0.0.1', String(address.port));
		case 'tetra':
			return openExecJson(runner, agent, via, signal);
		case 'logs':
			return openLogs(api, agent, via, signal);
	}
}

/** @param byLog the log was tried as well, because all steps were forbidden. */
function allFailed(agent: AgentPod, address: ServerAddress, failures: readonly Failure[], byLog?: Failure): Refusal {
	const what = `cannot reach the agent ${agent.pod} on ${agent.node}`;
	const forbidden = failures.filter(({refusal}) => isForbidden(refusal));
	const why = [...failures, ...(byLog === undefined ? [] : [byLog])]
		.map(({step, refusal}) => `${stepWords[step]}: ${refusal.why}`)
		.join('; ');
	const fix = adviceFor(
		failures.map(({refusal}) => refusal),
		agent,
		address,
	);
	// When every step is forbidden, only a new Role helps: the fleet retries once a minute.
	const refusal = new Refusal(what, why, fix, failures.length === 0 || forbidden.length < failures.length);
	refusal.cause = failures.map(({refusal: {why}}) => why);
	return refusal;
}
