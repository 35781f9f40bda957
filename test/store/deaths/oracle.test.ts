/** Real signals of a real agent, with what is true of each. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {Arrival} from '../../../source/store/arrival.js';
import type {Death} from '../../../source/store/death.js';
import {kernelOoms} from '../../../source/store/deaths/kernel-log.js';
import {whoSignals} from '../../../source/store/deaths/who-signals.js';
import {Store} from '../../../source/store/store.js';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import {decodeFrame} from '../../../source/tetragon/decode-frame.js';
import {decodeMessage} from '../../../source/tetragon/wire/decode.js';

const folder = fileURLToPath(new URL('../../fixtures/signals', import.meta.url));

function framesIn(name: string): Buffer[] {
	const bytes = gunzipSync(readFileSync(path.join(folder, name)));
	const frames: Buffer[] = [];
	for (let at = 0; at < bytes.length; ) {
		const length = bytes.readUInt32BE(at);
		frames.push(bytes.subarray(at + 4, at + 4 + length));
		at += 4 + length;
	}

	return frames;
}

function timeOf(frame: Buffer): number {
	return Date.parse(decodeFrame(frame, 'protobuf')?.time ?? '');
}

/** Frames in their order, each at its own time; the lists of policies between them. */
function play(frames: readonly Buffer[], lists: ReadonlyArray<{atMs: number; list: readonly PolicyStatus[]}>): Store {
	const store = new Store();
	const node = store.openNode('minikube');
	store.deaths.look({pods: 'not asked', events: 'not asked', words: [], hasTarget: true});
	const waiting = [...lists];
	let nowMs = 0;
	for (const frame of frames) {
		nowMs = Math.max(nowMs, timeOf(frame) || 0);
		while (waiting[0] !== undefined && waiting[0].atMs <= nowMs) {
			store.takePolicies(node, waiting.shift()!.list, nowMs);
		}

		store.take(node, new Arrival().frame(frame), nowMs);
	}

	for (const {list} of waiting) {
		nowMs += 1000;
		store.takePolicies(node, list, nowMs);
	}

	for (let later = 0; later < 40; later++) {
		nowMs += 1000;
		store.tick(nowMs);
	}

	return store;
}

function policyLists(): Array<{atMs: number; list: readonly PolicyStatus[]}> {
	const text = gunzipSync(readFileSync(path.join(folder, 'policies.jsonl.gz'))).toString();
	return text
		.trim()
		.split('\n')
		.map(line => {
			const {ms, base64} = JSON.parse(line) as {ms: number; base64: string};
			const answer = decodeMessage('ListTracingPoliciesResponse', Buffer.from(base64, 'base64'));
			return {atMs: ms, list: (answer['policies'] ?? []) as readonly PolicyStatus[]};
		});
}

type Seen = {readonly binary: string; readonly pid: number; readonly state: string; readonly death: Death};

/** The rows of deaths whose time lies within a command of the oracle. */
function deathsIn(store: Store, from: number, to: number): Seen[] {
	return store.deaths
		.groups()
		.flatMap(({kills}) => kills)
		.filter(({timeMs}) => timeMs >= from && timeMs <= to)
		.map(({process, state, death}) => ({
			binary: (process?.facts?.binary ?? '').replace(/.*\//, ''),
			pid: process?.pid ?? 0,
			state,
			death,
		}));
}

const oracle = readFileSync(path.join(folder, 'oracle.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map(line => JSON.parse(line) as {from: number; to: number; truth: string});

test('each death of the recording has the killer that the oracle knows, and no echo has a row', () => {
	const store = play(framesIn('events.bin.gz'), policyLists());
	const wanted: ReadonlyArray<readonly [truth: RegExp, rows: readonly string[]]> = [
		[/^sleep killed by bash of the same pod/, ['bash 6332 BY bash']],
		[/^sleep ended by sh of the same pod/, ['sh 6342 BY sh']],
		[/^sleep ended by timeout/, ['sleep 6352 BY timeout']],
		[/^perl killed itself with SIGKILL/, ['perl 6361 SELF']],
		[/^exit code 137 by itself/, ['bash 6379 SELF']],
		[/pid 6325\) killed with SIGKILL by bash of the host/, ['sleep 6325 BY bash']],
		[/pid 6391\) killed with SIGKILL by \/bin\/kill of the host/, ['sleep 6391 BY kill']],
		[/^killed by file-monitoring-filtered/, []],
	];
	for (const [truth, rows] of wanted) {
		const line = oracle.find(one => truth.test(one.truth));
		assert.ok(line, String(truth));
		const seen = deathsIn(store, line.from, line.to);
		assert.deepEqual(
			seen.map(({binary, pid, death}) => `${binary} ${pid} ${death.name}`),
			rows,
			line.truth,
		);
	}

	const killers = store.kills().groups.filter(({state}) => state === 'KILLED');
	assert.ok(killers.some(({policy}) => policy === 'file-monitoring-filtered'));
});

test('a segmentation fault is the own doing of the process, and its wrapper only repeats it', () => {
	const store = play(framesIn('events.bin.gz'), policyLists());
	const {from, to} = oracle.find(({truth}) => /SIGSEGV/.test(truth))!;
	const ends = deathsIn(store, from, to);
	assert.deepEqual(
		ends.map(({binary, state, death}) => `${binary} ${state} ${death.cause}`),
		['perl SELF SIGSEGV'],
	);
});

test('a sender is named with its pod, its parents and how it came into the container', () => {
	const store = play(framesIn('events.bin.gz'), policyLists());
	const inPod = deathsIn(store, oracle[0]!.from, oracle[0]!.to)[0]!;
	assert.match(inPod.death.cause, /^pod xwing \(exec\)$/);
	assert.match(inPod.death.sentence, /sent it SIGKILL: pid 6331, \/usr\/bin\/bash .*started by nsenter < podrun/);
	const line = oracle.find(({truth}) => /\/bin\/kill of the host/.test(truth))!;
	assert.equal(deathsIn(store, line.from, line.to)[0]!.death.cause, 'host');
});

test('an OOM kill is UNKNOWN without the word of the node, and OOM with it; the wrapper that repeats it has no row', () => {
	const frames = framesIn('oom.events.bin.gz');
	const store = play(frames, []);
	const {from, to} = oracle.at(-1)!;
	const [alone, ...others] = deathsIn(store, from, to);
	assert.equal(others.length, 0);
	assert.equal(`${alone!.binary} ${alone!.state}`, 'perl UNKNOWN');
	assert.match(alone!.death.sentence, /no process sent it: the kernel did \(out of memory/);
	const log = [
		'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/x,task_memcg=/x,task=perl,pid=6437,uid=0',
		'Memory cgroup out of memory: Killed process 6437 (perl) total-vm:46656kB, anon-rss:39424kB, file-rss:4352kB',
	];
	for (const oom of kernelOoms('minikube', log)) {
		store.deaths.oom(oom);
	}

	const [known] = deathsIn(store, from, to);
	assert.equal(known!.state, 'OOM');
	assert.match(known!.death.proof[0]!.text, /Killed process 6437 \(perl\)/);
});

test('the policy that an UNKNOWN gives to copy is the one that was tried on a real agent', () => {
	assert.equal(whoSignals.trim(), readFileSync(path.join(folder, 'who-signals.yaml'), 'utf8').trim());
});
