/**
A byte stream over a WebSocket whose frames begin with a channel number: port-forward and exec alike. Backpressure goes
both ways: a reader that stops pauses the socket, a writer waits until its bytes are handed to the kernel.
*/
import {Duplex} from 'node:stream';
import type WebSocket from 'ws';

export type Channels = {
	/** Where our bytes go. */
	readonly out: number;
	/** Where the other side's bytes come from. */
	readonly in: number;
	/** Everything else: error texts, stderr, a Status. */
	readonly side: (channel: number, payload: Buffer) => void;
	/** What the side channels told, once the socket is closed; undefined: nothing was wrong. */
	readonly verdict: () => string | undefined;
	/** A side channel has said that it is over: nobody waits for the close, which containerd sends a second late. */
	readonly over: () => boolean;
	/** Bytes at the start of each channel that are no payload. */
	readonly skipFirst: boolean;
	/** v5 of the exec protocol can end stdin and leave the rest open. */
	readonly closeStdin: Buffer | undefined;
};

export type TunnelOptions = {
	/** Milliseconds between pings. */
	readonly pingMs?: number;
};

/** Load balancers cut silent streams after 20 s to 5 min, and a dead peer says nothing at all. */
const defaultPingMs = 20_000;
const missesAllowed = 2;
/** Between the WebSocket and its reader; the socket's own buffers come on top. */
const highWaterMark = 256 * 1024;
/** The 1000 or 1006 of a close says nothing by itself. */
const abnormal = 1006;

export class Tunnel extends Duplex {
	/** Why it ended, in the server's words; undefined while it lives, or when it ended as it should. */
	reason: string | undefined;
	/** Bytes came from the other side: it is really there. */
	answered = false;
	readonly #socket: WebSocket;
	readonly #channels: Channels;
	readonly #started = new Set<number>();
	readonly #pinging: NodeJS.Timeout;
	#missed = 0;
	#paused = true;
	#closed = false;
	/** A write that failed while the peer's last words are still on their way. */
	#waiting: ((error?: Error) => void) | undefined;

	/** Takes an open and paused WebSocket, see Api.upgrade. */
	constructor(socket: WebSocket, channels: Channels, options: TunnelOptions = {}) {
		// allowHalfOpen: an end from the other side is followed by our own close, which `close` of the socket does.
		super({readableHighWaterMark: highWaterMark, writableHighWaterMark: highWaterMark, emitClose: true});
		this.#socket = socket;
		this.#channels = channels;
		socket.on('message', (data: Buffer) => this.#message(data));
		socket.on('pong', () => {
			this.#missed = 0;
		});
		socket.on('close', code => this.#ended(code));
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
			// No half-close in these protocols: closing is all there is.
			this.#socket.close();
		}

		done();
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		clearInterval(this.#pinging);
		// After a close frame the server has 30 s of ws to answer; a tunnel that nobody wants ends now.
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

		if (this.#channels.skipFirst && !this.#started.has(channel)) {
			this.#started.add(channel);
			return;
		}

		const payload = data.subarray(1);
		if (payload.length === 0) {
			return;
		}

		if (channel !== this.#channels.in) {
			this.#channels.side(channel, payload);
			if (this.#channels.over()) {
				this.#ended(abnormal);
			}

			return;
		}

		this.answered = true;
		if (!this.push(payload)) {
			this.#paused = true;
			this.#socket.pause();
		}
	}

	#ping(): void {
		if (this.#socket.readyState !== this.#socket.OPEN) {
			return;
		}

		// While our own reader is stopped no pong is read: silence proves nothing then.
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

	#ended(code: number): void {
		if (this.#closed) {
			return;
		}

		this.#closed = true;
		clearInterval(this.#pinging);
		this.reason ??= this.#channels.verdict() ?? (code === abnormal ? 'the tunnel was cut (1006)' : undefined);
		// Without an error object: it would be thrown by an HTTP/2 session that nobody listens to. The reason is kept aside.
		this.#waiting?.();
		this.push(null);
		this.end();
		// Whoever still reads gets what is buffered; a side that does not is not waited for.
		if (this.readableLength === 0) {
			this.destroy();
		} else {
			this.once('end', () => this.destroy());
		}
	}
}
