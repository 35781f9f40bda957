/** SOCKS5 (RFC 1928) with user and password (RFC 1929), for one connection to one host and port. */
import type {Socket} from 'node:net';
import {Refusal} from '../../problem.js';

const replies: Readonly<Record<number, string>> = {
	1: 'general failure',
	2: 'not allowed by its rules',
	3: 'network unreachable',
	4: 'host unreachable',
	5: 'connection refused',
	6: 'time to live expired',
	7: 'command not supported',
	8: 'address type not supported',
};

/**
Does the handshake on a connected socket; resolves when the proxy has connected to the host. The proxy resolves the name, as
with Go's client. Rejects with a Refusal, or with the socket's error.
*/
export async function socksConnect(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
	const reader = new ExactReader(socket);
	try {
		await logIn(socket, reader, proxy);
		const name = Buffer.from(host);
		const target = Buffer.from([port >> 8, port & 0xff]);
		socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, target]));
		const [, reply = 1, , kind] = await reader.read(4);
		if (reply !== 0) {
			throw refused(proxy, replies[reply] ?? `reply ${reply}`);
		}

		// The bound address: IPv4, IPv6, or a name with its length; and the port.
		const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.read(1))[0] ?? 0);
		await reader.read(length + 2);
	} finally {
		reader.release();
	}
}

async function logIn(socket: Socket, reader: ExactReader, proxy: URL): Promise<void> {
	const withPassword = proxy.username !== '';
	socket.write(withPassword ? Buffer.from([5, 2, 0, 2]) : Buffer.from([5, 1, 0]));
	const method = (await reader.read(2))[1];
	if (method === 2 && withPassword) {
		const user = Buffer.from(decodeURIComponent(proxy.username));
		const password = Buffer.from(decodeURIComponent(proxy.password));
		socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
		if ((await reader.read(2))[1] !== 0) {
			throw refused(proxy, 'it rejects the user and password');
		}
	} else if (method !== 0) {
		throw refused(proxy, 'it requires a user and password, and its URL has none');
	}
}

function refused(proxy: URL, why: string): Refusal {
	return new Refusal(`SOCKS proxy ${proxy.host}`, why, 'check proxy-url or HTTPS_PROXY');
}

/** Reads exact numbers of bytes from a paused socket. */
class ExactReader {
	readonly #socket: Socket;
	#ended: Error | undefined;
	#wake: () => void = () => undefined;

	constructor(socket: Socket) {
		this.#socket = socket;
		socket.on('readable', this.#onReadable);
		socket.on('error', this.#onEnd);
		socket.on('end', this.#onEnd);
	}

	/** Rejects when the socket ends before `count` bytes have come. */
	async read(count: number): Promise<Buffer> {
		for (;;) {
			const chunk = this.#socket.read(count) as Buffer | null;
			if (chunk !== null) {
				return chunk;
			}

			if (this.#ended !== undefined) {
				throw this.#ended;
			}

			await new Promise<void>(resolve => {
				this.#wake = resolve;
			});
		}
	}

	release(): void {
		this.#socket.off('readable', this.#onReadable);
		this.#socket.off('error', this.#onEnd);
		this.#socket.off('end', this.#onEnd);
	}

	readonly #onReadable = (): void => {
		this.#wake();
	};

	readonly #onEnd = (error?: Error): void => {
		this.#ended = error ?? new Error('the proxy closed the connection');
		this.#wake();
	};
}
