/**
Opens an agent at a port, reads its events and its process cache, and prints how each ended and the most memory that this
process had. hostile.test.ts runs it, patched as the program is.
*/
import process from 'node:process';
import {openAgent} from '../../../source/tetragon/agent/client.js';

const port = Number(process.argv[2]);

function print(what: string, says: string) {
	process.stdout.write(`${JSON.stringify({what, says, rss: process.resourceUsage().maxRSS * 1024})}\n`);
}

try {
	const connection = await openAgent(
		{address: {type: 'tcp', host: '127.0.0.1', port}, metrics: undefined},
		AbortSignal.timeout(20_000),
	);
	const {promise, resolve} = Promise.withResolvers<string>();
	connection.events({}, {frame() {}, event() {}, malformed() {}, end: ({text}) => resolve(text)});
	print('events', await promise);
	const dump = await connection
		.dump()
		.catch((error: {details?: string; message: string}) => error.details ?? error.message);
	print('dump', typeof dump === 'string' ? dump : `${dump?.length} entries`);
	connection.close();
} catch (error) {
	print('open', (error as Error).message);
}
