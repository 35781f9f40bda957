/** Lines at the pace of their reader. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import type {Subscriber} from '../../source/demo/server.js';
import {TestAgent} from '../agent/agent.js';
import {framesOf} from '../tetragon/recorded.js';
import {addressOf, startProgram} from './program.js';

const storm = framesOf('fork-storm');
const count = 31_280;

function frameAt(index: number): Buffer {
	return storm[index % storm.length] ?? Buffer.alloc(0);
}

/** An agent whose events come as its queue has place for them: its client decides the pace. */
async function patientAgent(): Promise<TestAgent> {
	async function play(subscriber: Subscriber): Promise<void> {
		for (let index = 0; index < count && !subscriber.left; index++) {
			while (subscriber.waiting > 1000 && !subscriber.left) {
				await new Promise(resolve => setTimeout(resolve, 1));
			}

			subscriber.push(frameAt(index));
		}

		while (subscriber.waiting > 0 && !subscriber.left) {
			await new Promise(resolve => setTimeout(resolve, 1));
		}

		subscriber.end();
	}

	return TestAgent.start({
		answers: {
			GetEvents: (_request, subscriber) => {
				void play(subscriber);
				return undefined;
			},
		},
	});
}

/** Kilobytes that a process ever had in memory. */
function peakOf(pid: number | undefined): number {
	return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

test('a pipe that is not read for a while loses no event: the stream waits, and standard error says so while it waits', async () => {
	await using agent = await patientAgent();
	await using program = startProgram(['--server-address', addressOf(agent), '-o', 'json']);
	const {child, ended, until} = program;
	child.stdout.pause();
	await until('the reader of standard output is slower than the events', 'stderr');
	const peak = peakOf(child.pid);
	child.stdout.resume();
	const {stdout, code} = await ended;
	assert.equal(stdout.split('\n').length - 1, count);
	assert.equal(code, 0);
	assert.ok(peak < 400_000, `${peak} kB`);
});

test('what does not fit into the queue of the agent is dropped and counted there, and everything else is printed', async () => {
	let subscriber: Subscriber | undefined;
	await using agent = await TestAgent.start({
		answers: {
			GetEvents: (_request, its) => {
				subscriber = its;
				return undefined;
			},
		},
	});
	await using program = startProgram(['--server-address', addressOf(agent), '-o', 'json']);
	const {child, ended, until, untilLines} = program;
	while (subscriber === undefined) {
		await new Promise(resolve => setTimeout(resolve, 5));
	}

	child.stdout.pause();
	let sent = 0;
	while (subscriber.dropped === 0) {
		subscriber.push(frameAt(sent++));
		if (sent % 100 === 0) {
			await new Promise(resolve => setTimeout(resolve, 1));
		}
	}

	await until('slower than the events', 'stderr');
	child.stdout.resume();
	await untilLines(sent - subscriber.dropped);
	subscriber.end();
	const {stdout} = await ended;
	assert.equal(stdout.split('\n').length - 1, sent - subscriber.dropped);
});
