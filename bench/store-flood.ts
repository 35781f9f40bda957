/**
The store alone in a process of its own, run with --expose-gc: a day of a busy node in a minute. Each round of the recording brings
new exec_ids, so that the process table sees new processes as it would live. store-flood.ts EVENTS REPORTS [RECORDING]
prints one JSON line at each of so many reports.
*/

import process from 'node:process';
import {keepHeapSmall} from '../source/runtime/heap.js';
import {Arrival} from '../source/store/arrival.js';
import {Store} from '../source/store/store.js';
import {RecordedMessages} from './recorded-blocks.js';

keepHeapSmall();
const events = Number(process.argv[2]);
const reports = Number(process.argv[3]);
// Few: what the sender keeps is measured along with the store.
const messages = new RecordedMessages(process.argv[4] ?? 'fork-storm', 2000);
const store = new Store();
const arrival = new Arrival();
const node = store.openNode('minikube');
const feed = store.openFeed();
const tree = store.tree();
let nowMs = 1_700_000_000_000;
let taken = 0;
let nextReport = events / reports;
let ticked = 0;
while (taken < events) {
	const {bytes, count} = messages.next(64, nowMs);
	for (let index = 0, at = 0; index < count; index++) {
		const length = bytes.readUInt32BE(at + 1);
		// 20 000 events in a second of the store's clock.
		nowMs += 0.05;
		store.take(node, arrival.frame(bytes.subarray(at + 5, at + 5 + length)), nowMs);
		at += 5 + length;
	}

	taken += count;
	if (nowMs - ticked >= 200) {
		ticked = nowMs;
		store.tick(nowMs);
		feed.at(feed.length - 1);
		tree.update({folded: new Map(), showHost: true, showInfra: true, flat: false, nowMs});
	}

	if (taken >= nextReport) {
		nextReport += events / reports;
		globalThis.gc?.();
		const {heapUsed, rss} = process.memoryUsage();
		const {user, system} = process.cpuUsage();
		const {bufferedEvents, processes} = store.totals(nowMs);
		console.log(
			JSON.stringify({
				taken,
				heapMiB: heapUsed / 2 ** 20,
				rssMiB: rss / 2 ** 20,
				cpuSeconds: (user + system) / 1e6,
				bufferedEvents,
				processes,
			}),
		);
	}
}
