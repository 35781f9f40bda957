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
