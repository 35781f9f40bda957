/**
A process of its own that stands for agents: node:http2 servers on unix sockets, which send recorded frames as one gRPC
stream each, many frames to a write. A grpc-js server spends longer on a message than any client here, so what was
measured with one would be the server.

	sender.ts FOLDER RECORDING SOCKETS      sockets FOLDER/0, FOLDER/1, …; orders and reports go by IPC (sending.ts)
*/
import {Buffer} from 'node:buffer';
import {unlinkSync} from 'node:fs';
import {createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream} from 'node:http2';
import path from 'node:path';
import process from 'node:process';
import {encodeMessage} from '../source/tetragon/wire/encode.js';
import {RecordedMessages} from './recorded-blocks.js';
import type {Order, Report} from './sending.js';

const [folder = '', recording = '', sockets = '1'] = process.argv.slice(2);
const messages = new RecordedMessages(recording);
/** Each agent plays the recording for itself: what starts on a node ends there. */
const played = new WeakMap<ServerHttp2Stream, RecordedMessages>();
const streams = new Map<number, ServerHttp2Stream>();
const sessions = new Map<number, Set<ServerHttp2Session>>();
const version = Buffer.from(encodeMessage('GetVersionResponse', {version: 'v1.8.0-bench'}));
const noMessage = Buffer.alloc(0);

function report(news: Report): void {
	return void process.send?.(news);
}

const answers: Readonly<Record<string, Buffer>> = {
	GetVersion: version,
	GetHealth: noMessage,
	ListTracingPolicies: noMessage,
	GetDebug: noMessage,
};

function message(bytes: Buffer): Buffer {
	const head = Buffer.alloc(5);
	head.writeUInt32BE(bytes.length, 1);
	return Buffer.concat([head, bytes]);
}

function serve(index: number): Http2Server {
	const server = createServer({settings: {initialWindowSize: 1024 * 1024}});
	server.on('session', session => {
		const known = sessions.get(index) ?? new Set();
		known.add(session);
		sessions.set(index, known);
		session.on('close', () => known.delete(session));
		session.on('error', () => {});
	});
	server.on('stream', (stream, headers) => {
		const call = String(headers[':path']).split('/').at(-1) ?? '';
		stream.on('error', () => {});
		stream.respond({':status': 200, 'content-type': 'application/grpc+proto'}, {waitForTrailers: true});
		if (call === 'GetEvents') {
			stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}));
			streams.set(index, stream);
			played.set(stream, new RecordedMessages(messages));
			stream.on('close', () => {
				if (streams.get(index) === stream) {
					streams.delete(index);
				}
			});
			report({type: 'subscribed', index});
			return;
		}

		const answer = answers[call];
		stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': answer ? '0' : '12'}));
		stream.end(answer ? message(answer) : undefined);
	});
	server.listen(path.join(folder, String(index)));
	return server;
}

function write(stream: ServerHttp2Stream, bytes: Buffer): Promise<void> {
	return new Promise((resolve, reject) => {
		function closed(): void {
			reject(new Error('the client went away'));
		}

		stream.once('close', closed);
		stream.write(bytes, error => {
			stream.off('close', closed);
			if (error) {
				reject(error);
			} else {
				resolve();
			}
		});
	});
}

/** At least so many events, in whole blocks, as fast as flow control lets it; times are those at which the transport had taken the bytes. */
async function flood(warm: number, count: number): Promise<void> {
	const stream = streams.get(0);
	if (!stream) {
		throw new Error('nobody listens');
	}

	let sent = 0;
	let warmAt = performance.now();
	let sentWarm: number | undefined;
	// Four blocks are under way, so that the transport never waits for this process.
	const under: Array<Promise<void>> = [];
	while (sent < warm + count) {
		const block = messages.block(Date.now());
		sent += block.count;
		under.push(write(stream, block.bytes));
		if (under.length >= 4) {
			await under.shift();
		}

		if (sent >= warm && sentWarm === undefined) {
			await Promise.all(under.splice(0));
			warmAt = performance.now();
			sentWarm = sent;
			report({type: 'warm'});
		}
	}

	await Promise.all(under);
	report({type: 'flooded', milliseconds: performance.now() - warmAt, sent, counted: sent - (sentWarm ?? 0)});
}

let pace: NodeJS.Timeout | undefined;
let paced = 0;
let skipped = 0;

/**
Events at a rate, each at its time: the streams take turns, and what falls due in one tick of 1 ms on one stream goes out
as one write, as an agent's transport does with what it finds in its queue. For a client that reads nothing events are dropped and counted.
*/
function start(perSecond: number): void {
	clearInterval(pace);
	const from = performance.now();
	let due = 0;
	let turn = 0;
	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the inner loop of the sender; a call for each block would be measured too
	pace = setInterval(() => {
		const open = [...streams.values()];
		const wanted = Math.floor(((performance.now() - from) / 1000) * perSecond);
		if (open.length === 0) {
			due = wanted;
			return;
		}

		const shares = new Map<ServerHttp2Stream, number>();
		for (; due < wanted; due++) {
			const stream = open[turn++ % open.length]!;
			shares.set(stream, (shares.get(stream) ?? 0) + 1);
		}

		for (const [stream, share] of shares) {
			for (let left = share; left > 0; ) {
				const block = (played.get(stream) ?? messages).next(left, Date.now());
				left -= block.count;
				if (stream.writableLength > 16 * 1024 * 1024) {
					skipped += block.count;
				} else {
					paced += block.count;
					stream.write(block.bytes);
				}
			}
		}
	}, 1);
}

let servers = Array.from({length: Number(sockets)}, (_, index) => serve(index));

process.on('message', (order: Order) => {
	switch (order.type) {
		case 'flood': {
			flood(order.warm, order.count).catch((error: Error) => report({type: 'failed', text: error.message}));
			break;
		}

		case 'rate': {
			start(order.perSecond);
			break;
		}

		case 'pause': {
			clearInterval(pace);
			report({type: 'counted', sent: paced, skipped});
			break;
		}

		case 'count': {
			report({type: 'counted', sent: paced, skipped});
			break;
		}

		case 'end': {
			for (const stream of streams.values()) {
				stream.end();
			}

			break;
		}

		case 'restart': {
			// As an agent that is killed: no goodbye on the stream; it is back after a moment.
			for (const known of sessions.values()) {
				for (const session of known) {
					session.destroy();
				}
			}

			for (const server of servers) {
				server.close();
			}

			setTimeout(() => {
				for (let index = 0; index < servers.length; index++) {
					try {
						unlinkSync(path.join(folder, String(index)));
					} catch {
						// The server took it along.
					}
				}

				servers = servers.map((_, index) => serve(index));
				report({type: 'restarted'});
			}, order.milliseconds);
			break;
		}

		default:
	}
});
process.on('disconnect', () => process.exit());
report({type: 'ready', length: messages.length});
