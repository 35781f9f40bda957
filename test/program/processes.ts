/** What /proc says of the processes that a test has started. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

export function childrenOf(pid: number): readonly number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

export function commandOf(pid: number): string {
	return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

export function isAlive(pid: number): boolean {
	try {
		return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
}

export async function ended(pid: number): Promise<void> {
	const until = performance.now() + 20_000;
	while (isAlive(pid)) {
		assert.ok(performance.now() < until, `process ${pid} has not ended`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

function linesOf(file: string): readonly string[] {
	try {
		return readFileSync(file, 'utf8').split('\n');
	} catch {
		return [];
	}
}

function tasksOf(pid: number): readonly string[] {
	try {
		return readdirSync(`/proc/${pid}/task`).map(task => `/proc/${pid}/task/${task}`);
	} catch {
		return [];
	}
}

/**
True while no thread of the process and its children runs or waits for a processor, by /proc; where there is none, always.
Under load a program that has not handled its keys yet is not asleep, however long it says nothing.
*/
export function isAsleep(pid: number): boolean {
	return tasksOf(pid).every(task => {
		const [stat = ''] = linesOf(`${task}/stat`);
		// The name in parentheses may hold anything.
		const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
		const [children = ''] = linesOf(`${task}/children`);
		return (
			!/[RD]/.test(state) &&
			children
				.split(' ')
				.filter(Boolean)
				.every(child => isAsleep(Number(child)))
		);
	});
}

/** Waits until the process has been asleep for a while: it has started, and waits for something. */
export async function asleep(pid: number): Promise<void> {
	for (let polls = 0; polls < 10; polls = isAlive(pid) && isAsleep(pid) ? polls + 1 : 0) {
		await new Promise(resolve => setTimeout(resolve, 20));
	}
}

/** The TCP sockets of a process that listen, as /proc shows them. */
export function listeningOf(pid: number): readonly string[] {
	const inodes = new Set(
		readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
			try {
				return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
			} catch {
				return [];
			}
		}),
	);
	return ['tcp', 'tcp6']
		.flatMap(name => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1))
		.map(line => line.trim().split(/\s+/))
		.filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode ?? ''))
		.map(([, address = '']) => address);
}
