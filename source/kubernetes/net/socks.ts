/** SOCKS5 (RFC 1928) with user and password (RFC 1929): just enough to be carried to one host and port. */
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

/** Speaks to a connected socket until the proxy has dialled; the name is resolved by the proxy, as Go does. */
export async function socksConnect(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
	const reader = readExactly(socket);
	try {
		const withPassword = proxy.username !== '';
		socket.write(withPassword ? Buffer.from([5, 2, 0, 2]) : Buffer.from([5, 1, 0]));
		const method = (await reader.read(2))[1];
		if (method === 2 && withPassword) {
			const user = Buffer.from(decodeURIComponent(proxy.username));
			const password = Buffer.from(decodeURIComponent(proxy.password));
			socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
			if ((await reader.read(2))[1] !== 0) {
				throw refused(proxy, 'it does not take the user and password');
			}
		} else if (method !== 0) {
			throw refused(proxy, 'it wants a login that is not in its URL');
		}

		const name = Buffer.from(host);
		const target = Buffer.from([port >> 8, port & 0xff]);
		socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, target]));
		const [, reply = 1, , kind] = await reader.read(4);
		if (reply !== 0) {
			throw refused(proxy, replies[reply] ?? `reply ${reply}`);
		}

		const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.read(1))[0] ?? 0);
		await reader.read(length + 2);
	} finally {
		reader.release();
	}
}

function refused(proxy: URL, why: string): Refusal {
	return new Refusal(`SOCKS proxy ${proxy.host}`, why, 'check proxy-url or HTTPS_PROXY');
}

function readExactly(socket: Socket) {
	let ended: Error | undefined;
	let wake = () => {};

	function onReadable() {
		return wake();
	}

	function onEnd(error?: Error) {
		ended = error ?? new Error('the proxy hung up');
		wake();
	}

	socket.on('readable', onReadable);
	socket.on('error', onEnd);
	socket.on('end', onEnd);
	return {
		async read(count: number): Promise<Buffer> {
			for (;;) {
				const chunk = socket.read(count) as Buffer | null;
				if (chunk !== null) {
					return chunk;
				}

				if (ended !== undefined) {
					throw ended;
				}

				await new Promise<void>(resolve => {
					wake = resolve;
				});
			}
		},
		release() {
			socket.off('readable', onReadable);
			socket.off('error', onEnd);
			socket.off('end', onEnd);
		},
	};
}
