import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import type {Pty} from '../terminal/pty.js';
import {launcher, openShell, project} from './program.js';

/** A shell that reads no lines changes no modes: what they are after the end is what the program has left. */
const script = `
stty -ixon -iexten erase ^H intr ^X
before=$(stty -g)
COMMAND
echo "status=$?"
n=0
while [ "$(stty -g)" != "$before" ] && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.1; done
[ "$(stty -g)" = "$before" ] && echo modes=same || echo modes=changed
sleep 60`;

function childrenOf(pid: number): readonly number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function commandOf(pid: number): string {
	return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

function isAlive(pid: number): boolean {
	try {
		return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
}

async function ended(pid: number): Promise<void> {
	const until = performance.now() + 20_000;
	while (isAlive(pid)) {
		assert.ok(performance.now() < until, `process ${pid} has not ended`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

async function opened(command: string, environment = {}): Promise<Pty> {
	const pty = openShell(script.replace('COMMAND', command), {environment});
	await pty.waitFor(/KILL/);
	assert.equal(pty.isAlternate(), true);
	return pty;
}

async function assertGivenBack(pty: Pty, status: RegExp): Promise<void> {
	const text = await pty.waitFor(/modes=\w/);
	assert.match(text, status);
	assert.match(text, /modes=same/);
	assert.equal(pty.isAlternate(), false);
	assert.equal(pty.mode(25), true, 'cursor');
	assert.equal(pty.mode(1000), false, 'mouse');
	assert.equal(pty.mode(2004), false, 'paste');
	assert.equal(pty.mode(7), true, 'wrapping');
}

function programOf(pty: Pty): number {
	const [pid] = childrenOf(pty.pid);
	assert.ok(pid !== undefined);
	return pid;
}

function guardOf(pid: number): number {
	const [guard, ...others] = childrenOf(pid).filter(child => commandOf(child).includes('tetratop-guard'));
	assert.ok(guard !== undefined && others.length === 0, 'there is one guard');
	return guard;
}

for (const [signal, status] of [
	['SIGKILL', /status=137/],
	['SIGSEGV', /status=1\d\d/],
	['SIGABRT', /status=134/],
	['SIGUSR2', /status=140/],
] as const) {
	test(`the terminal is given back after ${signal}`, async () => {
		const pty = await opened('tetratop demo --mouse');
		try {
			const pid = programOf(pty);
			const guard = guardOf(pid);
			process.kill(pid, signal);
			await assertGivenBack(pty, status);
			await ended(guard);
		} finally {
			await pty.close();
		}
	});
}

test('no guard is left when the program ends by itself', async () => {
	const pty = await opened('tetratop demo');
	try {
		const guard = guardOf(programOf(pty));
		pty.write('Q');
		await assertGivenBack(pty, /status=0/);
		await ended(guard);
		// One time: a second CSI ? 1049 l would move the cursor back.
		assert.equal(pty.raw().split('\u001B[?1049l').length, 2);
	} finally {
		await pty.close();
	}
});

test('where there is no shell the program runs without a guard', {skip: process.getuid?.() !== 0 && 'needs root'}, async () => {
	const pty = await opened(
		`unshare --mount /bin/bash -c 'cp /bin/bash /tmp/bash-$$ && mount --bind /dev/null /bin/sh && exec "$0" "$@"' ${[process.execPath, launcher].join(' ')} demo`,
	);
	try {
		pty.write('Q');
		await assertGivenBack(pty, /status=0/);
	} finally {
		await pty.close();
	}
});
void project;
