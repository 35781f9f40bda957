/**
A server that cuts its bytes in all ways and clients that read them in theirs; prints what the clients were told, in order.
Bundled with and without scripts/grpc-patches.js by grpc-patches.test.ts: both must tell the same.
*/
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type ServerHttp2Stream} from 'node:http2';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {Client, credentials, Metadata} from '@grpc/grpc-js';

const limit = 100_000;
/** The same numbers in every run. */
let seed = 7;
const random = (below: number): number => {
	seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
	return (seed >>> 8) % below;
};

const framed = (body: Buffer, compressed = false): Buffer => {
	const head = Buffer.alloc(5);
	head[0] = compressed ? 1 : 0;
	head.writeUInt32BE(body.length, 1);
	return Buffer.concat([head, body]);
};

const body = (index: number): Buffer =>
	Buffer.alloc([0, 1, 40, 1200, 5000, 20_000][random(6)]!, `message ${index} of the series, `);

const messages = (count: number): Buffer[] => Array.from({length: count}, (_, index) => framed(body(index)));

/** Writes the bytes in pieces of the sizes that `size` gives. */
const send = async (stream: ServerHttp2Stream, bytes: Buffer, size: () => number): Promise<void> => {
	for (let at = 0; at < bytes.length && !stream.closed && !stream.destroyed; ) {
		const next = Math.min(bytes.length, at + size());
		stream.write(bytes.subarray(at, next));
		at = next;
		await new Promise(setImmediate);
	}
};

const answers: Readonly<Record<string, (stream: ServerHttp2Stream) => Promise<void>>> = {
	'whole messages': stream => send(stream, Buffer.concat(messages(120)), () => 1_000_000),
	'byte by byte': stream => send(stream, Buffer.concat(messages(3).map(each => each.subarray(0, 45))), () => 1),
	'odd pieces': stream => send(stream, Buffer.concat(messages(200)), () => 1 + random(9000)),
	'some compressed': stream =>
		send(
			stream,
			Buffer.concat(messages(30).map((each, index) => (index % 3 === 0 ? framed(gzipSync(each), true) : each))),
			() => 1 + random(3000),
		),
	'compressed without a word': stream => send(stream, framed(gzipSync('x'), true), () => 100),
	'one too large': stream =>
		send(stream, Buffer.concat([...messages(4), framed(Buffer.alloc(limit + 1)), ...messages(4)]), () => 16_000),
	'an error after some': stream => send(stream, Buffer.concat(messages(9)), () => 2000),
	'a connection that breaks': stream => send(stream, Buffer.concat(messages(9)), () => 1_000_000),
	'half a message': stream => send(stream, framed(Buffer.alloc(3000)).subarray(0, 2000), () => 700),
};

const trailers: Readonly<Record<string, Record<string, string>>> = {
	'an error after some': {'grpc-status': '13', 'grpc-message': 'broken'},
};

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
const server = createServer();
server.on('session', session => session.on('error', () => {}));
server.on('stream', async (stream, headers) => {
	const name = decodeURIComponent(String(headers[':path']).slice(1));
	stream.on('error', () => {});
	stream.respond(
		{
			':status': 200,
			'content-type': 'application/grpc',
			...(name === 'some compressed' ? {'grpc-encoding': 'gzip'} : {}),
		},
		{waitForTrailers: true},
	);
	stream.on('wantTrailers', () => stream.sendTrailers(trailers[name] ?? {'grpc-status': '0'}));
	await answers[name]?.(stream);
	if (name === 'a connection that breaks') {
		setTimeout(() => stream.session?.destroy(), 50);
	} else {
		stream.end();
	}
});
server.listen(path.join(folder, 's'));
await once(server, 'listening');

const told: Record<string, string[]> = {};
const word = (bytes: Buffer): string =>
	`${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
const clientOf = (): Client =>
	new Client(`unix:${path.join(folder, 's')}`, credentials.createInsecure(), {
		'grpc.max_receive_message_length': limit,
		'grpc.use_local_subchannel_pool': 1,
		'grpc.default_authority': 'localhost',
	});

/** The call itself: `ask` says after each message whether to read on at once, later, or to leave. */
const byCall = (name: string, ask: (count: number) => 'at once' | 'later' | 'leave'): Promise<string[]> =>
	new Promise(resolve => {
		const client = clientOf();
		const heard: string[] = [];
		const call = client
			.getChannel()
			.createCall(`/${encodeURIComponent(name)}`, Number.POSITIVE_INFINITY, null, null, null);
		let asked = 1;
		let count = 0;
		call.start(new Metadata(), {
			onReceiveMetadata: () => heard.push('metadata'),
			onReceiveMessage(bytes: Buffer) {
				count++;
				heard.push(word(bytes), ...(count > asked ? ['not asked for'] : []));
				const answer = ask(count);
				if (answer === 'leave') {
					call.cancelWithStatus(1, 'left');
					return;
				}

				const read = (): void => {
					asked++;
					call.startRead();
				};
				if (answer === 'later') {
					setTimeout(read, 3);
				} else {
					read();
				}
			},
			onReceiveStatus({code, details}) {
				heard.push(`status ${code} ${String(details).replace(/\d{4,}/g, 'N')}`);
				setTimeout(() => {
					client.close();
					resolve(heard);
				}, 60);
			},
		});
		call.startRead();
		call.sendMessageWithContext({}, Buffer.alloc(0));
		call.halfClose();
	});

/** The stream over it, paused now and then. */
const byStream = (name: string): Promise<string[]> =>
	new Promise(resolve => {
		const client = clientOf();
		const heard: string[] = [];
		const pass = (bytes: Buffer): Buffer => bytes;
		const stream = client.makeServerStreamRequest(`/${encodeURIComponent(name)}`, pass, pass, Buffer.alloc(0));
		let count = 0;
		stream.on('data', (bytes: Buffer) => {
			heard.push(word(bytes));
			count++;
			if (count % 10 === 0) {
				stream.pause();
				setTimeout(() => stream.resume(), 3);
			}
		});
		stream.on('error', (error: Error) => heard.push(`error ${error.message.replace(/\d{4,}/g, 'N')}`));
		stream.on('end', () => heard.push('end'));
		stream.on('status', ({code}: {code: number}) => {
			heard.push(`status ${code}`);
			setTimeout(() => {
				client.close();
				resolve(heard);
			}, 60);
		});
	});

for (const name of Object.keys(answers)) {
	for (const [manner, read] of [
		['call', () => byCall(name, () => 'at once')],
		['slow call', () => byCall(name, count => (count % 3 === 0 ? 'later' : 'at once'))],
		['call that leaves', () => byCall(name, count => (count === 5 ? 'leave' : 'at once'))],
		['stream', () => byStream(name)],
	] as const) {
		seed = 7;
		told[`${name}, ${manner}`] = await Promise.race([read(), sleep(10_000, ['nothing for 10 s'])]);
	}
}

console.log(JSON.stringify(told));
rmSync(folder, {recursive: true, force: true});
process.exit();
