/**
Reads the events that the agent exports to the log of its container export-stdout. It needs the smallest right (pods/log) and
shows the least: the default export filters leave out the host, health checks and kube-system.
*/
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import {readBeginning} from '../../runtime/bounded-body.js';
import type {Connection, EventsRequest, EventsSink, Subscription} from '../../tetragon/agent/link.js';
import type {AgentPod} from '../agents/select.js';
import {type Api, paths} from '../api/api.js';
import {eventLines, waitForRoom} from './event-lines.js';

export const exportContainer = 'export-stdout';
/** Milliseconds for one short read of a log. */
const proofMs = 15_000;
/** Bytes of that read: a kubelet keeps to the one byte that is asked for. */
const proofBytes = 4096;

/** Rejects with a Refusal when the pod has no such container, or its log may not be read. */
export async function openLogs(api: Api, agent: AgentPod, via: string, signal: AbortSignal): Promise<Connection> {
	if (!agent.containers.includes(exportContainer)) {
		const why = `${agent.pod} has no container ${exportContainer}`;
		const fix = 'use another --transport, or set export.mode=stdout in the Helm chart';
		throw new Refusal(`logs of ${agent.pod}`, why, fix, false);
	}

	await proveLog(api, agent, signal);
	return new LogConnection(api, agent, via);
}

export function logPath({namespace, pod}: AgentPod): string {
	return `${paths.pod(namespace, pod)}/log`;
}

/**
One short read proves the right, the container and the node's kubelet. Following proves nothing on a quiet node: a log that
is followed has no answer, not even its head, before the first line.
*/
export async function proveLog(api: Api, agent: AgentPod, signal: AbortSignal): Promise<void> {
	const body = await api.stream(logPath(agent), {
		query: {container: exportContainer, tailLines: '1', limitBytes: '1'},
		signal: AbortSignal.any([AbortSignal.timeout(proofMs), signal]),
	});
	await readBeginning(body, proofBytes);
	body.destroy();
}

class LogConnection implements Connection {
	readonly agent: string;
	readonly via: string;
	/** The version is that of the image: a log does not say it. */
	readonly isVersionOfImage = true;
	readonly #api: Api;
	readonly #agent: AgentPod;
	readonly #closing = new AbortController();
	#isTaken = false;
	#hasEnded = false;

	constructor(api: Api, agent: AgentPod, via: string) {
		this.#api = api;
		this.#agent = agent;
		this.agent = agent.pod;
		this.via = via;
	}

	async version(): Promise<string> {
		return this.#agent.imageVersion;
	}

	async health(): Promise<void> {
		if (this.#hasEnded) {
			throw new Error('the log ended');
		}
	}

	/** Throws when it is called twice: the log has one reader. */
	events(_request: EventsRequest, sink: EventsSink): Subscription {
		if (this.#isTaken) {
			throw new Error('this log already has a reader');
		}

		this.#isTaken = true;
		const cancelling = new AbortController();
		const until = AbortSignal.any([this.#closing.signal, cancelling.signal]);
		void this.#follow(sink, until, cancelling.signal);
		return {
			cancel: () => cancelling.abort(),
		};
	}

	async policies(): Promise<undefined> {
		return undefined;
	}

	async dump(): Promise<undefined> {
		return undefined;
	}

	missing(): readonly string[] {
		return [
			'the exported log only: no host, no loader, USDT or throttle events, no kube-system (export filters)',
			'no policies, no process cache, no metrics over logs',
		];
	}

	close(): void {
		this.#closing.abort();
	}

	/** Never rejects: the end of the log is reported to the sink. */
	async #follow(sink: EventsSink, until: AbortSignal, cancelled: AbortSignal): Promise<void> {
		const query = {container: exportContainer, follow: 'true', tailLines: '0'};
		let text = 'the log ended';
		try {
			// Resolves with the first line that is written.
			const body = await this.#api.stream(logPath(this.#agent), {query, signal: until});
			text = (await readLog(body, sink, until)) ?? text;
		} catch (error) {
			text = error instanceof Refusal ? error.why : String((error as Error).message);
		}

		this.#hasEnded = true;
		if (!cancelled.aborted) {
			sink.end({code: undefined, text: until.aborted ? 'closed' : text});
		}
	}
}

/** Resolves at the end of the log, with the error that ended it. */
function readLog(body: Readable, sink: EventsSink, until: AbortSignal): Promise<string | undefined> {
	const {promise, resolve} = Promise.withResolvers<string | undefined>();
	const lines = eventLines(sink);

	function stop() {
		body.destroy();
	}

	until.addEventListener('abort', stop, {once: true});
	body.on('data', (chunk: Buffer) => {
		if (!until.aborted) {
			lines.push(chunk);
			waitForRoom(body, sink);
		}
	});
	body.on('error', ({message}) => resolve(message));
	body.once('close', () => {
		until.removeEventListener('abort', stop);
		resolve(undefined);
	});
	if (until.aborted) {
		stop();
	}

	return promise;
}
