/** A kubectl as a script of Node: `get --raw`, `create --raw` and `exec` of nc, over the test API server and the agents' sockets. */
import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';

export type FakeKubectl = {
	readonly url: string;
	/** Pod → path of its agent's unix socket. */
	readonly sockets: Readonly<Record<string, string>>;
};

/** Returns the path of the program; it writes its process id and arguments to `calls` beside it. */
export function writeKubectl(directory: string, settings: FakeKubectl): string {
	const file = path.join(directory, 'kubectl.mjs');
	writeFileSync(
		file,
		`#!${process.execPath}
import {appendFileSync} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
const settings = ${JSON.stringify(settings)};
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(path.join(directory, 'calls'))}, JSON.stringify({pid: process.pid, args}) + '\\n');
const ask = (method, target, body) => {
	const request = http.request(settings.url + target, {method, headers: {Authorization: 'Bearer good-token'}}, response => {
		if (response.statusCode < 300) {
			response.pipe(process.stdout);
			return;
		}
		let text = '';
		response.on('data', chunk => { text += chunk; });
		response.on('end', () => {
			const {reason, message} = JSON.parse(text);
			process.stderr.write('Error from server (' + reason + '): ' + message + '\\n');
			process.exit(1);
		});
	});
	request.end(body);
};
if (args[0] === 'get') {
	ask('GET', args[2]);
} else if (args[0] === 'create') {
	let body = '';
	process.stdin.on('data', chunk => { body += chunk; });
	process.stdin.on('end', () => ask('POST', args[2], body));
} else {
	const [program, address] = args.slice(args.indexOf('--') + 1);
	const pod = args[args.indexOf('-n') + 2];
	if (program !== 'nc' || !address.startsWith('local:') || settings.sockets[pod] === undefined) {
		process.stderr.write('command terminated with exit code 1\\n');
		process.exit(1);
	}
	const socket = net.connect(settings.sockets[pod]);
	process.stdin.pipe(socket);
	socket.pipe(process.stdout);
	socket.on('close', () => process.exit(0));
	process.stdin.on('end', () => process.exit(0));
}
`,
	);
	chmodSync(file, 0o755);
	return file;
}
