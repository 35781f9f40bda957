/** Agents that lie about the length of their messages. The client is a process of its own, so that its memory is measured. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type ServerHttp2Stream} from 'node:http2';
import type {AddressInfo} from 'node:net';
import test, {type TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {project} from '../../program/program.js';

const client = fileURLToPath(new URL('hostile-client.ts', import.meta.url));
const mebi = 1024 ** 2;
const mostBytes = 400 * mebi;

type Reply = (stream: ServerHttp2Stream) => void;
type Heard = {readonly what: string; readonly says: string; readonly rss: number};

function head(size: number, compressed = false): Buffer {
	const bytes = Buffer.alloc(5);
	bytes[0] = compressed ? 1 : 0;
	bytes.writeUInt32BE(size, 1);
	return bytes;
}

function message(body: Buffer, compressed = false): Buffer {
	return Buffer.concat([head(body.length, compressed), body]);
}

const headers = {':status': 200, 'content-type': 'application/grpc+proto'};

function version(stream: ServerHttp2Stream): void {
	stream.respond(headers, {waitForTrailers: true});
	stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}));
	stream.end(message(Buffer.from(encodeMessage('GetVersionResponse', {version: 'v1.7.0'}))));
}

/** Sends a part as often as the client reads it. */
function flood(stream: ServerHttp2Stream, part: Buffer, times = Number.POSITIVE_INFINITY): void {
	let left = times;
	function more() {
		while (left > 0 && !stream.destroyed) {
			left--;
			if (!stream.write(part)) {
				stream.once('drain', more);
				return;
			}
		}
	}

	more();
}

/** Starts an agent whose calls are answered by the end of their path, and lets a client meet it. */
async function heardOf(t: TestContext, replies: Readonly<Record<string, Reply>>): Promise<readonly Heard[]> {
	const server = createServer();
	server.on('sessionError', () => undefined);
	server.on('stream', (stream, request) => {
		stream.on('error', () => undefined);
		const name = String(request[':path']).split('/').at(-1) ?? '';
		(replies[name] ?? version)(stream);
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	t.after(() => server.close());
	const {port} = server.address() as AddressInfo;
	const child = spawn(process.execPath, ['--import=./scripts/patched-tsx.js', client, String(port)], {cwd: project});
	t.after(() => child.kill('SIGKILL'));
	let stdout = '';
	child.stdout.on('data', (chunk: Buffer) => {
		stdout += chunk;
	});
	child.stderr.pipe(process.stderr);
	const [code, signal] = await once(child, 'close');
	assert.deepEqual([code, signal], [0, null]);
	const heard = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as Heard);
	for (const {what, rss} of heard) {
		assert.ok(rss < mostBytes, `${what}: ${Math.round(rss / mebi)} MiB`);
	}

	return heard;
}

const blank = Buffer.alloc(mebi);

function refuse(text: string): Reply {
	return stream => stream.respond({...headers, 'grpc-status': '8', 'grpc-message': text}, {endStream: true});
}

test('a message that claims 4 GiB ends the stream in one sentence, and so does a cache', {timeout: 60_000}, async t => {
	function lie(stream: ServerHttp2Stream) {
		stream.respond(headers);
		stream.write(head(0xff_ff_ff_ff));
		flood(stream, blank);
	}

	const heard = await heardOf(t, {GetEvents: lie, GetDebug: lie});
	assert.deepEqual(
		heard.map(({says}) => says),
		['a message is longer than 16 MiB (--max-recv-size)', 'the answer to GetDebug is longer than 192 MiB'],
	);
});

test('a message of gzip is counted unpacked', {timeout: 60_000}, async t => {
	function bomb(stream: ServerHttp2Stream) {
		stream.respond({...headers, 'grpc-encoding': 'gzip'});
		// Members one after the other: 2.5 MB are 2.5 GB.
		const member = gzipSync(Buffer.alloc(64 * mebi));
		stream.write(message(Buffer.concat(Array.from({length: 38}, () => member)), true));
	}

	const heard = await heardOf(t, {GetEvents: bomb, GetDebug: bomb});
	assert.match(heard[0]?.says ?? '', /^a message is longer than 16 MiB/);
	assert.match(heard[1]?.says ?? '', /^the answer to GetDebug is longer than 16 MiB/);
});

test('a message at the limit in pieces of one byte takes no more than its length', {timeout: 60_000}, async t => {
	const heard = await heardOf(t, {
		GetEvents(stream) {
			stream.respond(headers, {waitForTrailers: true});
			stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}));
			stream.write(head(16 * mebi));
			const piece = Buffer.alloc(1);
			flood(stream, piece, 200_000);
			stream.end();
		},
		GetDebug: refuse('no'),
	});
	assert.equal(heard.length, 2);
});

test('a cache of 500 000 tiny entries and more is read up to the bound', {timeout: 60_000}, async t => {
	const entry = encodeMessage('ProcessInternal', {process: {exec_id: 'a'}});
	const entries = Buffer.concat(
		Array.from({length: 100_000}, () => Buffer.concat([Buffer.of(10, entry.length), entry])),
	);
	const inner = Array.from({length: 20}, () => entries);
	const length = entries.length * inner.length;
	const varint = [(length & 127) | 128, ((length >> 7) & 127) | 128, ((length >> 14) & 127) | 128, length >> 21];
	const heard = await heardOf(t, {
		GetEvents: refuse('no'),
		GetDebug(stream) {
			stream.respond(headers, {waitForTrailers: true});
			stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}));
			stream.end(message(Buffer.concat([Buffer.of(26, ...varint), ...inner])));
		},
	});
	assert.equal(heard[1]?.says, '500000 entries');
});

test('a status text of 10 kB is cut and decoded', {timeout: 60_000}, async t => {
	const heard = await heardOf(t, {
		GetEvents: refuse(`the map %2Fsys%2Ffs%0Ais full ${'x'.repeat(10_000)}`),
		GetDebug: refuse('%FF'),
	});
	assert.match(heard[0]?.says ?? '', /^the map \/sys\/fs is full x+…$/);
	assert.ok((heard[0]?.says.length ?? 0) <= 401);
	assert.equal(heard[1]?.says, '\uFFFD');
});

test('an agent that answers the first call with 200 headers of 200 bytes is refused, and no process dies', {
	timeout: 120_000,
}, async t => {
	const many = Object.fromEntries(Array.from({length: 200}, (_, index) => [`x-h-${index}`, 'v'.repeat(200)]));
	const heard = await heardOf(t, {
		GetVersion: stream => stream.respond({...headers, ...many, 'grpc-status': '0'}, {endStream: true}),
	});
	assert.match(heard[0]?.says ?? '', /cannot reach the agent/);
});
