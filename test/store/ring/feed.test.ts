import assert from 'node:assert/strict';
import test from 'node:test';
import {Arrival} from '../../../source/store/arrival.js';
import type {FilterRow} from '../../../source/store/ring/filter-row.js';
import {decodeFrame} from '../../../source/tetragon/decode-frame.js';
import {random} from '../random.js';
import {actor, at, Scene, startMs} from '../scene.js';

function still() {
	return 0;
}

test('a sequence number leads to its row, or to the next one after it', () => {
	const scene = new Scene();
	for (let index = 0; index < 10; index++) {
		scene.exec(index, actor({binary: index % 2 === 0 ? '/even' : '/odd'}));
	}

	const feed = scene.store.openFeed(({process}) => process?.facts?.binary === '/odd');
	feed.step(1000, still);
	assert.deepEqual(
		[0, 1, 2, 9, 10].map(seq => feed.indexOf(seq)),
		[0, 0, 1, 4, 5],
	);
	assert.equal(feed.lastSeq, 9);
	assert.equal(feed.at(5), undefined);
	assert.equal(feed.at(-1), undefined);
});

test('a new filter reads the newest rows first, in slices of time', () => {
	const scene = new Scene();
	const process = actor();
	for (let index = 0; index < 5000; index++) {
		scene.exec(index / 1000, process);
	}

	const feed = scene.store.openFeed(() => true);
	assert.equal(feed.progress, 0);
	let now = 0;
	assert.equal(
		feed.step(1, () => now++),
		true,
	);
	assert.ok(feed.length > 0 && feed.length < 5000);
	assert.equal(feed.lastSeq, 4999, 'the newest is there at once');
	const before = feed.length;
	scene.exec(6, process);
	assert.equal(feed.length, before + 1, 'what comes meanwhile is there on arrival');
	while (feed.step(1, () => now++)) {
		// On to the end.
	}

	assert.equal(feed.progress, 1);
	assert.equal(feed.length, 5001);
});

test('a costly filter is not asked on the way in', () => {
	const scene = new Scene();
	let asked = 0;
	const filter = Object.assign(
		() => {
			asked++;
			return true;
		},
		{costly: true},
	);
	const feed = scene.store.openFeed(filter);
	scene.exec(1, actor());
	assert.equal(asked, 0);
	assert.ok(feed.progress < 1);
	feed.step(1, still);
	assert.equal(asked, 1);
	assert.equal(feed.length, 1);
});

test('rules pass every filter and are no events', () => {
	const scene = new Scene();
	scene.exec(1, actor());
	scene.store.rule(scene.node, {type: 'gap', fromMs: startMs, toMs: startMs + 5000, reason: 'EOF'}, startMs + 6000);
	const feed = scene.store.openFeed(() => false);
	feed.step(1, still);
	assert.equal(feed.length, 1);
	assert.equal(feed.shown, 0);
	assert.equal(feed.total, 1);
	const row = feed.at(0);
	assert.ok(row?.type === 'rule' && row.rule.type === 'gap');
});

test('events are marked late against arrival and against their node, and timeless ones get the arrival time', () => {
	const scene = new Scene();
	const process = actor();
	const old = actor({flags: 'procFS auid'});
	scene.exec(100, process);
	scene.exec(103, process, undefined, 3);
	scene.exec(100.5, process, undefined, 0);
	scene.send(0, {process_exec: {process: old}, time: at(-86_400)}, 110);
	const lateLoader = {process_loader: {process, path: '/lib/x'}};
	scene.store.take(scene.node, new Arrival().line(Buffer.from('{}'), lateLoader), startMs + 120_000);
	const feed = scene.store.openFeed();
	const rows = Array.from({length: feed.length}, (_, index) => feed.at(index)!);
	assert.deepEqual(
		rows.map(row => row.type === 'event' && row.late),
		[false, true, true, false, false],
	);
	const loader = rows[4]!;
	assert.ok(loader.type === 'event' && loader.timeless);
	assert.equal(loader.timeMs, startMs + 120_000);
	assert.equal(Math.round(scene.store.nodes()[0]?.lagMs ?? 0), 3000, 'the lag of the newest event, not of stragglers');
});

test('whatever comes, is filtered and is dropped: the feed shows what a plain look at the ring shows', () => {
	const next = random(11);
	const scene = new Scene({bufferBytes: 96 * 1024});
	const processes = Array.from({length: 20}, (_, index) => actor({binary: `/bin/${index}`}));
	const feed = scene.store.openFeed();
	let filter: ((candidate: FilterRow) => boolean) | undefined;
	const told = new Map<number, string>();
	let seq = 0;
	for (let round = 0; round < 6000; round++) {
		const dice = next();
		if (dice < 0.01) {
			const wanted = Math.floor(next() * 20);
			filter = dice < 0.003 ? undefined : ({process}) => Number(process?.facts?.binary.slice(5)) <= wanted;
			feed.setFilter(filter);
		} else if (dice < 0.05) {
			scene.store.rule(scene.node, {type: 'mark', text: 'x'}, startMs + round);
			told.set(seq++, 'rule');
		} else {
			const process = processes[Math.floor(next() * 20)]!;
			scene.exec(round / 1000, process);
			told.set(seq++, process.binary!);
		}

		if (next() < 0.02) {
			feed.step(0, still);
		}

		if (round % 500 === 499) {
			while (feed.step(1000, still)) {
				// To the end.
			}

			const all = scene.store.openFeed();
			const first = all.seqAt(0);
			scene.store.closeFeed(all);
			const plain = [...told.keys()].filter(seq => seq >= first);
			const wanted = plain.filter(seq => {
				const process = processes.find(({binary}) => binary === told.get(seq));
				return (
					told.get(seq) === 'rule' ||
					filter === undefined ||
					filter({process: {facts: {binary: process?.binary}}} as unknown as FilterRow)
				);
			});
			const shown = Array.from({length: feed.length}, (_, index) => feed.at(index)!.seq);
			assert.deepEqual(shown, wanted);
			assert.equal(feed.shown, wanted.filter(seq => told.get(seq) !== 'rule').length);
			assert.ok(scene.store.totals().bufferedBytes <= 96 * 1024);
		}
	}

	assert.ok(seq - scene.store.openFeed().length > 1000, 'the ring did drop rows');
});

test('a frame is read back as it came, and its number is never another’s', () => {
	const scene = new Scene({bufferBytes: 64 * 1024});
	for (let index = 0; index < 3000; index++) {
		scene.form = index % 3 === 0 ? 'lines' : 'frames';
		scene.exec(index / 1000, actor({pid: index + 1, arguments: 'x'.repeat(index % 300)}));
		const frame = scene.store.frameOf(index);
		assert.equal(frame?.format, scene.form === 'lines' ? 'json' : 'protobuf');
		assert.equal(decodeFrame(frame!.bytes, frame!.format)?.process_exec?.process?.pid, index + 1);
	}

	assert.equal(scene.store.frameOf(0), undefined);
	assert.equal(scene.store.event(0), undefined);
	assert.equal(scene.store.event(2999)?.process_exec?.process?.pid, 3000);
});

test('a frame larger than the buffer is counted and named, its bytes are not kept', () => {
	const scene = new Scene({bufferBytes: 64 * 1024});
	scene.exec(1, actor({arguments: 'x'.repeat(100_000)}));
	assert.equal(scene.store.totals().events, 1);
	assert.equal(scene.store.openFeed().length, 1);
	assert.equal(scene.store.frameOf(0), undefined);
	assert.deepEqual(Object.values(scene.store.totals().shed), [1]);
	assert.ok(scene.store.totals().bufferedBytes <= 64 * 1024);
});
