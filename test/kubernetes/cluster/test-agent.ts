/** A Tetragon agent for the test cluster: real gRPC on a unix socket, on TCP, or on both. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type Answers, GrpcError, type Listening, listen, type Subscriber} from '../../../source/demo/server.js';
import type {MethodName} from '../../../source/tetragon/agent/service.js';
import type {Event} from '../../../source/tetragon/event/event.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';

export type TestAgent = {
	readonly node: string;
	readonly socket: string | undefined;
	readonly port: number | undefined;
	/** What it lists; a test may change it. */
	readonly policies: object[];
	readonly subscribers: ReadonlySet<Subscriber>;
	/** To everyone who listens. */
	readonly send: (event: Event) => void;
	/** Ends all streams, as a network does that fails. */
	readonly cut: () => void;
	readonly close: () => Promise<void>;
};

export type TestAgentOptions = {
	readonly node: string;
	readonly version?: string;
	readonly unix?: boolean;
	readonly tcp?: boolean;
};

export async function startAgent({
	node,
	version = 'v1.7.0',
	unix = false,
	tcp = false,
}: TestAgentOptions): Promise<TestAgent> {
	const subscribers = new Set<Subscriber>();
	const policies: object[] = [{name: `policy-of-${node}`}];

	function bytes(type: string, value: object) {
		return Buffer.from(encodeMessage(type, value));
	}

	function unary(name: MethodName, answer: () => Buffer): Answers {
		return {[name]: answer};
	}

	const answers: Answers = {
		...unary('GetVersion', () => bytes('GetVersionResponse', {version})),
		...unary('GetHealth', () => bytes('GetHealthStatusResponse', {health_status: []})),
		...unary('ListTracingPolicies', () => bytes('ListTracingPoliciesResponse', {policies})),
		...unary('GetDebug', () => {
			throw new GrpcError(2, 'client requested unknown config flag 1');
		}),
		...subscribing(subscribers),
	};
	const listening: Listening[] = [];
	const directory = unix ? mkdtempSync(path.join(tmpdir(), 'tt-agent-')) : undefined;
	const socket = directory && path.join(directory, 'tetragon.sock');
	if (socket) {
		listening.push(await listen(answers, `unix:${socket}`));
	}

	let port: number | undefined;
	if (tcp) {
		const server = await listen(answers, '127.0.0.1:0');
		port = server.port;
		listening.push(server);
	}

	return {
		node,
		socket,
		port,
		subscribers,
		policies,
		cut() {
			for (const subscriber of subscribers) {
				subscriber.end();
			}
		},
		send(event) {
			const frame = bytes('GetEventsResponse', {node_name: node, ...event});
			for (const subscriber of subscribers) {
				subscriber.push(frame);
			}
		},
		async close() {
			await Promise.all(listening.map(server => server.close()));
			if (directory) {
				rmSync(directory, {recursive: true, force: true});
			}
		},
	};
}

function subscribing(subscribers: Set<Subscriber>): Answers {
	const subscribe: Answers['GetEvents'] = (_request, subscriber) => {
		subscribers.add(subscriber);
		return () => subscribers.delete(subscriber);
	};
	return {GetEvents: subscribe};
}
