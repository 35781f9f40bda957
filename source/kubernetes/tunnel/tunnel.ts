/**
A byte stream over a WebSocket whose frames begin with a channel number, for port-forward and exec. Backpressure works both
ways: a reader that stops pauses the socket, and a writer waits until the kernel has its bytes.
*/
import {Duplex} from 'node:stream';
import type WebSocket from 'ws';

/** How the side channels say that a stream ended. */
export type Verdict = {
	/** The server's words. */
	readonly words: string;
	/** false: the command succeeded, and `words` is what it said on stderr. */
	readonly hasFailed: boolean;
};

type Channels = {
	/** The channel to write to. */
	readonly out: number;
	/** The channel to read from. */
	readonly in: number;
	/** Called for the other channels: error texts, stderr, a Status. */
	readonly side: (channel: number, payload: Buffer) => void;
	/** What the side channels said, once the socket is closed; undefined: nothing. */
	readonly verdict: () => Verdict | undefined;
	/** The reason of a close in good order (1000) without a verdict; undefined: it is a regular end. */
	readonly withoutVerdict?: string;
	/** Returns true when a side channel has reported the end: containerd closes the socket only a second later. */
	readonly over: () => boolean;
	/** The first frame of each channel is the port's number in two bytes, and no payload. */
	readonly startsWithPort: boolean;
	/** The frame that ends stdin and leaves the socket open; undefined: the protocol has none (v5 of exec has). */
	readonly closeStdin: Buffer | undefined;
};

export type TunnelOptions = {
	/** Milliseconds between pings. */
	readonly pingMs?: number;
};

/** Load balancers cut silent streams after 20 s to 5 min, and a dead peer sends no close. */
const defaultPingMs = 20_000;
/** Pings without a pong after which the tunnel is cut. */
const missesAllowed = 2;
/** Bytes between the WebSocket and its reader, besides the socket's own buffers. */
const highWaterMark = 256 * 1024;
/** Bytes that are kept of the other side's first ones. */
export const headKept = 64;
/** The code of a close without a close frame. */
const abnormal = 1006;
/** Codes of a close in good order: normal, and without a code. */
const regular: ReadonlySet<number> = new Set([1000, 1005]);
/** Bytes of the port's number, which begins each channel of a port-forward. */
const portBytes = 2;

export class Tunnel extends Duplex {
	/** Why it ended, in the server's words; undefined while it is open, or when it ended without an error. */
	reason: string | undefined;
	/** It ended otherwise than by the success of its command: what it sent may be incomplete. */
	hasFailed = false;
	/** The other side has sent at least one byte: it exists. */
	answered = false;
	/** The first bytes that the other side sent. */
	head: Buffer = Buffer.alloc(0);
	readonly #socket: WebSocket;
	readonly #channels: Channels;
	readonly #started = new Set<number>();
	readonly #pinging: NodeJS.Timeout;
	#missed = 0;
	#paused = true;
	#closed = false;
	/** Why this side ended the WebSocket: a frame that is too long, or malformed. */
	#fault: string | undefined;
	/** The callback of a write that failed: it is called when the peer's last frames have arrived. */
	#waiting: ((error?: Error) => void) | undefined;

	/** @param socket open and paused, as Api.upgrade returns it. */
	constructor(socket: WebSocket, channels: Channels, options: TunnelOptions = {}) {
		super({readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark, emitClose: true});
		this.#socket = socket;
		this.#channels = channels;
		socket.on('message', (data: Buffer) => this.#message(data));
		socket.on('pong', () => {
			this.#missed = 0;
		});
		socket.on('error', ({message}) => {
			this.#fault ??= message;
		});
		socket.on('close', (code, words) => this.#ended(code, words.toString()));
		this.#pinging = setInterval(() => this.#ping(), options.pingMs ?? defaultPingMs);
		this.#pinging.unref();
		if (socket.readyState !== socket.OPEN) {
			queueMicrotask(() => this.#ended(abnormal));
		}
	}

	override _read(): void {
		if (this.#paused && !this.#closed) {
			this.#paused = false;
			this.#socket.resume();
		}
	}

	override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
		if (this.#socket.readyState !== this.#socket.OPEN) {
			this.#hold(done);
			return;
		}

		const frame = Buffer.allocUnsafe(chunk.length + 1);
		frame[0] = this.#channels.out;
		frame.set(chunk, 1);
		this.#socket.send(frame, error => {
			if (error) {
				this.#hold(done);
			} else {
				done();
			}
		});
	}

	override _final(done: (error?: Error) => void): void {
		const {closeStdin} = this.#channels;
		if (closeStdin !== undefined && this.#socket.readyState === this.#socket.OPEN) {
			this.#socket.send(closeStdin);
		} else {
			// These protocols have no half-close: the whole socket is closed.
			this.#socket.close();
		}

		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		clearInterval(this.#pinging);
		// ws waits up to 30 s for the answer to a close frame; terminate() does not wait.
		if (this.#socket.readyState === this.#socket.OPEN) {
			this.#socket.close();
		}

		this.#socket.terminate();
		done(error);
	}

	#message(data: Buffer): void {
		const channel = data[0];
		if (channel === undefined) {
			return;
		}

		const payload = data.subarray(1);
		if (payload.length === 0) {
			return;
		}

		if (this.#channels.startsWithPort && !this.#started.has(channel)) {
			this.#started.add(channel);
			// A channel that begins otherwise has no number before its text.
			if (payload.length === portBytes) {
				return;
			}
		}

		if (channel !== this.#channels.in) {
			this.#channels.side(channel, payload);
			if (this.#channels.over()) {
				this.#ended(abnormal);
			}

			return;
		}

		this.answered = true;
		if (this.head.length < headKept) {
			this.head = Buffer.concat([this.head, payload]).subarray(0, headKept);
		}

		if (!this.push(payload)) {
			this.#paused = true;
			this.#socket.pause();
		}
	}

	#ping(): void {
		if (this.#socket.readyState !== this.#socket.OPEN) {
			return;
		}

		// A paused socket reads no pongs: their absence proves nothing then.
		if (this.#paused) {
			this.#missed = 0;
		} else if (this.#missed >= missesAllowed) {
			this.reason = `no pong to ${missesAllowed} pings`;
			this.#socket.terminate();
			return;
		}

		this.#missed++;
		this.#socket.ping();
	}

	#hold(done: (error?: Error) => void): void {
		if (this.#closed) {
			done();
		} else {
			this.#waiting = done;
		}
	}

	#ended(code: number, words = ''): void {
		if (this.#closed) {
			return;
		}

		this.#closed = true;
		clearInterval(this.#pinging);
		const verdict = this.#channels.verdict();
		const close = this.#reasonOfClose(code, words);
		const silent = verdict === undefined ? this.#channels.withoutVerdict : undefined;
		this.hasFailed = this.reason !== undefined || (verdict?.hasFailed ?? (close ?? silent) !== undefined);
		this.reason ??= (verdict?.hasFailed === true ? verdict.words : (close ?? verdict?.words ?? silent)) || undefined;
		// Without an error: an HTTP/2 session without a listener would throw it. The reason is in `reason`.
		this.#waiting?.();
		this.push(null);
		this.end();
		// A reader still gets what is buffered.
		if (this.readableLength === 0) {
			this.destroy();
		} else {
			this.once('end', () => this.destroy());
		}
	}

	/** undefined: the socket was closed in good order, without words. */
	#reasonOfClose(code: number, words: string): string | undefined {
		if (code === abnormal) {
			return this.#fault === undefined ? 'the tunnel was cut (1006)' : `the tunnel was cut: ${this.#fault}`;
		}

		if (regular.has(code)) {
			return words === '' ? undefined : `the server closed the tunnel: ${words}`;
		}

		return `the server closed the tunnel (${[code, this.#fault ?? words].filter(word => word !== '').join(': ')})`;
	}
}
