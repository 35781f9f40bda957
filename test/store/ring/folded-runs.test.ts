import assert from 'node:assert/strict';
import test from 'node:test';
import type {FilterRow} from '../../../source/store/ring/filter-row.js';
import {type EventRow, FoldedRuns} from '../../../source/store/ring/folded-runs.js';
import {random} from '../random.js';
import {actor, Scene, startMs} from '../scene.js';

test('whatever comes, is filtered and is dropped: every run and its count are what a plain look at the rows gives', () => {
	const next = random(5);
	const scene = new Scene({bufferBytes: 64 * 1024});
	const processes = Array.from({length: 4}, (_, index) => actor({binary: `/bin/${index}`}));
	const feed = scene.store.openFeed();

	function isSame(older: EventRow, newer: EventRow) {
		return older.kind === newer.kind && older.policy === newer.policy;
	}

	const folds = new FoldedRuns(feed, isSame);
	let seconds = 0;
	let lookedAt = 0;
	for (let round = 0; round < 3000; round++) {
		const dice = next();
		seconds += next() < 0.1 ? 3 : 0.1;
		if (dice < 0.01) {
			const wanted = Math.floor(next() * 4);

			function filter({process}: FilterRow) {
				return process?.facts?.binary !== `/bin/${wanted}`;
			}

			feed.setFilter(dice < 0.004 ? undefined : filter);
			folds.reset();
		} else if (dice < 0.03) {
			scene.store.rule(0, {type: 'mark', text: 'here'}, startMs + seconds * 1000);
		} else {
			scene.exec(seconds, processes[Math.floor(next() * 1.3)]!);
		}

		if (next() < 0.2) {
			// A clock that has run out after one slice: the rest waits for the next look.
			feed.step(0, () => 0);
			folds.step(0, () => 1);
		}

		if (next() < 0.02) {
			while (feed.step(1000, () => 0)) {}
			folds.step(1000, () => 0);
			assert.equal(folds.isBehind, false);
			assertSame();
			lookedAt++;
		}
	}

	assert.ok(lookedAt > 20);
	assert.ok(feed.total < 3000, 'the ring has dropped rows');

	function assertSame(): void {
		const runs: number[][] = [];
		for (let index = 0; index < feed.length; index++) {
			const [row, before] = [feed.at(index), feed.at(index - 1)];
			const isJoined =
				row?.type === 'event' &&
				before?.type === 'event' &&
				row.process === before.process &&
				isSame(before, row) &&
				row.timeMs - before.timeMs <= 2000;
			if (isJoined) {
				runs.at(-1)?.push(row.seq);
			} else {
				runs.push([row?.seq ?? -1]);
			}
		}

		assert.equal(folds.length, runs.length);
		for (const [index, run] of runs.entries()) {
			const found = folds.at(index);
			assert.equal(found?.count, run.length);
			assert.equal(found?.row.seq, run.at(-1));
			for (const seq of run) {
				assert.equal(folds.indexOf(seq), index);
			}
		}
	}
});

test('what a flood brings is passed over, not looked through; every row is there and stands in its order', () => {
	const scene = new Scene();
	const feed = scene.store.openFeed();
	let looks = 0;
	const folds = new FoldedRuns(feed, () => {
		looks++;
		return true;
	});
	const [first, second] = [actor(), actor()];
	for (let index = 0; index < 20; index++) {
		scene.exec(1, first);
	}

	folds.step(1000, () => 0);
	assert.deepEqual([folds.length, folds.at(0)?.count], [1, 20]);
	for (let index = 0; index < 30_000; index++) {
		scene.exec(2, second);
	}

	looks = 0;
	folds.step(1000, () => 0);
	assert.ok(looks <= 5000, `${looks} rows were compared`);
	assert.equal(folds.isBehind, false);
	const counts = Array.from({length: folds.length}, (_, index) => folds.at(index)?.count ?? 0);
	assert.equal(
		counts.reduce((sum, count) => sum + count, 0),
		feed.length,
	);
	assert.ok((counts.at(-1) ?? 0) >= 2000, 'the newest of the flood are one row');
	for (const index of [0, 100, folds.length - 1]) {
		const row = folds.at(index)?.row;
		assert.equal(folds.indexOf(row?.seq ?? -1), index);
	}
});

/** Equal rows of one process, `seconds` apart. */
function equalRows(scene: Scene, count: number, seconds = 0.001): void {
	const process = actor();
	for (let index = 0; index < count; index++) {
		scene.exec(index * seconds, process);
	}
}

function foldsOf(scene: Scene): FoldedRuns {
	return new FoldedRuns(scene.store.openFeed(), () => true);
}

test('equal rows are one run when at most 2 s lie between two of them', () => {
	for (const [seconds, runs] of [
		[2, 1],
		[2.001, 3],
	] as const) {
		const scene = new Scene();
		equalRows(scene, 3, seconds);
		const folds = foldsOf(scene);
		folds.step(1000, () => 0);
		assert.equal(folds.length, runs, `${seconds}`);
	}
});

test('64 rows are looked at between two looks at the clock', () => {
	const scene = new Scene();
	equalRows(scene, 200);
	const folds = foldsOf(scene);
	folds.step(0, () => 0);
	assert.equal(folds.length, 200 - 64);
});

test('the newest 4 999 rows are looked at, and no older ones', () => {
	for (const [rows, runs] of [
		[4999, 1],
		[5000, 2],
	] as const) {
		const scene = new Scene();
		equalRows(scene, rows);
		const folds = foldsOf(scene);
		folds.step(1000, () => 0);
		assert.equal(folds.length, runs, `${rows}`);
		assert.equal(folds.isBehind, false);
	}
});

test('when more than 2 000 rows came at once, only the last 2 000 of them are looked at', () => {
	for (const [count, runs] of [
		[2000, 1],
		[2001, 3],
	] as const) {
		const scene = new Scene();
		const process = actor();
		scene.exec(0, process);
		const folds = foldsOf(scene);
		folds.step(1000, () => 0);
		for (let index = 0; index < count; index++) {
			scene.exec(0, process);
		}

		// A clock that has run out: one slice is looked at.
		folds.step(0, () => 1);
		assert.equal(folds.length, runs, `${count}`);
	}
});
