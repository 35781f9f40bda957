/** Answers of a real Loki, byte for byte: what it was given comes out of them. */
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {Loki} from '../../source/history/loki/loki.js';
import {lokiSettings} from '../../source/history/loki/settings.js';
import {StoreReading} from '../../source/history/source-of.js';
import {type RecordedEvent, RecordingReader} from '../../source/recording/reader.js';
import {LokiServer} from './loki-server.js';

const folder = fileURLToPath(new URL('../fixtures/loki', import.meta.url));

type Exchange = {
	readonly request: string;
	readonly status: number;
	readonly responseHeaders: Readonly<Record<string, string>>;
	readonly body: string;
	/** Of the answer, without unwrapping: time and line. */
	readonly values: ReadonlyArray<readonly [string, string]>;
};

function exchange(name: string): Exchange {
	const {request, status, responseHeaders} = JSON.parse(
		readFileSync(path.join(folder, `${name}.json`), 'utf8'),
	) as Exchange;
	const plain = path.join(folder, `${name}.body`);
	const body = existsSync(plain) ? readFileSync(plain, 'utf8') : gunzipSync(readFileSync(`${plain}.gz`)).toString();
	const result = status === 200 && body.includes('"result"') ? (JSON.parse(body) as Answer).data.result : [];
	return {request, status, responseHeaders, body, values: result.flatMap(({values}) => values)};
}

type Answer = {
	readonly data: {readonly result: ReadonlyArray<{readonly values: ReadonlyArray<readonly [string, string]>}>};
};

/** Serves the exchange for the window that its entries are in. */
async function read(t: TestContext, name: string): Promise<{reader: RecordingReader; events: RecordedEvent[]}> {
	const server = new LokiServer();
	const {body, status, responseHeaders, values, request} = exchange(name);
	server.instead = ({path: asked, parameters}) => {
		const [from, to] = [BigInt(parameters.get('start') ?? 0), BigInt(parameters.get('end') ?? 0)];
		const isIn = status !== 200 || values.some(([ns]) => BigInt(ns) >= from && BigInt(ns) < to);
		return asked.endsWith('/query_range') && isIn
			? {status, body, type: responseHeaders['Content-Type'] ?? 'text/plain'}
			: undefined;
	};
	const address = await server.listen();
	const {searchParams} = new URL(request.split(' ')[1] ?? '', 'http://loki');
	const times = values.map(([ns]) => BigInt(ns)).toSorted((one, other) => (one < other ? -1 : 1));
	const first = times[0] ?? BigInt(searchParams.get('start') ?? 1);
	const last = times.at(-1) ?? first;
	const span = {from: first, to: last + 1n};
	const controller = new AbortController();
	const settings = lokiSettings(address, {query: searchParams.get('query') ?? '{job="x"}'}, {LOKI_CLIENT_RETRIES: '1'});
	const loki = new Loki(settings, {span, signal: controller.signal, backoffMs: 1, firstByteMs: 2000});
	const store = new StoreReading(loki.record(), {span, isFollowed: false});
	t.after(() => {
		controller.abort();
		store.close();
		server.close();
	});
	const reader = new RecordingReader([store.source()]);
	const events: RecordedEvent[] = [];
	for await (const batch of reader.events()) {
		events.push(...batch);
	}

	return {reader, events};
}

for (const name of [
	'alloy-forward-30-categorized',
	'alloy-forward-30',
	'wrapped-crifull',
	'wrapped-docker',
	'wrapped-fluentbit',
	'wrapped-vector',
	'escapes-raw',
	'escapes-docker',
	'escapes-twice',
	'detected-level-categorized',
	'detected-level-splits-a-stream',
	'equal-ts-all',
	'backward-100',
	'forward-100',
]) {
	test(`${name}: each line is an event, by its time`, async t => {
		const {reader, events} = await read(t, name);
		assert.equal(reader.malformed, undefined, JSON.stringify(reader.malformed));
		assert.equal(events.length, exchange(name).values.length);
		const times = events.map(({timeMs}) => timeMs);
		assert.deepEqual(
			times,
			times.toSorted((one, other) => one - other),
		);
	});
}

for (const name of ['stream-shard-fragments-categorized', 'stream-shard-fragments', 'wrapped-docker-partial']) {
	test(`${name}: parts of a line are joined, and one cut off by the page is counted`, async t => {
		const {reader, events} = await read(t, name);
		const ends = exchange(name).values.filter(([, line]) => / F /.test(line.slice(0, 60)) || /\\n","stream/.test(line));
		assert.ok(events.length > 0 || name === 'wrapped-docker-partial');
		assert.ok(events.length <= ends.length || ends.length === 0);
		assert.ok((reader.malformed?.count ?? 0) + events.length > 0);
	});
}

for (const [name, words] of [
	['gateway-no-auth-401', /it answers 401: 401 Authorization Required; log in by LOKI_USERNAME/],
	['prefix-no-token-401', /it answers 401: unauthorized; log in/],
	['err-no-org-id', /it answers 401: no org id; name the tenant/],
	['backend-down-502', /it answers 502: 502 Bad Gateway; try later/],
	['err-parse', /it answers 400: parse error at line 1, .*; correct --query/],
	['err-empty-selector', /it answers 400: parse error : queries require .*; correct --query/],
	['err-bad-tenant', /unsupported character '\/'; give another tenant/],
	['err-response-over-4MiB-504', /it answers 504: request timed out/],
	['err-query-too-long', /give a shorter span/],
	['other-tenant-empty', /nothing between .* and .* for \{/],
] as const) {
	test(`${name} is said in plain words`, async t => {
		const {reader, events} = await read(t, name);
		assert.deepEqual(events, []);
		assert.match(reader.nothing ?? '', words);
	});
}

test('every recorded exchange is read without an error of tetratop', async t => {
	for (const file of readdirSync(folder).filter(name => name.endsWith('.json'))) {
		const {reader} = await read(t, file.slice(0, -5));
		assert.doesNotMatch(reader.problems.map(({why}) => why).join(), /undefined|TypeError|not a function|Cannot/);
	}
});
