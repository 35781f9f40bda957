/** Proxies as bastions have them: HTTP CONNECT and SOCKS5, each with a list of what went through. */
import http from 'node:http';
import net, {type AddressInfo, type Socket} from 'node:net';

export type TestProxy = {
	readonly url: string;
	readonly connected: string[];
	readonly logins: string[];
	readonly close: () => void;
};

export async function startConnectProxy({status = 200} = {}): Promise<TestProxy> {
	const connected: string[] = [];
	const logins: string[] = [];
	const sockets = new Set<Socket>();
	const server = http.createServer();
	server.on('connect', (request, client: Socket) => {
		logins.push(request.headers['proxy-authorization'] ?? '');
		if (status !== 200) {
			client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
			return;
		}

		const target = request.url ?? '';
		connected.push(target);
		client.write('HTTP/1.1 200 OK\r\n\r\n');
		// The proxy's own DNS: names of the test lead here.
		join(client, net.connect(Number(target.split(':').at(-1)), '127.0.0.1'), sockets);
	});
	return listening(server, 'http', connected, logins, sockets);
}

export async function startSocksProxy({password = ''} = {}): Promise<TestProxy> {
	const connected: string[] = [];
	const logins: string[] = [];
	const sockets = new Set<Socket>();
	const server = net.createServer(client => {
		let step: 'hello' | 'login' | 'request' = 'hello';

		// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the steps of one SOCKS connection, in their order
		function onData(data: Buffer) {
			if (step === 'hello') {
				const method = password === '' ? 0 : 2;
				step = password === '' ? 'request' : 'login';
				client.write(Buffer.from([5, method]));
			} else if (step === 'login') {
				const userLength = data[1] ?? 0;
				const said = data.subarray(3 + userLength).toString();
				logins.push(`${data.subarray(2, 2 + userLength)}:${said}`);
				client.write(Buffer.from([1, said === password ? 0 : 1]));
				step = 'request';
			} else {
				const length = data[4] ?? 0;
				const port = data.readUInt16BE(5 + length);
				connected.push(`${data.subarray(5, 5 + length)}:${port}`);
				client.off('data', onData);
				client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
				join(client, net.connect(port, '127.0.0.1'), sockets);
			}
		}

		client.on('data', onData);
		client.on('error', () => undefined);
	});
	return listening(server, 'socks5', connected, logins, sockets);
}

async function listening(
	server: net.Server,
	scheme: string,
	connected: string[],
	logins: string[],
	sockets: Set<Socket>,
): Promise<TestProxy> {
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const {port} = server.address() as AddressInfo;
	return {
		url: `${scheme}://127.0.0.1:${port}`,
		connected,
		logins,
		close() {
			server.close();
			for (const socket of sockets) {
				socket.destroy();
			}
		},
	};
}

function join(a: Socket, b: Socket, sockets: Set<Socket>): void {
	for (const [from, to] of [
		[a, b],
		[b, a],
	] as const) {
		sockets.add(from);
		from.on('error', () => undefined);
		from.pipe(to);
		from.once('close', () => {
			sockets.delete(from);
			to.destroy();
		});
	}
}
