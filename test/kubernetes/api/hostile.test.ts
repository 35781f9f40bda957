/** API servers that lie, flood and never end. The client that meets them is a process of its own, so that its memory is measured. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type TestContext} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {createGzip} from 'node:zlib';
import {follow, listAll} from '../../../source/kubernetes/api/follow.js';
import {asPod} from '../../../source/kubernetes/api/objects.js';
import {project} from '../../program/program.js';
import {connectApi} from '../cluster/test-api.js';

const client = fileURLToPath(new URL('hostile-client.ts', import.meta.url));
const mostBytes = 400 * 1024 ** 2;

type Answer = (response: ServerResponse, path: string) => void;

async function serve(t: TestContext, answer: Answer): Promise<string> {
	const server = createServer((request, response) => {
		response.on('error', () => undefined);
		answer(response, request.url ?? '');
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends a part again and again, `times` times or for ever, as fast as it is read. */
function flood(to: NodeJS.WritableStream, part: Buffer, times = Number.POSITIVE_INFINITY): void {
	let left = times;
	function more() {
		while (left > 0) {
			left--;
			if (!to.write(part)) {
				to.once('drain', more);
				return;
			}
		}

		to.end();
	}

	more();
}

const mebi = 1024 ** 2;
const blank = Buffer.alloc(mebi, 32);

const bombs: Readonly<Record<string, {readonly answer: Answer; readonly says: RegExp}>> = {
	'/api/v1/endless-html': {
		answer(response) {
			response.writeHead(200, {'Content-Type': 'text/html'});
			flood(response, Buffer.alloc(mebi, '<html>'));
		},
		says: /longer than 32 MiB/,
	},
	'/api/v1/gzip': {
		answer(response) {
			response.writeHead(200, {'Content-Encoding': 'gzip', 'Content-Type': 'application/json'});
			const gzip = createGzip({level: 1});
			gzip.pipe(response);
			response.on('close', () => gzip.destroy());
			gzip.on('error', () => undefined);
			flood(gzip, blank);
		},
		says: /longer than 32 MiB/,
	},
	'/api/v1/deep': {answer: response => response.end(Buffer.alloc(6 * mebi, '[')), says: /nested deeper than 100/},
	'/api/v1/deep-objects': {
		answer: response => response.end(Buffer.alloc(6 * mebi, '{"a":')),
		says: /nested deeper than 100/,
	},
	'/api/v1/many': {
		answer: response => flood(response, Buffer.alloc(mebi, '[],').fill('[', 0, 1), 30),
		says: /nested deeper|more than 1000000 values/,
	},
	'/api/v1/null': {answer: response => response.end('null'), says: /not a JSON object/},
	'/api/v1/endless-error': {
		answer(response) {
			response.writeHead(500);
			flood(response, Buffer.alloc(mebi, 'no '));
		},
		says: /^GET \S+: no no no/,
	},
	'/api/v1/bytes': {
		// One chunk of HTTP for each byte.
		answer: response => flood(response, Buffer.from('x'), 200_000),
		says: /not JSON/,
	},
};

test('no answer of an API server takes more memory than its limit, and each is refused in one sentence', {
	timeout: 120_000,
}, async t => {
	const url = await serve(t, (response, path) => bombs[path.replace(/\?.*/, '')]?.answer(response, path));
	const child = spawn(process.execPath, ['--import=./scripts/patched-tsx.js', client, url, ...Object.keys(bombs)], {
		cwd: project,
	});
	t.after(() => child.kill('SIGKILL'));
	let stdout = '';
	child.stdout.on('data', (chunk: Buffer) => {
		stdout += chunk;
	});
	child.stderr.pipe(process.stderr);
	const [code] = await once(child, 'close');
	assert.equal(code, 0);
	const lines = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as {path: string; says: string; rss: number});
	assert.equal(lines.length, Object.keys(bombs).length);
	for (const {path, says, rss} of lines) {
		assert.match(says, bombs[path]?.says ?? /^$/, path);
		assert.ok(says.length < 1000 && !says.includes('\n'), path);
		assert.ok(rss < mostBytes, `${path}: ${Math.round(rss / mebi)} MiB`);
	}
});

test('a list whose pages never end is refused', async t => {
	let pages = 0;
	const url = await serve(t, response => {
		pages++;
		response.end('{"metadata":{"continue":"more"},"items":[]}');
	});
	await assert.rejects(listAll(connectApi(t, {url}), '/api/v1/pods', asPod, {}), /longer than 1000 pages/);
	assert.equal(pages, 1000);
});

test('null, a wrong type and an empty object in a list are no pods, and fields of another type are absent', async t => {
	const items = [
		null,
		5,
		'pod',
		[],
		{metadata: null},
		{metadata: {name: 5, labels: [null], ownerReferences: [null, {kind: 'DaemonSet', name: null}]}},
		{metadata: {name: 'a'}, spec: {containers: null, volumes: [{configMap: null}, null]}, status: 'none'},
	];
	const url = await serve(t, response => response.end(JSON.stringify({metadata: null, items})));
	const {items: pods} = await listAll(connectApi(t, {url}), '/api/v1/pods', asPod, {});
	assert.deepEqual(pods, [
		{},
		{metadata: {ownerReferences: [{kind: 'DaemonSet'}]}},
		{metadata: {name: 'a'}, spec: {volumes: [{}]}},
	]);
});

test('a watch that ends at once, or is too old each time, is asked again with a back-off', async t => {
	for (const answer of ['', '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n', 'null\n']) {
		let requests = 0;
		const url = await serve(t, (response, path) => {
			requests++;
			response.end(path.includes('watch=') ? answer : '{"metadata":{"resourceVersion":"1"},"items":[]}');
		});
		const stop = new AbortController();
		t.after(() => stop.abort());
		const api = connectApi(t, {url});
		void follow(api, '/api/v1/pods', asPod, {list() {}, change() {}, trouble() {}, well() {}}, {signal: stop.signal});
		await pause(1500);
		stop.abort();
		// Turns at 0, 0.5 and 1.5 s without jitter, at 0, 0.25, 0.75 and 1.75 s with the most; a turn is two requests.
		assert.ok(requests <= 8, `${requests} requests in 1.5 s for ${JSON.stringify(answer)}`);
	}
});
