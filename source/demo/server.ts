/**
A Tetragon agent's side of gRPC: answers in bytes, and event streams with the queue that a real one has for each client:
10 000 events, and what does not fit is dropped in silence and only counted.
*/
import {Metadata, Server, ServerCredentials, type ServerWritableStream, status} from '@grpc/grpc-js';
import {type MethodName, methodDefinition, methods} from '../tetragon/agent/service.js';

/** What a unary call answers; throw a GrpcError for a status. */
type Answer = (request: Buffer) => Buffer | Promise<Buffer>;

export type Answers = {
	readonly [method in Exclude<MethodName, 'GetEvents'>]?: Answer;
} & {
	/** A client subscribed; returns what to do when it leaves. Throw a GrpcError to end its stream. */
	readonly GetEvents?: (request: Buffer, subscriber: Subscriber) => (() => void) | undefined;
};

export class GrpcError extends Error {
	readonly code: number;

	constructor(code: number, text: string) {
		super(text);
		this.code = code;
	}
}

/** As the agent's --event-queue-size. */
const queueSize = 10_000;

export class Subscriber {
	readonly #stream: ServerWritableStream<Buffer, Buffer>;
	readonly #queue: Buffer[] = [];
	#waiting = false;
	#dropped = 0;

	constructor(stream: ServerWritableStream<Buffer, Buffer>) {
		this.#stream = stream;
		stream.on('drain', () => {
			this.#waiting = false;
			this.#flush();
		});
	}

	/** Events that this client was too slow for. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Events that wait for the client to read. */
	get waiting(): number {
		return this.#queue.length;
	}

	get left(): boolean {
		return this.#stream.cancelled || this.#stream.destroyed;
	}

	/** False when the event did not fit and is lost. */
	push(frame: Buffer): boolean {
		if (this.#queue.length >= queueSize) {
			this.#dropped++;
			return false;
		}

		this.#queue.push(frame);
		this.#flush();
		return true;
	}

	/** Ends the stream: with OK, or with a status. */
	end(error?: GrpcError): void {
		if (error) {
			this.#stream.emit('error', {code: error.code, details: error.message, metadata: new Metadata()});
		} else {
			this.#stream.end();
		}
	}

	#flush(): void {
		let sent = 0;
		while (!this.#waiting && sent < this.#queue.length) {
			const frame = this.#queue[sent++];
			this.#waiting = frame !== undefined && !this.#stream.write(frame);
		}

		this.#queue.splice(0, sent);
	}
}

export type Listening = {
	/** For TCP; 0 on a unix socket. */
	readonly port: number;
	/** Ends all streams at once, as a killed agent does; resolves when the socket is closed. */
	readonly close: () => Promise<void>;
};

/** Methods without an answer are unknown to this agent: UNIMPLEMENTED. `address`: unix:/path or 127.0.0.1:0. */
export async function listen(
	answers: Answers,
	address: string,
	credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<Listening> {
	const server = new Server({'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1});
	for (const name of Object.keys(methods) as MethodName[]) {
		if (name === 'GetEvents') {
			const subscribe = answers.GetEvents;
			if (subscribe) {
				addStream(server, subscribe);
			}
		} else {
			const answer = answers[name];
			if (answer) {
				addUnary(server, name, answer);
			}
		}
	}

	const {promise, resolve, reject} = Promise.withResolvers<number>();
	server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
	const port = await promise;
	return {
		port,
		async close() {
			server.forceShutdown();
		},
	};
}

function addStream(server: Server, subscribe: NonNullable<Answers['GetEvents']>): void {
	server.register(
		methodDefinition('GetEvents').path,
		(stream: ServerWritableStream<Buffer, Buffer>) => {
			const subscriber = new Subscriber(stream);
			try {
				const leave = subscribe(stream.request, subscriber);
				if (leave) {
					stream.once('cancelled', leave);
					stream.once('close', leave);
				}
			} catch (error) {
				subscriber.end(asGrpcError(error));
			}
		},
		passed,
		passed,
		'serverStream',
	);
}

function addUnary(server: Server, name: MethodName, answer: Answer): void {
	server.register<Buffer, Buffer>(
		methodDefinition(name).path,
		async (call: {request: Buffer}, callback: (error: object | null, bytes?: Buffer) => void) => {
			try {
				callback(null, await answer(call.request));
			} catch (error) {
				const {code, message} = asGrpcError(error);
				callback({code, details: message, metadata: new Metadata()});
			}
		},
		passed,
		passed,
		'unary',
	);
}

function passed(bytes: Buffer): Buffer {
	return bytes;
}

function asGrpcError(error: unknown): GrpcError {
	// An agent answers every error of a handler of its own with UNKNOWN and the text.
	return error instanceof GrpcError
		? error
		: new GrpcError(status.UNKNOWN, error instanceof Error ? error.message : String(error));
}
