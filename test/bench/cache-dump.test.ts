/** Merging the process cache of an agent must leave the screen its turns. */
import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {inSlices} from '../../source/runtime/slices.js';
import {readDump} from '../../source/tetragon/agent/dump.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {type Actor, actor, Scene, startMs} from '../store/scene.js';

/** A cache as an agent has it: a few services, whose children come and go, in no order. */
function crowd(count: number): readonly Actor[] {
	const parents: Actor[] = [];
	return Array.from({length: count}, (_, index) => {
		const parent = parents[index % 97];
		const member = actor({
			pod: `pod-${index % 110}`,
			start: index / 100,
			...(parent === undefined ? {} : {parent}),
			arguments: `--number ${index}`,
		});
		if (index % 7 === 0) {
			parents.push(member);
		}

		return member;
	}).sort((a, b) => (a.exec_id < b.exec_id ? -1 : 1));
}

/** Milliseconds of CPU between two turns of the event loop, while the work runs. CPU time, because other tests run beside. */
async function holdsOf(work: () => Promise<unknown>): Promise<readonly number[]> {
	const holds: number[] = [];
	let isDone = false;
	async function watch() {
		let last = cpuMs();
		while (!isDone) {
			await nextTurn();
			const now = cpuMs();
			holds.push(now - last);
			last = now;
		}
	}

	const watching = watch();
	await work();
	isDone = true;
	await watching;
	return holds.sort((one, other) => other - one);
}

function cpuMs(): number {
	const {user, system} = process.threadCpuUsage();
	return (user + system) / 1000;
}

test('a dump of 65 536 entries, and of 200 000, is merged in steps of 50 ms of processor time, two longer ones apart', {
	timeout: 120_000,
}, async () => {
	for (const count of [65_536, 200_000]) {
		const entries = crowd(count).map(member =>
			encodeMessage('ProcessInternal', {process: member, color: 'inUse', refcnt: 1, refcnt_ops: {'process++': 1}}),
		);
		const bytes = Buffer.from(encodeMessage('GetDebugResponse', {}));
		const whole = Buffer.concat([bytes, ...dumpOf(entries)]);
		const scene = new Scene();
		let read = 0;
		const [longest = 0, , third = 0] = await holdsOf(async () => {
			const dump = await readDump(whole);
			read = dump.length;
			await inSlices(scene.store.takeDump(scene.node, dump, startMs + 1_000_000));
		});
		assert.equal(read, count);
		assert.ok(scene.store.totals().processes > 60_000);
		// The garbage collector of a busy machine may take longer once or twice.
		assert.ok(
			third < 50 && longest < 200,
			`${count}: held for ${longest.toFixed(1)} ms, and for ${third.toFixed(1)} ms`,
		);
	}
});

/** GetDebugResponse.processes.processes[], in its tags and lengths. */
function dumpOf(entries: readonly Uint8Array[]): readonly Uint8Array[] {
	const inner = entries.flatMap(entry => [tagged(1, entry.length), entry]);
	const length = inner.reduce((sum, part) => sum + part.length, 0);
	return [tagged(3, length), ...inner];
}

function tagged(field: number, length: number): Uint8Array {
	const bytes = [(field << 3) | 2];
	let left = length;
	while (left > 127) {
		bytes.push((left % 128) + 128);
		left = Math.floor(left / 128);
	}

	return Uint8Array.from([...bytes, left]);
}
