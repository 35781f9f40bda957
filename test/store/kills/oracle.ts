/**
A recording of a real agent whose commands were watched by somebody else, who wrote down what each really died of. `play`
gives it to a store as a client would see it: frames when they arrived, lists of policies as somebody polls them.
*/
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {Arrival} from '../../../source/store/arrival.js';
import type {KillState} from '../../../source/store/enforcement-states.js';
import type {Enforcement} from '../../../source/store/processes/process.js';
import {Store} from '../../../source/store/store.js';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import {decodeMessage} from '../../../source/tetragon/wire/decode.js';

export const verdictsFolder = fileURLToPath(new URL('../../fixtures/verdicts', import.meta.url));

export type Command = {
	readonly from: number;
	readonly to: number;
	readonly rc: number;
	readonly truth: string;
	readonly command: string;
};

export type Recording = {
	readonly frames: ReadonlyArray<{readonly atMs: number; readonly bytes: Buffer}>;
	readonly lists: ReadonlyArray<{readonly atMs: number; readonly list: readonly PolicyStatus[]}>;
	readonly commands: readonly Command[];
};

export function readRecording(folder = verdictsFolder): Recording {
	function text(name: string) {
		return gunzipSync(readFileSync(path.join(folder, name)))
			.toString()
			.trim()
			.split('\n');
	}
	const arrivals = text('arrivals.txt.gz').map(Number);
	const bytes = gunzipSync(readFileSync(path.join(folder, 'events.bin.gz')));
	const frames: Array<{atMs: number; bytes: Buffer}> = [];
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		frames.push({atMs: arrivals[frames.length] ?? Number.NaN, bytes: bytes.subarray(at + 4, at + 4 + length)});
		at += 4 + length;
	}

	const lists = text('policies.jsonl.gz').map(line => {
		const {ms, base64} = JSON.parse(line) as {ms: number; base64: string};
		const answer = decodeMessage('ListTracingPoliciesResponse', Buffer.from(base64, 'base64')) as {
			readonly policies?: readonly PolicyStatus[];
		};
		return {atMs: ms, list: answer.policies ?? []};
	});
	const commands = readFileSync(path.join(folder, 'oracle.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as Partial<Command>)
		.filter(line => line.command !== undefined) as Command[];
	return {frames, lists, commands};
}

export type Polling = {
	readonly everyMs: number;
	/** How long an answer is on its way; `jitter`: at most. */
	readonly lateMs?: number;
	/** A number from 0 to below `limit`: polls come each 1 s to `everyMs`, at any time. */
	readonly jitter?: (limit: number) => number;
	/** Which answers never arrive, by their number. */
	readonly isLost?: (index: number) => boolean;
	/** Ask at once when an enforcement event comes, at most once a second. */
	readonly isEager?: boolean;
};

/** Milliseconds of the recording's clock between two looks at the verdicts. */
const lookMs = 250;

export function play(recording: Recording, polling: Polling, look?: (store: Store, nowMs: number) => void): Store {
	const {frames, lists} = recording;
	const store = new Store();
	const arrival = new Arrival();
	const node = store.openNode('minikube');
	const startMs = Math.min(frames[0]!.atMs, lists[0]!.atMs);
	const endMs = Math.max(frames.at(-1)!.atMs, lists.at(-1)!.atMs) + 30_000;
	const answers: Array<{readonly askedMs: number; readonly gotMs: number}> = [];
	let next = 0;
	let asked = 0;
	let lastAskedMs = Number.NEGATIVE_INFINITY;
	let pauseMs = polling.everyMs;

	function ask(nowMs: number): void {
		lastAskedMs = nowMs;
		const {jitter, everyMs, lateMs = 0} = polling;
		pauseMs = jitter === undefined ? everyMs : 1000 + jitter(everyMs - 999);
		if (polling.isLost?.(asked++) !== true) {
			answers.push({askedMs: nowMs, gotMs: nowMs + (jitter === undefined ? lateMs : jitter(lateMs + 1))});
		}
	}

	for (let nowMs = startMs; nowMs <= endMs; nowMs += 50) {
		const before = store.kills().groups.length;
		for (; next < frames.length && frames[next]!.atMs <= nowMs; next++) {
			store.take(node, arrival.frame(frames[next]!.bytes), frames[next]!.atMs);
		}

		const isAlarmed = polling.isEager === true && store.kills().groups.length > before && nowMs - lastAskedMs >= 1000;
		if (nowMs - lastAskedMs >= pauseMs || isAlarmed) {
			ask(nowMs);
		}

		while (answers[0] !== undefined && answers[0].gotMs <= nowMs) {
			const {askedMs} = answers.shift()!;
			const list = lists.findLast(({atMs}) => atMs <= askedMs)?.list ?? lists[0]!.list;
			store.takePolicies(node, list, nowMs, askedMs);
		}

		store.tick(nowMs);
		if ((nowMs - startMs) % lookMs === 0) {
			look?.(store, nowMs);
		}
	}

	return store;
}

/** The state that the truth of a command must have; undefined: no enforcement may be shown for it. */
export function expectedState({truth}: Command): KillState | undefined {
	const rows: ReadonlyArray<readonly [RegExp, KillState | undefined]> = [
		[/no event tells/, undefined],
		[/^not killed/, 'WOULD-KILL'],
		[/^denied/, 'DENIED'],
		[/SIGTERM/, 'SIGNALLED'],
		[/^killed by hand|^untouched/, undefined],
		[/^killed by/, 'KILLED'],
	];
	return rows.find(([pattern]) => pattern.test(truth))?.[1];
}

/** The enforcements of the store that happened while the command ran. */
export function enforcementsOf(store: Store, {from, to}: Command): readonly Enforcement[] {
	return store
		.kills()
		.groups.flatMap(group => group.kills)
		.filter(kill => kill.seq >= 0 && kill.timeMs >= from - 5 && kill.timeMs <= to + 5);
}

/** Enforcements that nobody saw, with their number. */
export function unseenOf(store: Store): number {
	return store
		.kills()
		.groups.filter(({state}) => state === 'UNSEEN')
		.reduce((sum, {count}) => sum + count, 0);
}
