/** The test API server answers a recorded request with the recorded bytes: see test/fixtures/kubernetes-api/README.md. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import type {IncomingMessage} from 'node:http';
import https from 'node:https';
import net, {type AddressInfo} from 'node:net';
import test, {type TestContext} from 'node:test';
import WebSocket from 'ws';
import type {KubeObject} from '../../../source/kubernetes/api/objects.js';
import type {TestApiServer} from './api-server.js';
import {startServer} from './test-api.js';
import {agentPod} from './test-cluster.js';
import {until} from './until.js';

const folder = new URL('../../fixtures/kubernetes-api/', import.meta.url);

type Frame = {readonly channel: number; readonly base64: string; readonly to?: 'server'};

type Exchange = {
	readonly request: {
		readonly method: string;
		readonly path: string;
		readonly body?: object;
		readonly 'sec-websocket-protocol'?: string;
	};
	readonly frames?: readonly Frame[];
	readonly response?: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body?: string;
		readonly chunks?: ReadonlyArray<{readonly text: string}>;
	};
	readonly close?: {readonly code: number; readonly reason: string};
	/** The client of the recording ended it. */
	readonly cut?: string;
};

function recorded(name: string): Exchange {
	return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Exchange;
}

const names = readdirSync(folder)
	.filter(file => file.endsWith('.json'))
	.map(file => file.replace('.json', ''));

/** The user of a recording: its name says which role it had. */
function userOf(name: string): string {
	const roles: Readonly<Record<string, string>> = {
		'ex-create': 'ex-create',
		logs: 'logs-user',
		none: 'nobody-user',
		'pf-create': 'pf-create',
	};
	const [, role = ''] = /-as-(.+)$/.exec(name) ?? [];
	return name === 'list-forbidden' ? 'nobody-user' : name === 'unauthorized' ? 'unknown' : (roles[role] ?? 'admin');
}

/** The agent of the recording: its first bytes of HTTP/2, and its answer to the client's. */
async function startRecordedAgent(t: TestContext): Promise<number> {
	const [settings, answer] = (recorded('portforward-open').frames ?? [])
		.filter(({channel, to, base64}) => channel === 0 && to === undefined && base64 !== 'MdQ=')
		.map(({base64}) => Buffer.from(base64, 'base64'));
	const agent = net.createServer(socket => {
		socket.on('error', () => undefined);
		socket.write(settings ?? '');
		socket.on('data', () => socket.write(answer ?? ''));
		t.after(() => socket.destroy());
	});
	await new Promise<void>(resolve => {
		agent.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => agent.close());
	return (agent.address() as AddressInfo).port;
}

/** The cluster of the recordings: one agent with a TCP port, one kubelet that is down where the recording has it down. */
async function startLab(t: TestContext, name: string): Promise<TestApiServer> {
	const server = await startServer(t);
	const port = await startRecordedAgent(t);
	for (const user of ['admin', 'ex-create', 'logs-user', 'nobody-user', 'pf-create']) {
		server.tokens.set(user, user);
	}

	server.denials = ['ex-create', 'logs-user', 'nobody-user', 'pf-create'].map(user => ({user}));
	server.denials.push({user: 'admin', subresource: 'exec', name: ''});
	const kubelet = '127.0.0.1:10251';
	server.nodes.set('node-a', {name: 'node-a', port, nc: true, bin: '/usr/bin', kubelet});
	server.nodes.set('node-b', {name: 'node-b', nc: true, bin: '/usr/bin', kubelet, down: name.endsWith('node-down')});
	server.store.put('pods', agentPod('node-a', 'tetragon-b94r9'));
	server.store.put('pods', agentPod('node-b', 'tetragon-vdjsl'));
	if (name.endsWith('-missing')) {
		const [, execId] = /exec \\"(\w+)\\"/.exec(recorded(name).frames?.map(text).join('') ?? '') ?? [];
		server.streams.execId = execId ?? '';
	}

	return server;
}

function text({base64}: Frame): string {
	return Buffer.from(base64, 'base64').toString();
}

/** What came on each channel. stdout and stderr come in any order: the recordings have both. */
function byChannel(frames: readonly Frame[]): Readonly<Record<string, string>> {
	const all: Record<string, Buffer> = {};
	for (const {channel, base64} of frames) {
		all[channel] = Buffer.concat([all[channel] ?? Buffer.alloc(0), Buffer.from(base64, 'base64')]);
	}

	return Object.fromEntries(Object.entries(all).map(([channel, bytes]) => [channel, bytes.toString('base64')]));
}

function ask(server: TestApiServer, {request}: Exchange, user: string): Promise<IncomingMessage> {
	const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>();
	const outgoing = https.request(server.url + request.path, {
		method: request.method,
		headers: {Authorization: `Bearer ${user}`},
		rejectUnauthorized: false,
		agent: false,
	});
	outgoing.on('response', resolve);
	outgoing.on('error', reject);
	outgoing.end(request.body && JSON.stringify(request.body));
	return promise;
}

function checkHead(response: IncomingMessage, wanted: NonNullable<Exchange['response']>): void {
	const got = Object.keys(wanted.headers).map(name => [name, response.headers[name]]);
	assert.deepEqual([response.statusCode, Object.fromEntries(got)], [wanted.status, wanted.headers]);
}

async function bodyOf(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of response) {
		chunks.push(chunk as Buffer);
	}

	return Buffer.concat(chunks).toString();
}

const upgrades = names.filter(name => recorded(name).request['sec-websocket-protocol'] !== undefined);

for (const name of upgrades) {
	test(`recorded: ${name}`, async t => {
		const server = await startLab(t, name);
		const {request, response, frames = [], close, cut} = recorded(name);
		const socket = new WebSocket(
			server.url.replace('https', 'wss') + request.path,
			(request['sec-websocket-protocol'] ?? '').split(', '),
			{headers: {Authorization: `Bearer ${userOf(name)}`}, rejectUnauthorized: false},
		);
		t.after(() => socket.terminate());
		socket.on('error', () => undefined);
		const got: Frame[] = [];
		let closed: {code: number; reason: string} | undefined;
		let refused: IncomingMessage | undefined;
		socket.on('message', (data: Buffer) => {
			got.push({channel: data[0] ?? -1, base64: data.subarray(1).toString('base64')});
		});
		socket.on('close', (code, reason) => {
			closed = {code, reason: reason.toString()};
		});
		socket.on('unexpected-response', (_request, answer) => {
			refused = answer;
		});
		if (response?.status !== 101) {
			await until('it is refused', () => refused !== undefined);
			assert.ok(refused !== undefined && response !== undefined);
			checkHead(refused, response);
			assert.equal(await bodyOf(refused), response.body);
			return;
		}

		const fromServer: Frame[] = [];
		for (const frame of frames) {
			if (frame.to === 'server') {
				socket.send(Buffer.from(frame.base64, 'base64'));
				continue;
			}

			fromServer.push(frame);
			await until(
				'as many bytes came',
				() => JSON.stringify(byChannel(got)).length >= JSON.stringify(byChannel(fromServer)).length,
			);
		}

		assert.equal(socket.protocol, response.headers['sec-websocket-protocol']);
		if (cut === undefined) {
			await until('it is closed', () => closed !== undefined);
			assert.deepEqual(closed && [closed.code, closed.reason], close && [close.code, close.reason]);
			assert.equal(got.at(-1)?.channel, fromServer.at(-1)?.channel, 'the last frame');
		}

		assert.deepEqual(got[0], {channel: fromServer[0]?.channel, base64: fromServer[0]?.base64}, 'the first frame');
		assert.deepEqual(byChannel(got), byChannel(fromServer));
	});
}

const simple = [
	'continue-expired',
	'exec-pod-missing',
	'list-forbidden',
	'log-container-missing',
	'log-node-down',
	'not-found',
	'unauthorized',
	'version',
	'watch-too-old',
	'selfsubjectaccessreview',
];

for (const name of simple.filter(one => !upgrades.includes(one))) {
	test(`recorded: ${name}`, async t => {
		const server = await startLab(t, name);
		const exchange = recorded(name);
		const {body = '', ...head} = exchange.response ?? {status: 0, headers: {}};
		server.store.compacted = 10_552;
		server.version = name === 'version' ? (JSON.parse(body) as object) : undefined;
		const [time] = /\d{4}-\d\d-\d\dT[\d:]+Z/.exec(body) ?? [];
		server.now = () => new Date(time ?? 0);
		const response = await ask(server, exchange, userOf(name));
		checkHead(response, head);
		assert.equal(await bodyOf(response), body);
	});
}

test('recorded: log-since', async t => {
	const server = await startLab(t, 'log-since');
	const exchange = recorded('log-since');
	const {body = '', ...head} = exchange.response ?? {status: 0, headers: {}};
	const [, time = '', line = ''] = /^(\S+) ([\s\S]*)$/.exec(body) ?? [];
	server.logs.lines.set('tetragon-b94r9', [{time, text: `${line} and more than the limit of bytes`}]);
	const response = await ask(server, exchange, 'admin');
	checkHead(response, head);
	assert.equal(await bodyOf(response), body);
});

test('recorded: log-follow-quiet has no head before the first line', async t => {
	const server = await startLab(t, 'log-follow-quiet');
	let isAnswered = false;
	const response = ask(server, recorded('log-follow-quiet'), 'admin').then(answer => {
		isAnswered = true;
		return answer;
	});
	await until('the log is followed', () => server.logs.followers.get('tetragon-vdjsl')?.size === 1);
	await bodyOf(await ask(server, recorded('not-found'), 'admin'));
	assert.equal(isAnswered, false);
	server.logs.followers.get('tetragon-vdjsl')?.values().next().value?.write('a line\n');
	(await response).destroy();
});

test('recorded: list-pods-first-page', async t => {
	const server = await startLab(t, 'list-pods-first-page');
	const exchange = recorded('list-pods-first-page');
	const {body = '', ...head} = exchange.response ?? {status: 0, headers: {}};
	const [first] = (JSON.parse(body) as {items: readonly KubeObject[]}).items;
	server.store.version = Number(first?.metadata?.resourceVersion) - 1;
	server.store.put('pods', first ?? {});
	for (let index = 0; index < 24; index++) {
		server.store.put('pods', agentPod('node-a', `other-${index}`));
	}

	server.store.version = 11_651;
	const response = await ask(server, exchange, 'admin');
	checkHead(response, head);
	assert.equal(await bodyOf(response), body);
});

for (const name of ['watch-bookmarks', 'watch-send-initial-events']) {
	test(`recorded: ${name}`, async t => {
		const server = await startLab(t, name);
		const exchange = recorded(name);
		const {chunks = [], ...head} = exchange.response ?? {status: 0, headers: {}};
		const lines = chunks
			.map(chunk => chunk.text)
			.join('')
			.split('\n');
		const versions = lines
			.flatMap(line => /"type":"BOOKMARK".*"resourceVersion":"(\d+)"/.exec(line)?.[1] ?? [])
			.map(Number);
		const {object} = JSON.parse(lines[0] ?? '') as {object: KubeObject & {kind?: string; apiVersion?: string}};
		const {kind: _kind, apiVersion: _version, ...pod} = object;
		server.store.version = Number(object.metadata?.resourceVersion) - 1;
		server.store.put('pods', pod);
		server.store.version = versions[0] ?? 0;
		server.collections.bookmarkMs = 10;
		const response = await ask(server, exchange, 'admin');
		checkHead(response, head);
		let got = '';
		response.on('data', (chunk: Buffer) => {
			got += chunk.toString();
		});
		await until('the initial bookmark', () => got.includes('initial-events-end'));
		server.store.version = versions[1] ?? server.store.version;
		await until('a bookmark', () => versions[1] === undefined || got.includes(`"${versions[1]}"`));
		server.endWatches();
		await until('it ended', () => response.complete);
		// The bookmarks of this server come faster than the recorded ones.
		const distinct = [...new Set(got.split('\n'))].filter(
			line => lines.includes(line) || !line.includes(`{"resourceVersion":"${versions[0]}"},`),
		);
		assert.deepEqual(distinct, [...new Set(lines)]);
	});
}

test('every recorded exchange is held by a test of this file', () => {
	const others = [
		'log-since',
		'log-follow-quiet',
		'list-pods-first-page',
		'watch-bookmarks',
		'watch-send-initial-events',
	];
	assert.deepEqual(
		names.filter(name => ![...upgrades, ...simple, ...others].includes(name)),
		[],
	);
});
