/** The bounds of the ring and of what is kept beside it, each at its edge. */
import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {test} from 'node:test';
import {Arrival} from '../../../source/store/arrival.js';
import {DecodedCache} from '../../../source/store/ring/decoded-cache.js';
import {NameTable} from '../../../source/store/ring/name-table.js';
import {Ring} from '../../../source/store/ring/ring.js';
import {rowBytes} from '../../../source/store/ring/slabs.js';
import {actor, Scene, startMs} from '../scene.js';

test('the name table holds 65 536 names, the empty one among them; later ones are nameless', () => {
	const names = new NameTable();
	for (let index = 1; index < 65_536; index++) {
		assert.equal(names.numberOf(`policy-${index}`), index);
	}

	assert.equal(names.numberOf('one more'), 0);
	assert.equal(names.nameOf(65_535), 'policy-65535');
	assert.equal(names.numberOf('policy-65535'), 65_535);
	assert.equal(names.nameOf(0), '');
});

test('512 decoded events are kept, those that were asked for last', () => {
	const cache = new DecodedCache();
	const decoded: number[] = [];

	function get(seq: number): void {
		cache.get(seq, () => {
			decoded.push(seq);
			return {};
		});
	}

	for (let seq = 0; seq < 512; seq++) {
		get(seq);
	}

	get(0);
	assert.equal(decoded.length, 512);
	get(512);
	get(0);
	assert.equal(decoded.length, 513, 'the first was asked for since');
	get(1);
	assert.deepEqual(decoded.slice(-2), [512, 1], 'the second was the oldest');
});

test('a slab has 4 MiB; a small buffer has eighths of it', () => {
	const large = new Ring(128 * 1024 * 1024);
	large.append(Buffer.alloc(1), 'protobuf', 0, 0, 0);
	assert.equal(large.bytes, 4 * 1024 * 1024 + 2048 * rowBytes);
	const small = new Ring(1024 * 1024);
	small.append(Buffer.alloc(1), 'protobuf', 0, 0, 0);
	assert.equal(small.bytes, 128 * 1024 + 64 * rowBytes);
	const tiny = new Ring(8192);
	tiny.append(Buffer.alloc(1), 'protobuf', 0, 0, 0);
	assert.equal(tiny.bytes, 4096 + 8 * rowBytes);
});

test('a new filter looks at 256 rows between two looks at the clock, the newest first', () => {
	const scene = new Scene();
	for (let index = 0; index < 1024; index++) {
		scene.exec(1, actor());
	}

	const looked: number[] = [];
	const feed = scene.store.openFeed(({seq}) => looked.push(seq) > 0);
	assert.equal(
		feed.step(0, () => 0),
		true,
	);
	assert.deepEqual([looked.length, looked[0], looked.at(-1)], [256, 1023, 768]);
	assert.equal(feed.progress, 0.25);
});

test('an event is late when it comes more than 2 s after its time, or behind an event of its node', () => {
	const scene = new Scene();
	scene.exec(1, actor(), undefined, 2);
	scene.exec(1, actor(), undefined, 2.001);
	scene.exec(100, actor());
	scene.exec(98, actor(), undefined, 1);
	scene.exec(97.999, actor(), undefined, 1);
	const feed = scene.store.openFeed();
	const late = Array.from({length: feed.length}, (_, index) => {
		const row = feed.at(index);
		return row?.type === 'event' && row.late;
	});
	assert.deepEqual(late, [false, true, false, false, true]);
});

test('frames of no bytes count against the buffer, and the oldest are dropped', () => {
	const ring = new Ring(1024 * 1024);
	for (let count = 0; count < 200_000; count++) {
		ring.append(Buffer.alloc(0), 'protobuf', 0, 0, 0).processes.push(undefined);
	}

	assert.ok(ring.bytes <= ring.bufferBytes, `${ring.bytes} bytes`);
	assert.ok(ring.length < 200_000 && ring.length > 1000, `${ring.length} rows`);
});

test('frames that are no event are counted, an event of a newer agent is not', () => {
	const scene = new Scene();
	for (const frame of [Buffer.of(0xff), Buffer.alloc(0), Buffer.from('<html>')]) {
		scene.store.take(scene.node, new Arrival().frame(frame), startMs);
	}

	// Field 31, a message: a kind that this build has no row for.
	scene.store.take(scene.node, new Arrival().frame(Buffer.of(0xfa, 0x01, 0x00)), startMs);
	assert.equal(scene.store.totals().malformed, 3);
	assert.equal(scene.store.totals().events, 4);
});
