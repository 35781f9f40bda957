/**
The events that the agent exports to the log of its container export-stdout: the least right (pods/log), and the least to
see. Its filters leave out the host, health checks and kube-system.
*/
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import type {Connection, EndReason} from '../../tetragon/agent/link.js';
import {parseLine} from '../../tetragon/json/json-lines.js';
import type {AgentPod} from '../agents/select.js';
import {type Api, paths} from '../api/api.js';
import {splitLines} from '../api/body-lines.js';

const exportContainer = 'export-stdout';

export async function openLogs(api: Api, agent: AgentPod, via: string, signal: AbortSignal): Promise<Connection> {
	if (!agent.containers.includes(exportContainer)) {
		const why = `${agent.pod} has no container ${exportContainer}`;
		throw new Refusal(`logs of ${agent.pod}`, why, 'another --transport; or helm: export.mode=stdout', false);
	}

	const closing = new AbortController();
	const opening = AbortSignal.any([closing.signal, signal]);
	// The answer's head comes at once, with or without lines: it proves the right and the container.
	const body = await api.stream(`${paths.pod(agent.namespace, agent.pod)}/log`, {
		query: {container: exportContainer, follow: 'true', tailLines: '0'},
		signal: opening,
	});
	let taken = false;
	return {
		agent: agent.pod,
		via,
		version: async () => agent.imageVersion,
		async health() {
			if (body.destroyed) {
				throw new Error('the log ended');
			}
		},
		events(_request, sink) {
			if (taken) {
				throw new Error('one log, one reader');
			}

			taken = true;
			return readLog(body, sink);
		},
		policies: async () => undefined,
		dump: async () => undefined,
		missing: () => [
			'the exported log only: no host, no loader, USDT or throttle events, no kube-system (export filters)',
			'no policies, no process cache, no metrics over logs',
		],
		close() {
			closing.abort();
			body.destroy();
		},
	};
}

function readLog(body: Readable, sink: Parameters<Connection['events']>[1]) {
	let open = true;

	function end(reason: EndReason) {
		if (open) {
			open = false;
			sink.end(reason);
		}
	}

	const lines = splitLines(line => {
		const event = parseLine(line);
		if (event === undefined) {
			sink.malformed(line);
		} else {
			sink.event(line, event);
		}
	});
	body.on('data', (chunk: Buffer) => {
		if (open) {
			lines.push(chunk);
		}
	});
	body.on('error', error => end({code: undefined, text: error.message}));
	body.once('close', () => end({code: undefined, text: 'the log ended'}));
	return {
		cancel() {
			open = false;
			body.destroy();
		},
	};
}
