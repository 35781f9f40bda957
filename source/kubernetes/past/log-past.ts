/**
The log of the container export-stdout by the API's log call. It needs the right to pods/log only. The kubelet keeps several
files of a log, and this call reads the newest: after a rotation there is little.
*/
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import type {NodePast, PastSpan} from '../../tetragon/agent/node-past.js';
import {leftOutOf, type Settings} from '../../tetragon/past/export-settings.js';
import {pastEvents} from '../../tetragon/past/past-lines.js';
import type {AgentPod} from '../agents/select.js';
import type {Api} from '../api/api.js';
import {exportContainer, logPath, proveLog} from '../transport/logs.js';

/** Rejects with a Refusal when the pod has no such container, or its log may not be read. */
export async function logPast(
	api: Api,
	agent: AgentPod,
	settings: () => Promise<Settings | undefined>,
	signal: AbortSignal,
): Promise<NodePast> {
	if (!agent.containers.includes(exportContainer)) {
		throw new Refusal(
			`log of ${agent.pod}`,
			`there is no container ${exportContainer}`,
			'set export.mode=stdout',
			false,
		);
	}

	await proveLog(api, agent, signal);
	const known = await settings();
	return {
		words: 'log of export-stdout',
		leftOut: [
			'nothing older than the newest file of that log',
			...(known === undefined ? ['what the export filters leave out'] : leftOutOf(known)),
		],
		open: (span, _texts, abort) => read(api, agent, span, abort),
	};
}

async function* read(api: Api, agent: AgentPod, span: PastSpan, signal: AbortSignal) {
	const since: Readonly<Record<string, string>> = Number.isFinite(span.fromMs)
		? {sinceTime: new Date(span.fromMs).toISOString()}
		: {};
	const query = {container: exportContainer, ...since};
	const body = await api.stream(logPath(agent), {query, signal});
	// The call has no "newest bytes": a long log is read to its end, and the consumer keeps the newest.
	yield* pastEvents(bytesOf(body, signal), span);
}

async function* bytesOf(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
	try {
		for await (const chunk of body) {
			signal.throwIfAborted();
			yield chunk as Buffer;
		}
	} finally {
		body.destroy();
	}
}
