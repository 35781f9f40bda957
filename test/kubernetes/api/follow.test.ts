import assert from 'node:assert/strict';
import test, {type TestContext} from 'node:test';
import {type Api, paths} from '../../../source/kubernetes/api/api.js';
import {LineSplitter} from '../../../source/kubernetes/api/body-lines.js';
import {follow, listAll} from '../../../source/kubernetes/api/follow.js';
import {asPod} from '../../../source/kubernetes/api/objects.js';
import {isOffline} from '../../../source/kubernetes/api/refusal.js';
import type {Refusal} from '../../../source/problem.js';
import type {TestApiServer} from '../cluster/api-server.js';
import {connectApi, startServer} from '../cluster/test-api.js';
import {pod} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

function start(t: TestContext, api: Api, pollMs = 20) {
	const stop = new AbortController();
	t.after(() => stop.abort());
	const names = new Set<string>();
	const seen = {names, lists: 0, changes: [] as string[], troubles: [] as Refusal[], wells: 0};
	void follow(
		api,
		paths.pods('default'),
		asPod,
		{
			list(items) {
				seen.lists++;
				names.clear();
				for (const item of items) {
					names.add(item.metadata?.name ?? '');
				}
			},
			change(type, item) {
				const name = item.metadata?.name ?? '';
				seen.changes.push(`${type} ${name}`);
				if (type === 'DELETED') {
					names.delete(name);
				} else {
					names.add(name);
				}
			},
			trouble: refusal => seen.troubles.push(refusal),
			well: () => seen.wells++,
		},
		{signal: stop.signal, pollMs},
	);
	return seen;
}

function watches(server: TestApiServer) {
	return server.seen.filter(({query}) => query.has('watch'));
}

function lists(server: TestApiServer) {
	return server.seen.filter(({query}) => !query.has('watch'));
}

test('a list comes in pages, compressed where they are long, and all of them are there', async t => {
	const server = await startServer(t);
	for (let index = 0; index < 1203; index++) {
		server.store.put('pods', pod('default', `p-${index}-${'x'.repeat(60)}`, 'n'));
	}

	const {items} = await listAll(connectApi(t, server), paths.pods('default'), asPod, {});
	assert.equal(new Set(items.map(item => item.metadata?.name)).size, 1203);
	assert.equal(server.seen.length, 3);
});

test('changes arrive, and after a watch that ends in good order it goes on where a bookmark left it', async t => {
	const server = await startServer(t);
	server.store.put('pods', pod('default', 'a', 'n'));
	const seen = start(t, connectApi(t, server));
	await until('listed', () => seen.names.has('a') && watches(server).length === 1);
	server.store.put('pods', pod('default', 'b', 'n'));
	server.store.delete('pods', 'default', 'a');
	await until('changed', () => seen.names.has('b') && !seen.names.has('a'));
	// Changes of other namespaces move the version on; only bookmarks tell.
	server.store.put('pods', pod('other', 'x', 'n'));
	const {version} = server.store;
	await until('a bookmark was sent', () => server.collections.lastBookmark === version);
	server.endWatches();
	await until('watched again', () => watches(server).length === 2);
	assert.equal(watches(server)[1]?.query.get('resourceVersion'), String(version));
	assert.equal(seen.lists, 1);
	assert.deepEqual(seen.troubles, []);
});

test('a place that the server has forgotten (410) means listing again, and what is gone is gone', async t => {
	const server = await startServer(t);
	server.collections.bookmarkMs = 10_000;
	server.store.put('pods', pod('default', 'a', 'n'));
	const seen = start(t, connectApi(t, server));
	await until('listed', () => seen.names.has('a') && watches(server).length === 1);
	server.endWatches();
	server.store.delete('pods', 'default', 'a');
	server.store.put('pods', pod('default', 'b', 'n'));
	server.store.compact();
	await until('listed again', () => seen.lists === 2);
	assert.deepEqual([...seen.names], ['b']);
	assert.deepEqual(seen.troubles, []);
});

test('a lost API server is said once per try and found again, without losing what changed in between', async t => {
	const server = await startServer(t);
	server.store.put('pods', pod('default', 'a', 'n'));
	const seen = start(t, connectApi(t, server));
	await until('listed', () => seen.names.has('a') && seen.wells > 0);
	await server.stop();
	await until('lost', () => seen.troubles.some(isOffline));
	server.store.put('pods', pod('default', 'b', 'n'));
	const before = seen.wells;
	await server.start();
	await until('found again', () => seen.names.has('b') && seen.wells > before);
	assert.deepEqual([...seen.names], ['a', 'b']);
});

test('without the right to watch, the list is asked for again and again', async t => {
	const server = await startServer(t);
	server.denials = [{verb: 'watch'}];
	const seen = start(t, connectApi(t, server));
	await until('three lists', () => lists(server).length >= 3);
	server.store.put('pods', pod('default', 'late', 'n'));
	await until('polled', () => seen.names.has('late'));
	assert.equal(watches(server).length, 1);
});

test('lines come whole, however the bytes are cut, and an endless one is dropped', () => {
	const lines: string[] = [];
	const splitter = new LineSplitter(bytes => lines.push(Buffer.from(bytes).toString()), 20);
	const text = Buffer.from('one\ntwö\n\nthree');
	for (const byte of text) {
		splitter.push(Uint8Array.of(byte));
	}

	splitter.push(Buffer.from('!\n'));
	assert.deepEqual(lines, ['one', 'twö', 'three!']);
	splitter.push(Buffer.from('x'.repeat(50)));
	splitter.push(Buffer.from('still the same line\nnext\n'));
	assert.deepEqual(lines.slice(4), ['next']);
});
