/** The export file through the API server's exec: real shells and real files, rotated as lumberjack does. */
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {OwnExecs} from '../../../source/kubernetes/agents/own-execs.js';
import {selectAgent} from '../../../source/kubernetes/agents/select.js';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {firstOf} from '../../../source/kubernetes/past/past-of-node.js';
import type {Refusal} from '../../../source/problem.js';
import type {NodePast, PastEvent, PastSpan} from '../../../source/tetragon/agent/node-past.js';
import {connectApi} from '../cluster/test-api.js';
import {startCluster} from '../cluster/test-cluster.js';
import {until} from '../cluster/until.js';

const fixtures = fileURLToPath(new URL('../../fixtures/past', import.meta.url));
const all: PastSpan = {
	fromMs: Number.NEGATIVE_INFINITY,
	toMs: Number.POSITIVE_INFINITY,
	mostBytes: Number.POSITIVE_INFINITY,
};

async function setUp(t: TestContext) {
	const cluster = await startCluster(t);
	const root = path.join(cluster.directory, 'root');
	const node = cluster.server.nodes.get('worker-1');
	assert.ok(node);
	node.root = root;
	const pods = cluster.server.store.list('pods', 'kube-system') as Pod[];
	const found = selectAgent(
		pods.filter(pod => pod.spec?.nodeName === 'worker-1'),
		'tetragon',
	);
	assert.ok(found.state === 'ready');
	const own = new OwnExecs();
	const dialler = {api: connectApi(t, cluster.server), kubectl: undefined, own};
	const {agent} = found;
	return {cluster, root, own, find: () => firstOf(dialler, agent, AbortSignal.timeout(20_000))};
}

/** The recorded export files; rotated ones compressed, as exportFileCompress does. */
function writeExport(root: string, settings: Readonly<Record<string, string>> = {}) {
	const [config, logs] = [path.join(root, 'etc/tetragon/tetragon.conf.d'), path.join(root, 'var/log/tetragon')];
	mkdirSync(config, {recursive: true});
	mkdirSync(logs, {recursive: true});
	for (const [key, value] of Object.entries({'export-filename': path.join(logs, 'tetragon.log'), ...settings})) {
		writeFileSync(path.join(config, key), value);
	}

	for (const name of ['tetragon-2026-11-28T04-06-05.263.log', 'tetragon-2026-11-28T04-06-52.167.log']) {
		writeFileSync(path.join(logs, `${name}.gz`), readFileSync(path.join(fixtures, `${name}.gz`)));
	}

	writeFileSync(path.join(logs, 'tetragon.log'), gunzipSync(readFileSync(path.join(fixtures, 'tetragon.log.gz'))));
	return logs;
}

async function read(past: NodePast, span = all, texts: readonly string[] = []) {
	const events: PastEvent[] = [];
	for await (const batch of past.open(span, texts, AbortSignal.timeout(20_000))) {
		events.push(...batch);
	}

	return events;
}

test('all events of the export files come, in their order, and nothing stays on the node', async t => {
	const {cluster, root, find} = await setUp(t);
	writeExport(root, {'export-denylist': '{"namespace":["","kube-system"]}'});
	const past = await find();
	assert.equal(past.words, 'export file');
	assert.deepEqual(past.leftOut, ['no host processes', 'no namespace kube-system']);
	assert.equal((await read(past)).length, 1240);

	const killed = await read(past, all, ['"nightly-report"', '"no-such"']);
	assert.ok(killed.length > 0 && killed.length < 1240);
	assert.ok(killed.every(({line}) => line.includes('"nightly-report"')));

	const fromMs = Date.parse('2026-11-28T04:07:00Z');
	const late = await read(past, {...all, fromMs});
	assert.ok(late.length > 0 && late.every(({event}) => Date.parse(event.time ?? '') >= fromMs));
	const newest = await read(past, {...all, mostBytes: 100_000});
	assert.ok(newest.length > 10 && newest.length < 100);
	assert.equal(newest.at(-1)?.event.time, (await read(past)).at(-1)?.event.time);
	await until('nothing is left', () => cluster.server.commands.every(({exited}) => exited));
	assert.deepEqual(await read(past, all, ['no-such']), []);
});

test('a reader that leaves early leaves no command behind', async t => {
	const {cluster, root, find} = await setUp(t);
	const logs = writeExport(root);
	const one = readFileSync(path.join(logs, 'tetragon.log'));
	writeFileSync(path.join(logs, 'tetragon.log'), Buffer.concat(Array.from({length: 60}, () => one)));
	const past = await find();
	for await (const batch of past.open(all, [], AbortSignal.timeout(20_000))) {
		assert.ok(batch.length > 0);
		break;
	}

	await until('nothing is left', () => cluster.server.commands.every(({exited}) => exited));
});

test('without exec the log of export-stdout is the past, from the time on', async t => {
	const {cluster, find} = await setUp(t);
	cluster.server.denials.push({resource: 'pods', subresource: 'exec'});
	const time = '2026-11-28T04:07:00.5Z';
	const event = {process_exec: {process: {exec_id: 'a', pid: 7, binary: '/bin/x'}}, node_name: 'worker-1', time};
	cluster.server.logs.lines.set('tetragon-worker-1', [{time, text: JSON.stringify(event)}]);
	const past = await find();
	assert.equal(past.words, 'log of export-stdout');
	assert.equal((await read(past)).length, 1);
	assert.equal((await read(past, {...all, fromMs: Date.parse(time) + 1})).length, 0);
});

test('where nothing works it is said why', async t => {
	const {cluster, root, find} = await setUp(t);
	writeExport(root, {'export-filename': ''});
	await assert.rejects(find(), (error: Refusal) => error.why === 'export is off (helm export.mode)');
	cluster.server.denials.push({resource: 'pods'});
	await assert.rejects(find(), (error: Refusal) => /cannot get resource "pods\/(exec|log)"/.test(error.why));
});
