/** Opens connections to the server at the unix socket of the argument, one after the other, and closes each with calls under way. */
import process from 'node:process';
import {Client, credentials} from '@grpc/grpc-js';

const [, , path = ''] = process.argv;
const options = {
	'grpc.use_local_subchannel_pool': 1,
	'grpc.enable_retries': 0,
	'grpc.default_authority': 'localhost',
};

function pass(bytes: Buffer): Buffer {
	return bytes;
}

function ask(client: Client, name: string): Promise<unknown> {
	const deadline = Date.now() + 20_000;
	return new Promise(resolve => {
		client.makeUnaryRequest(`/a/${name}`, pass, pass, Buffer.alloc(0), {deadline}, (error, answer) => {
			resolve(error ?? answer);
		});
	});
}

function read(client: Client): Promise<void> {
	return new Promise(resolve => {
		const stream = client.makeServerStreamRequest('/a/GetEvents', pass, pass, Buffer.alloc(0));
		stream.on('data', () => undefined);
		stream.on('error', () => resolve());
		stream.on('end', () => resolve());
	});
}

let connections = 0;
for (let round = 0; round < 200; round++) {
	const client = new Client(`unix:${path}`, credentials.createInsecure(), options);
	const first = await ask(client, 'GetVersion');
	connections += first instanceof Error ? 0 : 1;
	const calls = [
		...Array.from({length: 5}, () => read(client)),
		...Array.from({length: 3}, (_, index) => ask(client, `Get${index}`)),
	];
	// Some of the calls are refused within this time, and the connection closes while others are.
	await Promise.race([Promise.all(calls), new Promise(resolve => setTimeout(resolve, 5))]);
	client.close();
}

process.stdout.write(`${connections} connections\n`);
