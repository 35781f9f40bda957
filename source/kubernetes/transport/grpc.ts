/** A Connection of gRPC over any byte stream to the agent's server. */

import {Refusal} from '../../problem.js';
import {openAgent} from '../../tetragon/agent/client.js';
import type {Connection} from '../../tetragon/agent/link.js';
import type {AgentPod} from '../agents/select.js';
import {openBridge} from '../tunnel/bridge.js';
import type {PodStream} from './pod-stream.js';

/** Milliseconds for the agent's first answer over a tunnel that stands. */
const openMs = 8000;

/**
Takes the stream over: it is destroyed with the connection, or when this rejects. Rejects with a Refusal that has the
tunnel's own reason, where it has one: what gRPC saw of it is only an end.
*/
export async function grpcOver(
	stream: PodStream,
	agent: AgentPod,
	via: string,
	signal: AbortSignal,
): Promise<Connection> {
	const bridge = await openBridge(stream);
	const ended = Promise.withResolvers<never>();

	function onClose() {
		return ended.reject(new Error('the tunnel ended'));
	}

	stream.once('close', onClose);
	ended.promise.catch(() => undefined);
	const opening = openAgent(
		{address: {type: 'unix', path: bridge.path}, agent: agent.pod, via, node: agent.node, deadlines: {open: openMs}},
		signal,
	);
	try {
		const connection = await Promise.race([opening, ended.promise]);
		return {
			...delegate(connection),
			events: (request, sink) =>
				connection.events(request, {
					...sink,
					end: end => sink.end(stream.reason === undefined ? end : {...end, text: stream.reason}),
				}),
			close() {
				connection.close();
				bridge.close();
			},
		};
	} catch (error) {
		opening.then(
			late => late.close(),
			() => undefined,
		);
		bridge.close();
		signal.throwIfAborted();
		const {why, fix} = error instanceof Refusal ? error : {why: String((error as Error).message), fix: ''};
		// The probe that names the cause of a failed call found the socket gone: that is no news about the agent.
		const silent = stream.answered ? why : 'the tunnel ended without an answer';
		throw new Refusal(`${via} to ${agent.pod}`, stream.reason ?? silent, fix);
	} finally {
		stream.off('close', onClose);
	}
}

/** The methods of a class instance, bound, so that single ones can be laid over. */
function delegate(connection: Connection): Connection {
	const {configurePolicy, metrics} = connection;
	return {
		agent: connection.agent,
		via: connection.via,
		version: () => connection.version(),
		health: () => connection.health(),
		events: (request, sink) => connection.events(request, sink),
		policies: () => connection.policies(),
		dump: () => connection.dump(),
		missing: () => connection.missing(),
		close: () => connection.close(),
		...(configurePolicy === undefined ? {} : {configurePolicy: change => configurePolicy.call(connection, change)}),
		...(metrics === undefined ? {} : {metrics: () => metrics.call(connection)}),
	};
}
