import assert from 'node:assert/strict';
import path from 'node:path';
import {Readable} from 'node:stream';
import test from 'node:test';
import {Player, type PlayerOptions} from '../../source/recording/player.js';
import type {Source} from '../../source/recording/source.js';
import {sourcesOf} from '../../source/recording/source.js';
import {Arrival} from '../../source/store/arrival.js';
import {Store} from '../../source/store/store.js';
import {recordingNames, recordingsFolder, statsOf} from '../agent/recordings.js';

const start = Date.parse('2026-11-23T12:00:00Z');

/** Events at these seconds of a recording; undefined: one without a time. */
function recording(...seconds: ReadonlyArray<number | undefined | string>): Source {
	const lines = seconds.map((second, pid) =>
		typeof second === 'string'
			? second
			: JSON.stringify({
					process_exec: {process: {pid}},
					...(second === undefined ? {} : {time: new Date(start + second * 1000).toISOString()}),
				}),
	);
	const text = lines.join('\n');
	return {name: 'test', isFile: true, bytes: text.length, open: () => Readable.from([Buffer.from(text)])};
}

type Played = {readonly pid: number; readonly at: number; readonly wall: number};

function play(source: Source, options: PlayerOptions = {}) {
	const played: Played[] = [];
	const from = performance.now();
	const malformed: Array<readonly [number, number]> = [];
	let restarts = 0;
	const player = new Player(
		[source],
		{
			event(_line, event, nowMs) {
				played.push({
					pid: event.process_exec?.process?.pid ?? -1,
					at: (nowMs - start) / 1000,
					wall: performance.now() - from,
				});
			},
			malformed: (count, {first}) => malformed.push([count, first[0]?.line ?? 0]),
			restart() {
				restarts++;
				played.length = 0;
			},
		},
		options,
	);
	return {player, played, malformed, restarts: () => restarts, pids: () => played.map(({pid}) => pid)};
}

async function until(look: () => boolean): Promise<void> {
	for (const from = performance.now(); !look(); ) {
		assert.ok(performance.now() - from < 20_000, 'not seen in 20 s');
		await soon(5);
	}
}

async function soon(ms: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, ms));
}

for (const name of recordingNames().filter(name => name !== 'fork-storm')) {
	test(`${name} replays into the store without a lost event`, async () => {
		const store = new Store();
		const node = store.openNode('replay');
		const player = new Player(
			sourcesOf([path.join(recordingsFolder, name, 'events.jsonl.gz')]),
			{
				event: (line, event, nowMs) => store.take(node, new Arrival().line(line, event), nowMs),
				malformed: (count, {first}) => store.malformed(count, first[0]?.line),
			},
			{speed: Number.POSITIVE_INFINITY},
		);
		await player.play();
		const totals = store.totals(player.nowMs);
		assert.deepEqual(
			[totals.events, {...totals.byKind}, totals.malformed],
			[statsOf(name).events, statsOf(name).kinds, 0],
		);
		assert.equal(player.state, 'ended');
	});
}

test('events come at the pace they were recorded, times the speed', async () => {
	// Half an hour: at another pace it would end at once or be far from its end after the minute that a busy machine gets.
	const {player, played} = play(recording(0, 600, 1200, 1800), {speed: 6000});
	await player.play();
	assert.deepEqual(
		played.map(({pid}) => pid),
		[0, 1, 2, 3],
	);
	for (const {pid, at, wall} of played) {
		assert.ok(wall > pid * 100 - 20 && wall < pid * 100 + 60_000, `event ${pid} after ${wall} ms`);
		assert.ok(at >= pid * 600 && at < pid * 600 + 60 * 6000, `the clock says ${at}`);
	}
});

test('late and timeless events are due at once, in the order of the file', async () => {
	const {player, played} = play(recording(0, 0.5, 0.1, undefined, 0.5), {speed: 10});
	await player.play();
	assert.deepEqual(
		played.map(({pid}) => pid),
		[0, 1, 2, 3, 4],
	);
	assert.ok(
		played.every(({at}, index) => index === 0 || at >= (played[index - 1]?.at ?? 0)),
		'the clock never goes back',
	);
});

test('what an agent found in /proc at its start is due at once and sets no clock', async () => {
	function found(pid: number, second: number) {
		return JSON.stringify({
			process_exec: {process: {pid, flags: 'procFS auid rootcwd'}},
			time: new Date(start + second * 1000).toISOString(),
		});
	}

	const days = 86_400;
	const source = recording(
		found(10, -3 * days),
		found(11, 0.5),
		0,
		0.1,
		found(12, -2 * days),
		found(13, 3 * days),
		0.2,
	);
	const {player, played, pids} = play(source);
	await player.play();
	assert.deepEqual(pids(), [10, 11, 2, 3, 12, 13, 6]);
	assert.ok((played.at(-1)?.wall ?? Number.NaN) < 2000);
	assert.ok(played.every(({at}) => at >= 0 && at < 2));
	assert.equal(player.firstMs, start);

	const fast = play(source, {speed: Number.POSITIVE_INFINITY});
	await fast.player.play();
	assert.deepEqual(fast.pids(), [10, 11, 2, 3, 12, 13, 6]);
	assert.equal(fast.player.nowMs, start + 200);

	const only = play(recording(found(1, -days), found(2, -3 * days)));
	await only.player.play();
	assert.deepEqual(only.pids(), [1, 2]);
	assert.ok(only.played.every(({at}) => Number.isFinite(at)));
});

test('as fast as possible waits for nothing, and the clock is the newest event', async () => {
	const {player, played} = play(recording(0, 3600, 1800, 7200), {speed: Number.POSITIVE_INFINITY});
	await player.play();
	assert.deepEqual(
		played.map(({at}) => at),
		[0, 3600, 3600, 7200],
	);
	assert.equal(player.nowMs, start + 7_200_000);
	assert.equal(player.firstMs, start);
});

test('pause stops the clock, resume goes on from there', async () => {
	const {player, pids} = play(recording(0, 1, 2), {speed: 10});
	const done = player.play();
	await until(() => pids().length > 0);
	player.pause();
	const stopped = player.nowMs;
	await soon(200);
	assert.deepEqual([pids(), player.nowMs, player.state], [[0], stopped, 'paused']);
	player.resume();
	assert.equal(player.state, 'playing');
	await done;
	assert.deepEqual(pids(), [0, 1, 2]);
});

test('a new speed holds at once', async () => {
	const {player, pids} = play(recording(0, 3600));
	const done = player.play();
	await until(() => pids().length > 0);
	player.setSpeed(1_000_000);
	await done;
	assert.deepEqual(pids(), [0, 1]);
	assert.throws(() => player.setSpeed(0), RangeError);
	assert.throws(() => player.setSpeed(Number.NaN), RangeError);
});

test('seeking forward plays what lies between at once, and waits at the place', async () => {
	const {player, pids, played} = play(recording(0, 10, 20, 3600));
	const done = player.play();
	await until(() => pids().length > 0);
	assert.equal(player.seek(start + 30_000), true);
	await until(() => pids().length >= 3);
	assert.deepEqual(pids(), [0, 1, 2]);
	assert.deepEqual(
		played.slice(1).map(({at}) => at),
		[10, 20],
	);
	assert.ok(player.nowMs >= start + 30_000 && player.nowMs < start + 60_000);
	player.close();
	await done;
});

test('seeking back begins anew, and a pause stays a pause', async () => {
	const {player, pids, restarts} = play(recording(0, 10, 20, 3600));
	const done = player.play();
	await until(() => pids().length > 0);
	player.seek(start + 30_000);
	await until(() => pids().length >= 3);
	player.pause();
	assert.equal(player.seek(start + 15_000), true);
	await until(() => restarts() === 1 && pids().length >= 2);
	await soon(60);
	assert.deepEqual([restarts(), pids(), player.state], [1, [0, 1], 'paused']);
	assert.equal(player.nowMs, start + 15_000);
	player.close();
	await done;
});

test('a recording that ended can be played from a place again', async () => {
	const {player, pids, restarts} = play(recording(0, 10, 20), {speed: Number.POSITIVE_INFINITY});
	await player.play();
	player.setSpeed(1);
	assert.equal(player.seek(start + 15_000), true);
	const done = player.play();
	await until(() => pids().length > 0);
	assert.deepEqual([pids(), restarts(), player.state], [[0, 1], 1, 'playing']);
	player.close();
	await done;
});

test('a pipe cannot be set back', async () => {
	const {player, pids} = play({...recording(0, 10, 3600), isFile: false});
	const done = player.play();
	await until(() => pids().length > 0);
	assert.equal(player.canSeekBack, false);
	assert.equal(player.seek(start + 5000), true);
	assert.equal(player.seek(start), false);
	player.close();
	await done;
});

test('malformed lines are reported as they are met, with the line of the first', async () => {
	const {player, malformed, pids} = play(recording(0, 'x', 'y', 0), {speed: Number.POSITIVE_INFINITY});
	await player.play();
	assert.deepEqual([malformed, pids()], [[[2, 2]], [0, 3]]);
});

test('the screen has its turn while a recording is read as fast as possible', async () => {
	const {player} = play(recording(...Array.from({length: 30_000}, (_, index) => index)), {
		speed: Number.POSITIVE_INFINITY,
	});
	/** Milliseconds of this thread, because other programs run beside. */
	function cpuMs(): number {
		const {user, system} = process.threadCpuUsage();
		return (user + system) / 1000;
	}

	let worst = 0;
	let last = cpuMs();
	const timer = setInterval(() => {
		worst = Math.max(worst, cpuMs() - last);
		last = cpuMs();
	}, 1);
	await player.play();
	clearInterval(timer);
	assert.ok(worst < 3000, `${worst} ms without a turn`);
});

test('a clock that goes on between two looks makes no wait below zero, of which Node would warn on the screen', async () => {
	const warnings: string[] = [];

	function hear({name}: Error): number {
		return warnings.push(name);
	}

	process.on('warning', hear);
	let ms = 0;
	const {player, played} = play(recording(...Array.from({length: 20}, (_, index) => index / 200)), {
		clock() {
			ms += 0.7;
			return ms;
		},
	});
	try {
		await player.play();
		await new Promise(setImmediate);
		assert.equal(played.length, 20);
		assert.deepEqual(warnings, []);
	} finally {
		process.off('warning', hear);
	}
});

test('a node whose clock is ahead holds up no other, and is named', async () => {
	const ahead: Array<readonly [string, number]> = [];
	const played: number[] = [];
	const player = new Player(
		[recording(0, 3600, 0.1, 3600.1, 0.2)],
		{
			event: (_line, event) => played.push(event.process_exec?.process?.pid ?? -1),
			malformed: () => undefined,
			ahead: (name, byMs) => ahead.push([name, Math.round(byMs / 1000)]),
		},
		{speed: 1},
	);
	await player.play();
	assert.deepEqual(played, [0, 1, 2, 3, 4]);
	assert.deepEqual(ahead, [
		['', 3600],
		['', 3600],
	]);
	assert.ok(player.nowMs < start + 60_000, 'its events do not move the clock');
});

test('as fast as possible, the event loop has its turn after 8 ms of events', async () => {
	let nowMs = 0;
	let count = 0;
	const counts: number[] = [];
	const player = new Player(
		[recording(...Array.from({length: 60}, (_, index) => index))],
		{
			event() {
				nowMs++;
				count++;
			},
			malformed() {},
		},
		{speed: Number.POSITIVE_INFINITY, clock: () => nowMs},
	);
	let isDone = false;

	function look(): void {
		if (count !== counts.at(-1)) {
			counts.push(count);
		}
		if (!isDone) {
			setImmediate(look);
		}
	}

	setImmediate(look);
	await player.play();
	isDone = true;
	const turns = counts.slice(1).map((value, index) => value - (counts[index] ?? 0));
	assert.equal(Math.max(...turns.slice(1)), 9, `events of each turn: ${turns}`);
});

test('a player that waits looks again every 50 ms, for a change of speed or place', async t => {
	const waits: number[] = [];
	const {player} = play(recording(0, 3600));
	const real = globalThis.setTimeout;
	t.mock.method(globalThis, 'setTimeout', (done: () => void, ms: number) => {
		waits.push(ms);
		return real(done, ms);
	});
	const playing = player.play();
	while (waits.length < 3) {
		await new Promise(setImmediate);
	}
	t.mock.restoreAll();
	player.close();
	await playing;
	assert.deepEqual(waits.slice(0, 3), [50, 50, 50]);
});
