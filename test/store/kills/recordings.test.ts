/**
Every enforcement of every recording in the repository, with its state and the proof of it. The recordings hold no modes of
policies, so the process alone proves: its exit, the error that its call returned, or that it went on.
*/
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {Arrival} from '../../../source/store/arrival.js';
import type {Enforcement} from '../../../source/store/processes/process.js';
import {Store} from '../../../source/store/store.js';
import {framesOf, recordingNames} from '../../agent/recordings.js';

const golden = fileURLToPath(new URL('recordings.txt', import.meta.url));

function rowOf(name: string, kill: Enforcement): string {
	const {facts} = kill.process ?? {};
	const exit = Number.isFinite(kill.exitMs)
		? `exit ${kill.exitSignal === '' ? kill.exitStatus : kill.exitSignal} after ${(kill.exitMs - kill.timeMs).toFixed(0)} ms`
		: 'no exit seen';
	const who = `${facts?.pod ?? '?'} ${path.basename(facts?.binary ?? '?')} ${kill.process?.pid ?? '?'}`;
	return [name, kill.action, kill.policy, who, kill.state, kill.reason, exit].join(' | ');
}

function enforcementsOf(name: string): readonly string[] {
	const store = new Store();
	const node = store.openNode('minikube');
	const arrival = new Arrival();
	const seqs: Enforcement[] = [];
	for (const frame of framesOf(name)) {
		store.take(node, arrival.frame(frame), 1_000_000);
	}

	const processes = new Set<Enforcement>();
	for (const {kills} of store.kills().groups) {
		for (const kill of kills) {
			for (const one of [kill, ...(kill.process?.kills ?? [])]) {
				processes.add(one);
			}
		}
	}

	seqs.push(...[...processes].sort((a, b) => a.seq - b.seq));
	return seqs.map(kill => rowOf(name, kill));
}

test('the state of every enforcement of all recordings is the one that its proof allows', () => {
	const rows = recordingNames()
		.filter(name => name !== 'fork-storm')
		.flatMap(enforcementsOf);
	assert.deepEqual(rows, readFileSync(golden, 'utf8').trimEnd().split('\n'));
});
