import assert from 'node:assert/strict';
import test from 'node:test';
import {Random} from './made-recording.js';
import {enforcementsOf, expectedState, type Polling, play, readRecording, unseenOf} from './oracle.js';

const recording = readRecording();
const silent = recording.commands.filter(({truth}) => truth.includes('no event tells')).length;

const ways: ReadonlyArray<readonly [string, Polling]> = [
	['each second', {everyMs: 1000}],
	['each ten seconds', {everyMs: 10_000}],
	['each ten seconds, and at once when an enforcement comes', {everyMs: 10_000, isEager: true}],
	['each second, answers five seconds late', {everyMs: 1000, lateMs: 5000}],
	['each ten seconds, answers five seconds late', {everyMs: 10_000, lateMs: 5000}],
	['each second, every third answer lost', {everyMs: 1000, isLost: index => index % 3 === 1}],
	['each ten seconds, every second answer lost', {everyMs: 10_000, isLost: index => index % 2 === 1}],
];

/** Polls at any time, answers late by any time or lost, at most two in a row. The first one comes: reports before it are no claims. */
function atRandom(seed: number): readonly [string, Polling] {
	const random = new Random(seed);
	let inRow = 0;

	function isLost(index: number): boolean {
		inRow = index > 0 && random.below(4) === 0 && inRow < 2 ? inRow + 1 : 0;
		return inRow > 0;
	}

	const polling = {everyMs: 10_000, lateMs: 5000, isLost, jitter: (limit: number) => random.below(limit)};
	return [`at random by seed ${seed}`, {...polling, isEager: seed % 2 === 0}];
}

const seeds = Number(process.env['ORACLE_SEEDS'] ?? 4);
const randomWays = Array.from({length: seeds}, (_, seed) => atRandom(seed));

for (const [name, polling] of [...ways, ...randomWays]) {
	test(`every verdict is the oracle's when policies are polled ${name}`, () => {
		const wrongSinceMs = new Map<string, number>();
		let longestMs = 0;
		const store = play(recording, polling, (at, nowMs) => {
			for (const command of recording.commands) {
				const expected = expectedState(command);
				const isWrong = enforcementsOf(at, command).some(
					({state}) => state !== expected && !['KILL ?', 'DENY ?', 'KILL-SENT'].includes(state),
				);
				const key = `${command.from}`;
				if (isWrong) {
					const sinceMs = wrongSinceMs.get(key) ?? nowMs;
					wrongSinceMs.set(key, sinceMs);
					longestMs = Math.max(longestMs, nowMs - sinceMs);
				} else {
					wrongSinceMs.delete(key);
				}
			}
		});
		const wrong = recording.commands.flatMap(command => {
			const states = new Set(enforcementsOf(store, command).map(({state}) => state));
			const expected = expectedState(command);
			const isRight = expected === undefined ? states.size === 0 : states.size === 1 && states.has(expected);
			return isRight ? [] : [`${command.command}: ${[...states].join(', ') || 'nothing'}, but: ${command.truth}`];
		});
		assert.deepEqual(wrong, []);
		assert.equal(unseenOf(store), silent, 'kills without an event');
		const lostFactor = polling.isLost === undefined ? 1 : polling.jitter === undefined ? 2 : 3;
		const polls = 2 * (polling.everyMs * lostFactor + (polling.lateMs ?? 0));
		assert.ok(longestMs <= polls, `a verdict was wrong for ${longestMs} ms`);
	});
}
