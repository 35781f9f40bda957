/** A real API server's watches of a namespace while pods were deleted, evicted, rolled out, scaled down and tainted. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {eventNews, podNews} from '../../source/kubernetes/deaths/death-news.js';
import {asDeathPod, asKubeEvent} from '../../source/kubernetes/deaths/death-objects.js';
import {Arrival} from '../../source/store/arrival.js';
import {Store} from '../../source/store/store.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';

type Line = {
	readonly ms: number;
	readonly watch?: string;
	readonly type?: string;
	readonly step?: string;
	readonly object?: {readonly metadata?: {readonly name?: string}};
};

const file = fileURLToPath(new URL('../fixtures/kubernetes-deaths/deaths.watch.jsonl.gz', import.meta.url));
const lines = gunzipSync(readFileSync(file))
	.toString()
	.trim()
	.split('\n')
	.map(line => JSON.parse(line) as Line);

/** The store after all, and for each pod that was deleted when it went and its container. */
function played(): {store: Store; gone: Map<string, {ms: number; containerId: string}>} {
	const store = new Store({bufferBytes: 4 * 1024 * 1024});
	store.deaths.look({pods: 'seen', events: 'seen', words: [], hasTarget: true});
	const gone = new Map<string, {ms: number; containerId: string}>();
	for (const {ms, watch, type, object} of lines) {
		if (watch === 'pods') {
			const pod = asDeathPod(object);
			const news = pod && podNews(pod);
			assert.ok(news, 'every pod is read');
			store.deaths.pod(news, ms);
			if (type === 'DELETED') {
				gone.set(news.pod, {ms, containerId: news.containers[0]?.containerId ?? ''});
			}
		} else if (watch === 'events') {
			const event = asKubeEvent(object);
			const news = event && eventNews(event);
			if (news !== undefined) {
				store.deaths.event(news, ms);
			}
		}
	}

	return {store, gone};
}

const wanted: ReadonlyArray<readonly [pod: string, row: string]> = [
	['twin', 'DELETED pod deleted'],
	['api-575995dc5c-ltksf', 'DELETED ReplicaSet api-575995dc5c'],
	['api-gateway-5c6bcdd99d-52xk8', 'DELETED ReplicaSet api-gateway-5c6bcdd99d'],
	['node-exporter-rww46', 'EVICTED NoExecute taint'],
];

test('each pod that went in the recording died of what was done to it', () => {
	const {store, gone} = played();
	const node = store.openNode('node-a');
	for (const [pod, row] of wanted) {
		const {ms, containerId} = gone.get(pod) ?? assert.fail(pod);
		const time = new Date(ms - 500).toISOString();
		const process = {
			exec_id: pod,
			pid: 7,
			binary: '/x',
			pod: {namespace: 'payments', name: pod, container: {id: containerId, name: 'api', pid: 1}},
		};
		const event = {process_exit: {process, signal: 'SIGTERM', time}, time};
		store.take(node, new Arrival().frame(encodeMessage('GetEventsResponse', event)), ms);
		const death = store.deaths.of(store.process(pod)!);
		assert.equal(`${death?.state} ${death?.cause}`, row, pod);
	}
});

test('the time of a deletion is that of the request, not that of the end of its grace', () => {
	const request = lines.find(({step}) => step?.startsWith('kubectl delete pod twin'))!;
	const change = lines.find(
		({ms, watch, object}) => ms > request.ms && watch === 'pods' && object?.metadata?.name === 'twin',
	)!;
	const news = podNews(asDeathPod(change.object)!)!;
	assert.ok(Math.abs(news.deletedMs - request.ms) < 2000, `${news.deletedMs - request.ms} ms`);
	assert.equal(news.deletionGraceSeconds, 30);
});

test('a pod and an Event of another shape are no evidence, and nothing throws', () => {
	for (const value of [
		undefined,
		null,
		[],
		7,
		{},
		{metadata: null},
		{metadata: {uid: 3, name: []}, status: {containerStatuses: [null, {state: 7}]}},
	]) {
		const pod = asDeathPod(value);
		assert.equal(pod && podNews(pod), undefined);
		const event = asKubeEvent(value);
		assert.equal(event && eventNews(event), undefined);
	}
});
