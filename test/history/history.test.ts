import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {Loki, type LokiOptions} from '../../source/history/loki/loki.js';
import {lokiSettings} from '../../source/history/loki/settings.js';
import {type Reading, StoreReading} from '../../source/history/source-of.js';
import {type NsSpan, shownNs} from '../../source/history/store-record.js';
import {quarterWindows} from '../../source/history/windows.js';
import {type RecordedEvent, RecordingReader} from '../../source/recording/reader.js';
import {LokiServer, type Stored} from './loki-server.js';

const startMs = Date.UTC(2026, 10, 28, 2, 3);
const start = BigInt(startMs) * 1_000_000n;
const hour = 3_600_000_000_000n;
const span: NsSpan = {from: start, to: start + 2n * hour};

function lineOf(index: number, {node = `worker-${1 + (index % 3)}`, size = 0, ms = index * 1000} = {}): string {
	const time = new Date(startMs + ms).toISOString();
	const process = {exec_id: `id${index}`, pid: index, binary: '/bin/x', arguments: 'y'.repeat(size)};
	return JSON.stringify({process_exec: {process}, node_name: node, time});
}

function stored(index: number, ns: bigint, options: Parameters<typeof lineOf>[1] = {}): Stored {
	const node = options.node ?? `worker-${1 + (index % 3)}`;
	return {ns, line: lineOf(index, options), labels: {container: 'export-stdout', node_name: node}};
}

type Setup = {
	readonly server: LokiServer;
	readonly query?: string;
	readonly environment?: Record<string, string>;
	readonly options?: Partial<LokiOptions>;
	readonly reading?: Partial<Reading>;
};

async function setUp(t: TestContext, {server, query, environment = {}, options = {}, reading = {}}: Setup) {
	const address = await server.listen();
	const controller = new AbortController();
	const loki = new Loki(lokiSettings(address, {query}, environment), {
		span,
		signal: controller.signal,
		firstByteMs: 1000,
		backoffMs: 1,
		...options,
	});
	const store = new StoreReading(loki.record(), {span, isFollowed: false, ...reading});
	t.after(() => {
		controller.abort();
		store.close();
		server.close();
	});
	return {loki, store, reader: new RecordingReader([store.source()])};
}

async function readAll(reader: RecordingReader): Promise<RecordedEvent[]> {
	const all: RecordedEvent[] = [];
	for await (const batch of reader.events()) {
		all.push(...batch);
	}

	return all;
}

function pids(events: readonly RecordedEvent[]): number[] {
	return events.map(({event}) => event.process_exec?.process?.pid as number);
}

function range(count: number): number[] {
	return Array.from({length: count}, (_, index) => index);
}

test('windows cross no quarter hour and are together the span', () => {
	const windows = quarterWindows(span);
	assert.equal(windows[0]?.from, span.from);
	assert.equal(windows.at(-1)?.to, span.to);
	for (const [index, {from, to}] of windows.entries()) {
		assert.equal(from, windows[index - 1]?.to ?? span.from);
		assert.equal(from / (hour / 4n), (to - 1n) / (hour / 4n), `${shownNs(from)} to ${shownNs(to)}`);
	}
});

for (const newestBytes of [undefined, 1e9]) {
	const way = newestBytes === undefined ? 'forward' : 'from the newest on';
	test(`2 h of three nodes are read whole and in order, ${way}`, async t => {
		const server = new LokiServer();
		server.entries = range(7000).map(index => stored(index, start + BigInt(index) * 1_000_000_000n));
		const {reader, store} = await setUp(t, {server, reading: {newestBytes}});
		assert.deepEqual(pids(await readAll(reader)), range(7000));
		assert.deepEqual(store.notes(), []);
	});

	test(`entries of one nanosecond that no page holds are all read, ${way}`, async t => {
		const server = new LokiServer();
		server.mostEntries = 30;
		server.entries = range(123).map(index =>
			stored(index, start + (index < 20 || index > 80 ? BigInt(index) * 1000n : 50_000n), {ms: index}),
		);
		const {reader} = await setUp(t, {server, reading: {newestBytes}});
		assert.deepEqual(
			pids(await readAll(reader)).toSorted((one, other) => one - other),
			range(123),
		);
	});

	test(`an answer that Loki is silent about is asked for in halves, ${way}`, async t => {
		const server = new LokiServer();
		// The first lines are short: the page is chosen by them, and then by the longest.
		server.entries = range(900).map(index =>
			stored(index, start + BigInt(index) * 1_000_000n, {ms: index, size: index % 300 < 150 ? 10 : 60_000}),
		);
		const {reader, loki} = await setUp(t, {server, reading: {newestBytes}});
		assert.deepEqual(pids(await readAll(reader)), range(900));
		assert.ok(loki.requests < 100, `${loki.requests} requests`);
	});
}

test('a nanosecond with more than Loki gives at all is said', async t => {
	const server = new LokiServer();
	server.mostEntries = 10;
	server.entries = range(60).map(index => stored(index, start, {node: 'worker-1', ms: index}));
	const {reader, store} = await setUp(t, {server});
	assert.equal((await readAll(reader)).length, 10);
	assert.match(store.notes().join(), /1 nanoseconds have more entries than Loki at .* gives/);
});

test('lines that a runtime has torn are joined for each node, over pages and shards', async t => {
	const server = new LokiServer();
	server.mostEntries = 5;
	server.entries = range(60).flatMap(index => {
		const node = `worker-${1 + (index % 3)}`;
		const text = lineOf(index, {size: 400});
		const time = new Date(startMs + index).toISOString();
		const cuts = [0, 150, 300, text.length];
		return [0, 1, 2].map(part => ({
			// Parts of different nodes are mixed.
			ns: start + BigInt(Math.floor(index / 3)) * 1000n + BigInt(part),
			line: `${time} stdout ${part === 2 ? 'F' : 'P'} ${text.slice(cuts[part], cuts[part + 1])}`,
			labels: {container: 'export-stdout', node, __stream_shard__: String(part % 2)},
		}));
	});
	const {reader} = await setUp(t, {server});
	const events = await readAll(reader);
	assert.equal(reader.malformed, undefined);
	assert.deepEqual(pids(events), range(60));
});

test('parts of a line that have one nanosecond come in their order', async t => {
	const server = new LokiServer();
	const text = lineOf(1);
	const time = new Date(startMs).toISOString();
	server.entries = [
		{
			ns: start,
			line: `${time} stdout F ${text.slice(50)}`,
			labels: {container: 'export-stdout', __stream_shard__: '0'},
		},
		{
			ns: start,
			line: `${time} stdout P ${text.slice(0, 50)}`,
			labels: {container: 'export-stdout', __stream_shard__: '1'},
		},
	];
	const {reader} = await setUp(t, {server});
	assert.deepEqual(pids(await readAll(reader)), [1]);
});

test('a file that a shipper reads again gives no event twice; equal events at one time are two', async t => {
	const server = new LokiServer();
	const once = range(5).map(index => stored(index, start + BigInt(index)));
	const again = range(5).map(index => stored(index, start + 60_000_000_000n + BigInt(index)));
	server.entries = [...once, stored(4, start + 5n), ...again];
	const {reader, store} = await setUp(t, {server});
	assert.deepEqual(pids(await readAll(reader)), [0, 1, 2, 3, 4, 4]);
	assert.match(store.notes().join(), /5 lines came twice/);
});

test('the selector is found by the labels that shippers give', async t => {
	const server = new LokiServer();
	server.entries = [{ns: start, line: lineOf(1), labels: {k8s_container_name: 'export-stdout'}}];
	const {reader, loki} = await setUp(t, {server});
	assert.equal((await readAll(reader)).length, 1);
	assert.equal(loki.query, '{k8s_container_name="export-stdout"}');
});

test('where no label has the container, --query is asked for', async t => {
	const server = new LokiServer();
	server.entries = [{ns: start, line: lineOf(1), labels: {job: 'tetragon'}}];
	const {reader} = await setUp(t, {server});
	await readAll(reader);
	assert.match(reader.nothing ?? '', /no label .* has the value export-stdout.*--query/);
});

test('an empty span names its times, the selector and the tenant', async t => {
	const server = new LokiServer();
	const {reader} = await setUp(t, {server, query: '{job="x"}', environment: {LOKI_ORG_ID: 'team-a'}});
	assert.deepEqual(await readAll(reader), []);
	assert.equal(
		reader.nothing,
		'nothing between 2026-11-28T02:03:00Z and 2026-11-28T04:03:00Z for {job="x"} in tenant team-a',
	);
	assert.ok(server.asked.every(({headers}) => headers['x-scope-orgid'] === 'team-a'));
	assert.ok(server.asked.every(({headers}) => headers['x-loki-response-encoding-flags'] === 'categorize-labels'));
});

for (const [status, body, words] of [
	[401, 'no org id', /it answers 401: no org id; name the tenant: --org-id/],
	[401, '<html><head><title>401 Authorization Required</title></head></html>', /401 Authorization Required; log in by/],
	[404, '404 page not found\n', /the path before \/loki/],
	[400, 'parse error at line 1, col 2', /correct --query/],
	[400, 'the query time range exceeds the limit (query length: 2h, limit: 1h)', /give a shorter span/],
	[502, '<html><head><title>502 Bad Gateway</title></head></html>', /it answers 502: 502 Bad Gateway; try later/],
] as const) {
	test(`${status} ${body.slice(0, 20)} is said in plain words`, async t => {
		const server = new LokiServer();
		server.instead = () => ({status, body, type: 'text/html'});
		const {reader} = await setUp(t, {server, query: '{job="x"}', environment: {LOKI_CLIENT_RETRIES: '1'}});
		await readAll(reader);
		assert.match(reader.nothing ?? '', words);
	});
}

test('429 and 503 are asked again, with a wait between, and nothing is lost', async t => {
	const server = new LokiServer();
	server.entries = range(1000).map(index => stored(index, start + BigInt(index)));
	let count = 0;
	server.instead = ({path}) =>
		path.endsWith('/query_range') && count++ % 3 !== 2
			? {status: count % 2 === 0 ? 429 : 503, body: 'too many outstanding requests', type: 'text/plain'}
			: undefined;
	const waits: string[] = [];
	const {reader} = await setUp(t, {server, options: {waits: why => waits.push(why)}});
	assert.deepEqual(pids(await readAll(reader)), range(1000));
	assert.match(waits[0] ?? '', /Loki at .*: it answers (?:429|503): too many outstanding requests; next try in 1 s/);
});

test('a filter that the store runs misses no event, also where lines are torn or in an envelope', async t => {
	const server = new LokiServer();
	const lines = [
		JSON.stringify({process_exec: {process: {pid: 0, pod: {name: 'xwing'}}}, time: '2026-11-28T02:03:00Z'}),
		JSON.stringify({process_exec: {process: {pid: 1, pod: {name: 'tie'}}}, time: '2026-11-28T02:03:01Z'}),
	];
	const wrapped = JSON.stringify({
		log: `${JSON.stringify({process_exec: {process: {pid: 2, pod: {name: 'xwing'}}}, time: '2026-11-28T02:33:01Z'})}\n`,
	});
	server.entries = [
		...lines.map((line, index) => ({ns: start + BigInt(index), line, labels: {container: 'export-stdout'}})),
		{ns: start + hour / 2n, line: wrapped, labels: {container: 'export-stdout'}},
	];
	const address = await setUp(t, {server});
	const filter = address.loki.record().pushDown([['xwing']]);
	const store = new StoreReading(address.loki.record(), {span, isFollowed: false, filter});
	const events = await readAll(new RecordingReader([store.source()]));
	assert.deepEqual(pids(events), [0, 2]);
	assert.equal(store.history.isPushed, false);
});

test('a followed span goes on with late entries, each once', async t => {
	const server = new LokiServer();
	server.entries = range(5).map(index => stored(index, start + BigInt(index) * 1_000_000_000n));
	let nowNs = start + 5_000_000_000n;
	const {reader, store} = await setUp(t, {
		server,
		reading: {isFollowed: true, span: {from: start, to: nowNs}, nowNs: () => nowNs},
	});
	const seen: number[] = [];
	for await (const batch of reader.events()) {
		seen.push(...pids(batch));
		if (seen.length === 5) {
			nowNs += 2_000_000_000n;
			// 6 is late: it is older than the newest.
			server.entries.push(stored(5, start + 6_000_000_000n), stored(6, start + 2_500_000_000n));
		}

		if (seen.length === 7) {
			store.close();
		}
	}

	assert.deepEqual(seen.toSorted(), [0, 1, 2, 3, 4, 5, 6]);
});

test('a password is taken from the environment only', () => {
	assert.throws(() => lokiSettings('loki+https://me:secret@host', {}, {}), /has a password in it/);
	assert.throws(
		() => lokiSettings('loki:', {}, {LOKI_USERNAME: 'a', LOKI_BEARER_TOKEN: 'b'}),
		/a user name and LOKI_BEARER_TOKEN/,
	);
	const settings = lokiSettings(
		'loki+https://host/base/',
		{},
		{LOKI_USERNAME: 'a', LOKI_PASSWORD: 'b', LOKI_ADDR: 'http://x'},
	);
	assert.equal(settings.base.href, 'https://host/base');
	assert.deepEqual(settings.user, {name: 'a', password: 'b'});
	assert.equal(lokiSettings('loki', {}, {LOKI_ADDR: 'http://x:3100'}).base.host, 'x:3100');
});
