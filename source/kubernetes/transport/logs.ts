/**
Reads the events that the agent exports to the log of its container export-stdout. It needs the smallest right (pods/log) and
shows the least: the default export filters leave out the host, health checks and kube-system.
*/
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import type {Connection, EventsRequest, EventsSink, Subscription} from '../../tetragon/agent/link.js';
import type {AgentPod} from '../agents/select.js';
import {type Api, paths} from '../api/api.js';
import {eventLines, waitForRoom} from './event-lines.js';

const exportContainer = 'export-stdout';

/** Rejects with a Refusal when the pod has no such container, or its log may not be read. */
export async function openLogs(api: Api, agent: AgentPod, via: string, signal: AbortSignal): Promise<Connection> {
	if (!agent.containers.includes(exportContainer)) {
		const why = `${agent.pod} has no container ${exportContainer}`;
		const fix = 'use another --transport, or set export.mode=stdout in the Helm chart';
		throw new Refusal(`logs of ${agent.pod}`, why, fix, false);
	}

	const closing = new AbortController();
	// The response starts before the first line: that proves the right and the container.
	const body = await api.stream(`${paths.pod(agent.namespace, agent.pod)}/log`, {
		query: {container: exportContainer, follow: 'true', tailLines: '0'},
		signal: AbortSignal.any([closing.signal, signal]),
	});
	return new LogConnection(body, closing, agent, via);
}

class LogConnection implements Connection {
	readonly agent: string;
	readonly via: string;
	readonly #version: string;
	readonly #body: Readable;
	readonly #closing: AbortController;
	#isTaken = false;

	constructor(body: Readable, closing: AbortController, agent: AgentPod, via: string) {
		this.#body = body;
		this.#closing = closing;
		this.#version = agent.imageVersion;
		this.agent = agent.pod;
		this.via = via;
	}

	async version(): Promise<string> {
		return this.#version;
	}

	async health(): Promise<void> {
		if (this.#body.destroyed) {
			throw new Error('the log ended');
		}
	}

	/** Throws when it is called twice: the log has one reader. */
	events(_request: EventsRequest, sink: EventsSink): Subscription {
		if (this.#isTaken) {
			throw new Error('this log already has a reader');
		}

		this.#isTaken = true;
		return readLog(this.#body, sink);
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
		this.#body.destroy();
	}
}

function readLog(body: Readable, sink: EventsSink): Subscription {
	let isOpen = true;

	function end(text: string) {
		if (isOpen) {
			isOpen = false;
			sink.end({code: undefined, text});
		}
	}

	const lines = eventLines(sink);
	body.on('data', (chunk: Buffer) => {
		if (isOpen) {
			lines.push(chunk);
			waitForRoom(body, sink);
		}
	});
	body.on('error', error => end(error.message));
	body.once('close', () => end('the log ended'));
	return {
		cancel() {
			isOpen = false;
			body.destroy();
		},
	};
}
