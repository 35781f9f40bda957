/**
A server that cuts its bytes in many ways, and clients that read them in theirs. Prints as JSON what was sent and what each
client received. grpc-patches.test.ts runs it with plain and with patched packages.

Nothing here depends on how fast the two are: a part that must come later waits until the client has the messages before it.
Only the answers named `…, at once` let a failure overtake messages; of those the number of messages may differ.
*/
import {createHash} from 'node:crypto';
import {EventEmitter, once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type ServerHttp2Stream} from 'node:http2';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep, setImmediate as turn} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {Client, credentials, Metadata} from '@grpc/grpc-js';

export type Received = {
	readonly sent: readonly string[];
	readonly messages: readonly string[];
	/** What came beside messages; of a call in order, of a stream sorted. */
	readonly events: readonly string[];
};

type Random = (below: number) => number;
/** Bytes to send, or the number of messages that the client must have before the rest is sent. */
type Part = Buffer | number;
type Answer = {
	readonly messages: readonly Buffer[];
	readonly parts: readonly Part[];
	/** The size of the next piece that is written. */
	readonly size: (random: Random) => number;
	readonly encoding?: 'gzip';
	readonly end?: Readonly<Record<string, string>> | 'break the connection';
};

const limit = 100_000;

/** The same numbers in every run. */
function generator(): Random {
	let seed = 7;
	return below => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
		return (seed >>> 8) % below;
	};
}

function framed(body: Buffer, compressed = false): Buffer {
	const head = Buffer.alloc(5);
	head[0] = compressed ? 1 : 0;
	head.writeUInt32BE(body.length, 1);
	return Buffer.concat([head, body]);
}

function bodies(count: number, lengths = [0, 1, 40, 1200, 5000, 20_000]): Buffer[] {
	const random = generator();
	return Array.from({length: count}, (_, index) =>
		Buffer.alloc(lengths[random(lengths.length)]!, `message ${index} of the series, `),
	);
}

function frames(messages: readonly Buffer[]): Buffer {
	return Buffer.concat(messages.map(message => framed(message)));
}
const [three, four, nine, thirty] = [bodies(3, [0, 40]), bodies(4), bodies(9), bodies(30)];
const tooLarge = Buffer.concat([framed(Buffer.alloc(limit + 1)), frames(four)]);
const broken = {'grpc-status': '13', 'grpc-message': 'broken'};

const answers: Readonly<Record<string, Answer>> = {
	'whole messages': {messages: bodies(120), parts: [frames(bodies(120))], size: () => 1_000_000},
	'byte by byte': {messages: three, parts: [frames(three)], size: () => 1},
	'odd pieces': {messages: bodies(200), parts: [frames(bodies(200))], size: random => 1 + random(9000)},
	'some compressed': {
		messages: thirty,
		parts: thirty.map((each, index) => (index % 3 === 0 ? framed(gzipSync(each), true) : framed(each))),
		size: random => 1 + random(3000),
		encoding: 'gzip',
	},
	'compressed without an encoding': {messages: [], parts: [framed(gzipSync('x'), true)], size: () => 100},
	'one too large': {messages: four, parts: [frames(four), 4, tooLarge], size: () => 16_000},
	'one too large, at once': {messages: four, parts: [frames(four), tooLarge], size: () => 16_000},
	'an error at the end': {messages: nine, parts: [frames(nine), 9], size: () => 2000, end: broken},
	'an error at the end, at once': {messages: nine, parts: [frames(nine)], size: () => 2000, end: broken},
	'a connection that breaks': {
		messages: nine,
		parts: [frames(nine), 9],
		size: () => 1_000_000,
		end: 'break the connection',
	},
	'half a message': {messages: [], parts: [framed(Buffer.alloc(3000)).subarray(0, 2000)], size: () => 700},
};

/** Emits `message` for each message that the client of the running series received. */
const progress = new EventEmitter();
let receivedNow = 0;

/** Writes the parts, each in pieces. */
async function send(stream: ServerHttp2Stream, {parts, size}: Answer): Promise<void> {
	const random = generator();
	function isOpen(): boolean {
		return !stream.closed && !stream.destroyed;
	}
	const closed = new AbortController();
	stream.once('close', () => closed.abort());
	for (const part of parts) {
		if (typeof part === 'number') {
			while (receivedNow < part && isOpen()) {
				await once(progress, 'message', {signal: closed.signal}).catch(() => {});
			}
		} else {
			for (let at = 0; at < part.length && isOpen(); ) {
				const next = Math.min(part.length, at + size(random));
				stream.write(part.subarray(at, next));
				at = next;
				await turn();
			}
		}
	}
}

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
const server = createServer();
server.on('session', session => session.on('error', () => {}));
server.on('stream', async (stream, headers) => {
	const answer = answers[decodeURIComponent(String(headers[':path']).slice(1))]!;
	const {encoding, end = {'grpc-status': '0'}} = answer;
	stream.on('error', () => {});
	stream.respond(
		{':status': 200, 'content-type': 'application/grpc', ...(encoding && {'grpc-encoding': encoding})},
		{waitForTrailers: true},
	);
	stream.on('wantTrailers', () => stream.sendTrailers(typeof end === 'string' ? {} : end));
	await send(stream, answer);
	if (typeof end === 'string') {
		stream.session?.destroy();
	} else {
		stream.end();
	}
});
server.listen(path.join(folder, 's'));
await once(server, 'listening');

function word(bytes: Buffer): string {
	return `${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
}
function statusWord(code: number, details: unknown): string {
	return `status ${code} ${String(details).replace(/\d{4,}/g, 'N')}`;
}

function newClient(): Client {
	return new Client(`unix:${path.join(folder, 's')}`, credentials.createInsecure(), {
		'grpc.max_receive_message_length': limit,
		'grpc.use_local_subchannel_pool': 1,
		'grpc.default_authority': 'localhost',
	});
}

type Heard = {readonly messages: string[]; readonly events: string[]};

function hear({messages}: Heard, bytes: Buffer): void {
	messages.push(word(bytes));
	receivedNow = messages.length;
	progress.emit('message');
}

/** By the call itself. `ask` decides after each message: read on at once, later, or leave. */
async function byCall(name: string, ask: (count: number) => 'at once' | 'later' | 'leave'): Promise<Heard> {
	const client = newClient();
	const heard: Heard = {messages: [], events: []};
	const call = client
		.getChannel()
		.createCall(`/${encodeURIComponent(name)}`, Number.POSITIVE_INFINITY, null, null, null);
	let asked = 1;
	await new Promise<void>(resolve => {
		call.start(new Metadata(), {
			onReceiveMetadata: () => heard.events.push('metadata'),
			onReceiveMessage(bytes: Buffer) {
				hear(heard, bytes);
				const count = heard.messages.length;
				if (count > asked || heard.events.length !== 1) {
					heard.events.push('not asked for, or not between metadata and status');
				}

				const answer = ask(count);
				if (answer === 'leave') {
					call.cancelWithStatus(1, 'left');
					return;
				}

				function read(): void {
					asked++;
					call.startRead();
				}
				if (answer === 'later') {
					setTimeout(read, 3);
				} else {
					read();
				}
			},
			onReceiveStatus({code, details}) {
				heard.events.push(statusWord(code, details));
				resolve();
			},
		});
		call.startRead();
		call.sendMessageWithContext({}, Buffer.alloc(0));
		call.halfClose();
	});
	// Whatever was queued for the next ticks would come now.
	await turn();
	client.close();
	return heard;
}

/** By the stream over the call, which is paused now and then. */
async function byStream(name: string): Promise<Heard> {
	const client = newClient();
	const heard: Heard = {messages: [], events: []};
	function pass(bytes: Buffer): Buffer {
		return bytes;
	}
	const stream = client.makeServerStreamRequest(`/${encodeURIComponent(name)}`, pass, pass, Buffer.alloc(0));
	stream.on('data', (bytes: Buffer) => {
		hear(heard, bytes);
		if (heard.messages.length % 10 === 0) {
			stream.pause();
			setTimeout(() => stream.resume(), 3);
		}
	});
	stream.on('error', (error: Error) => heard.events.push(`error ${error.message.replace(/\d{4,}/g, 'N')}`));
	await Promise.all([
		new Promise<void>(resolve => {
			stream.on('status', ({code, details}: {code: number; details?: string}) => {
				heard.events.push(statusWord(code, details));
				resolve();
			});
		}),
		new Promise<void>(resolve => {
			stream.on('end', () => {
				heard.events.push('end');
				resolve();
			});
		}),
	]);
	client.close();
	return {messages: heard.messages, events: heard.events.toSorted()};
}

const series: Record<string, Received> = {};
for (const [name, {messages}] of Object.entries(answers)) {
	for (const [manner, read] of [
		['call', () => byCall(name, () => 'at once')],
		['slow call', () => byCall(name, count => (count % 3 === 0 ? 'later' : 'at once'))],
		['call that leaves', () => byCall(name, count => (count === 5 ? 'leave' : 'at once'))],
		['stream', () => byStream(name)],
	] as const) {
		// Whether the failure or the leaving comes first is a matter of time.
		if (!(name.endsWith('at once') && manner === 'call that leaves')) {
			receivedNow = 0;
			const nothing = sleep(10_000, {messages: [], events: ['no end within 10 s']}, {ref: false});
			series[`${name}, ${manner}`] = {sent: messages.map(word), ...(await Promise.race([read(), nothing]))};
		}
	}
}

console.log(JSON.stringify(series));
rmSync(folder, {recursive: true, force: true});
process.exit();
