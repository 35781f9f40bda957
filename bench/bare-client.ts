/**
The client to which ingest is compared: grpc-js as it is installed, without patches, with the same HTTP/2 window as the
program; it takes each message as a Buffer and counts it. `node --import=tsx bare-client.ts UNIX-SOCKET`
*/
import {Client, credentials, Metadata} from '@grpc/grpc-js';

const client = new Client(`unix:${process.argv[2]}`, credentials.createInsecure(), {
	'grpc.max_receive_message_length': -1,
	'grpc-node.flow_control_window': 4 * 1024 * 1024,
	'grpc.default_authority': 'localhost',
});

function pass(bytes: Buffer): Buffer {
	return bytes;
}

const call = client.makeServerStreamRequest(
	'/tetragon.FineGuidanceSensors/GetEvents',
	pass,
	pass,
	Buffer.alloc(0),
	new Metadata(),
	{},
);
let count = 0;
call.on('data', () => {
	count++;
});
call.on('error', () => {});
call.on('status', () => {
	process.stdout.write(`${count}\n`);
	client.close();
});
