/** gRPC over a byte stream to the agent's server. */

import {Refusal} from '../../problem.js';
import {openAgent} from '../../tetragon/agent/client.js';
import type {Connection, EventsRequest, EventsSink, Subscription} from '../../tetragon/agent/link.js';
import type {AgentPod} from '../agents/select.js';
import {Bridge} from '../tunnel/bridge.js';
import {DelegatedConnection} from './delegated-connection.js';
import {notGrpc} from './not-grpc.js';
import type {PodStream} from './pod-stream.js';

/** Milliseconds for the agent's first answer over an open tunnel. */
const openMs = 8000;

/**
Opens a Connection over the stream. The stream is destroyed together with the connection, or when this rejects. Rejects with
a Refusal that has the tunnel's own reason if there is one: gRPC sees only that the stream ended.
*/
export async function grpcOver(
	stream: PodStream,
	agent: AgentPod,
	via: string,
	signal: AbortSignal,
	longestMessage?: number,
): Promise<Connection> {
	const bridge = await Bridge.open(stream);
	const ended = Promise.withResolvers<never>();

	function onClose() {
		ended.reject(new Error('the tunnel ended'));
	}

	stream.once('close', onClose);
	ended.promise.catch(() => undefined);
	const opening = openAgent(
		{
			address: {type: 'unix', path: bridge.path},
			agent: agent.pod,
			via,
			node: agent.node,
			longestMessage,
			deadlines: {open: openMs},
		},
		signal,
	);
	try {
		return new TunnelConnection(await Promise.race([opening, ended.promise]), stream, bridge);
	} catch (error) {
		opening.then(
			late => late.close(),
			() => undefined,
		);
		bridge.close();
		signal.throwIfAborted();
		const stranger = notGrpc(stream.head);
		if (stranger !== undefined) {
			throw new Refusal(`${via} to ${agent.pod}`, stranger.why, stranger.fix);
		}

		const {why, fix} = error instanceof Refusal ? error : {why: String((error as Error).message), fix: ''};
		// After the tunnel's end the client's diagnosis finds no socket; that says nothing about the agent.
		const silent = stream.answered ? why : 'the tunnel ended without an answer';
		throw new Refusal(`${via} to ${agent.pod}`, stream.reason ?? silent, fix);
	} finally {
		stream.off('close', onClose);
	}
}

class TunnelConnection extends DelegatedConnection {
	readonly #stream: PodStream;
	readonly #bridge: Bridge;

	constructor(inner: Connection, stream: PodStream, bridge: Bridge) {
		super(inner);
		this.#stream = stream;
		this.#bridge = bridge;
	}

	override events(request: EventsRequest, sink: EventsSink): Subscription {
		return super.events(request, {
			frame: sink.frame,
			event: sink.event,
			malformed: sink.malformed,
			...(sink.room === undefined ? {} : {room: sink.room}),
			end: reason => {
				const {reason: text} = this.#stream;
				sink.end(text === undefined ? reason : {...reason, text});
			},
		});
	}

	override close(): void {
		super.close();
		this.#bridge.close();
	}
}
