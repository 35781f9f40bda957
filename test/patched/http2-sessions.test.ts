/** An agent whose answers hold more headers than Node takes must not abort the program. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import type {ClientHttp2Session, ClientHttp2Stream} from 'node:http2';
import {createServer, type Socket} from 'node:net';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {keepSession} from '../../source/patched/http2-sessions.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {patchedTsx} from '../program/patched.js';
import {temporaryFolder} from '../program/temporary.js';

const frameTypes = {data: 0, headers: 1, settings: 4, ping: 6, continuation: 9} as const;
const [endsStream, endsHeaders, isAnswer] = [1, 4, 1] as const;

/** Bytes of the longest frame that HTTP/2 allows unasked. */
const longestFrame = 16_384;

function frame(type: keyof typeof frameTypes, flags: number, stream: number, payload: Buffer): Buffer {
	const head = Buffer.alloc(9);
	head.writeUIntBE(payload.length, 0, 3);
	head[3] = frameTypes[type];
	head[4] = flags;
	head.writeUInt32BE(stream, 5);
	return Buffer.concat([head, payload]);
}

/** Length of a string of HPACK, 7 bits first. */
function lengthOf(count: number): Buffer {
	if (count < 127) {
		return Buffer.of(count);
	}

	const rest = count - 127;
	return rest < 128 ? Buffer.of(127, rest) : Buffer.of(127, (rest & 127) | 128, rest >> 7);
}

/** A header of HPACK: literal, without an index. */
function header(name: string, value: string): Buffer {
	return Buffer.concat([
		Buffer.of(0),
		lengthOf(name.length),
		Buffer.from(name),
		lengthOf(value.length),
		Buffer.from(value),
	]);
}

function headers(stream: number, block: Buffer, flags = 0): Buffer {
	const frames: Buffer[] = [];
	for (let at = 0; at < block.length; at += longestFrame) {
		const isLast = at + longestFrame >= block.length;
		const type = at === 0 ? 'headers' : 'continuation';
		frames.push(
			frame(type, (isLast ? endsHeaders : 0) | (at === 0 ? flags : 0), stream, block.subarray(at, at + longestFrame)),
		);
	}

	return Buffer.concat(frames);
}

const begin = Buffer.concat([header(':status', '200'), header('content-type', 'application/grpc')]);
const good = header('grpc-status', '0');
const flood = Buffer.concat([
	good,
	...Array.from({length: 200}, (_, index) => header(`x-h-${index}`, 'v'.repeat(200))),
]);

function message(body: Uint8Array): Buffer {
	const head = Buffer.alloc(5);
	head.writeUInt32BE(body.length, 1);
	return Buffer.concat([head, body]);
}

const version = message(encodeMessage('GetVersionResponse', {version: 'v1.7.0'}));

/** Answers the first call of the connection well, and the others with a flood of headers after their messages. */
function answer(stream: number): Buffer {
	const isFirst = stream === 1;
	return Buffer.concat([
		headers(stream, begin),
		frame('data', 0, stream, isFirst ? version : message(Buffer.alloc(0))),
		headers(stream, isFirst ? good : flood, endsStream),
	]);
}

function reply(type: number | undefined, isAnswered: boolean, stream: number): Buffer {
	if (type === frameTypes.headers) {
		return answer(stream);
	}

	if (isAnswered || (type !== frameTypes.settings && type !== frameTypes.ping)) {
		return Buffer.alloc(0);
	}

	return type === frameTypes.settings
		? frame('settings', isAnswer, 0, Buffer.alloc(0))
		: frame('ping', isAnswer, 0, Buffer.alloc(8));
}

const preface = 24;

/** An HTTP/2 server of frames: Node's own refuses to send so many headers. */
function serve(socket: Socket): void {
	let bytes = Buffer.alloc(0);
	let isBegun = false;
	socket.on('error', () => undefined);
	socket.write(frame('settings', 0, 0, Buffer.alloc(0)));
	socket.on('data', chunk => {
		bytes = Buffer.concat([bytes, chunk]);
		if (!isBegun && bytes.length >= preface) {
			isBegun = true;
			bytes = bytes.subarray(preface);
		}

		while (isBegun && bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
			const [type, flags = 0] = [bytes[3], bytes[4]];
			const stream = bytes.readUInt32BE(5);
			bytes = bytes.subarray(9 + bytes.readUIntBE(0, 3));
			socket.write(reply(type, (flags & isAnswer) !== 0, stream));
		}
	});
}

test('connections that are closed while headers are refused never abort the program', {timeout: 120_000}, async t => {
	const socket = path.join(temporaryFolder(), 'flood.sock');
	const server = createServer(serve);
	await once(server.listen(socket), 'listening');
	t.after(() => server.close());
	const client = fileURLToPath(new URL('flooded-client.ts', import.meta.url));
	for (let run = 0; run < 2; run++) {
		const child = spawn(process.execPath, [patchedTsx, client, socket]);
		t.after(() => child.kill('SIGKILL'));
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (chunk: Buffer) => {
				output += chunk;
			});
		}

		const [code, signal] = await once(child, 'close');
		assert.deepEqual([code, signal, output], [0, null, '200 connections\n']);
	}
});

test('the native session lives as long as a native stream of it', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const key = Symbol('kHandle');
	function owner(native: object): ClientHttp2Session & ClientHttp2Stream {
		return {[key]: native} as unknown as ClientHttp2Session & ClientHttp2Stream;
	}

	async function isCollected(session: WeakRef<object>): Promise<boolean> {
		for (let round = 0; round < 5; round++) {
			await new Promise(resolve => setImmediate(resolve));
			collect();
		}

		return session.deref() === undefined;
	}

	function begun(stream: object): WeakRef<object> {
		const session = {};
		keepSession(owner(session), owner(stream));
		return new WeakRef(session);
	}

	const streams = [{}];
	const session = begun(streams[0]!);
	assert.equal(await isCollected(session), false);
	streams.length = 0;
	assert.equal(await isCollected(session), true);
});

test('Node has the native parts where they are looked for', async t => {
	const {connect, createServer: createHttp2} = await import('node:http2');
	const server = createHttp2().on('stream', stream => stream.end());
	const socket = path.join(temporaryFolder(), 'plain.sock');
	await once(server.listen(socket), 'listening');
	t.after(() => server.close());
	const {connect: connectTo} = await import('node:net');
	const session = connect('http://localhost', {createConnection: () => connectTo(socket)});
	await once(session, 'connect');
	const stream = session.request();
	assert.equal(keepSession(session, stream), true);
	session.destroy();
});
