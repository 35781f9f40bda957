/** Verdicts of recordings that a seed makes: at the end none contradicts what became of the process. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {Store} from '../../../source/store/store.js';
import {type Chances, type MadeRecording, makeRecording, Random} from './made-recording.js';
import {type Polling, play, unseenOf} from './oracle.js';

const seeds = Number(process.env['MADE_SEEDS'] ?? 25);

/** Polls as they come in a cluster: at once or late, some lost. */
function pollingOf(seed: number, isFirstSafe: boolean): Polling {
	const random = new Random(seed + 1_000_000);
	const everyMs = [1000, 10_000, 10_000][random.below(3)]!;
	const lateMs = [0, 0, 5000, random.below(3000)][random.below(4)]!;
	const lost = [0, 0, 30][random.below(3)]!;
	const lots = new Random(seed + 2_000_000);
	let inRow = 0;

	function isLost(index: number): boolean {
		const isSafe = (isFirstSafe && index === 0) || inRow === 2;
		inRow = lots.below(100) < lost && !isSafe ? inRow + 1 : 0;
		return inRow > 0;
	}

	return {everyMs, lateMs, isEager: random.below(2) === 0, isLost};
}

function statesOf(store: Store): ReadonlyMap<string, string> {
	const kills = store.kills().groups.flatMap(group => group.kills);
	return new Map(kills.filter(({seq}) => seq >= 0).map(kill => [kill.process?.facts?.arguments ?? '', kill.state]));
}

function wrongOf(recording: MadeRecording, store: Store): readonly string[] {
	const states = statesOf(store);
	const wrong: string[] = [];
	for (const [words, {policy, what, right, open}] of recording.fates) {
		const state = states.get(words) ?? '';
		if (!right.includes(state) && !open.includes(state)) {
			wrong.push(`${words} of ${policy} was ${what}, and is called "${state}"`);
		}
	}

	const unseen = unseenOf(store);
	if (unseen > recording.hidden) {
		wrong.push(`${unseen} kills are UNSEEN, and ${recording.hidden} were`);
	}

	return wrong;
}

const ways: Readonly<Record<string, Chances>> = {
	'modes switch': {hidden: 0, killedByHand: 0, kinds: ['kill', 'kill', 'deny']},
	'modes switch and others kill': {hidden: 0, killedByHand: 50, kinds: ['kill', 'kill', 'deny']},
	'some kills send no event': {hidden: 20, killedByHand: 0, kinds: ['kill', 'kill', 'deny']},
	'reports that kill': {hidden: 0, killedByHand: 0, kinds: ['post', 'post', 'kill']},
	'some kills send no event and others kill': {hidden: 20, killedByHand: 50, kinds: ['kill', 'kill', 'deny']},
	'reports that kill, and others kill': {hidden: 0, killedByHand: 50, kinds: ['post', 'post', 'kill']},
};

for (const [name, chances] of Object.entries(ways)) {
	test(`no verdict is wrong at the end, whatever the polls do: ${name}`, () => {
		const wrong: string[] = [];
		for (let seed = 0; seed < seeds; seed++) {
			const recording = makeRecording(seed, chances);
			// Before the first answer nothing but the exit tells: who is killed by hand then looks like one that the policy killed.
			const store = play(recording, pollingOf(seed, chances.killedByHand > 0));
			wrong.push(...wrongOf(recording, store).map(text => `seed ${seed}: ${text}`));
		}

		assert.deepEqual(wrong, []);
	});
}
