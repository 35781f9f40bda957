import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import type {Pty} from '../terminal/pty.js';
import {childrenOf, commandOf, ended, listeningOf} from './processes.js';
import {launcher, openShell, programWords} from './program.js';

/** A shell that reads no lines changes no modes: what they are after the end is what the program has left. */
const script = `
stty -ixon -iexten erase ^H intr ^X
before=$(stty -g)
COMMAND
status=$?
n=0
while [ "$(stty -g)" != "$before" ] && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.1; done
[ "$(stty -g)" = "$before" ] && modes=same || modes=changed
echo "status=$status modes=$modes"
sleep 60`;

async function opened(command: string, environment = {}): Promise<Pty> {
	const pty = openShell(script.replace('COMMAND', command), {environment});
	await pty.waitFor(/KILL/);
	assert.equal(pty.isAlternate(), true);
	return pty;
}

async function assertGivenBack(pty: Pty, status: RegExp): Promise<void> {
	// The shell may write before the guard does, and then on the screen that goes away.
	await pty.waitFor(() => /modes=\w/.test(pty.raw()) && !pty.isAlternate());
	assert.match(pty.raw(), status);
	assert.match(pty.raw(), /modes=same/);
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

const isSingle = process.env['TEST_PROGRAM'] !== undefined;
/** Makes the launcher start the checkout's own Node, as it does where the machine's is too old. */
const oldNode = `'${process.execPath}' --import='data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.0"})' '${launcher}'`;

test('kill -9 of the launcher ends the program, which gives the terminal back', {skip: isSingle}, async () => {
	const pty = await opened(`${oldNode} demo`);
	try {
		const outer = programOf(pty);
		const [inner] = childrenOf(outer);
		assert.ok(inner !== undefined);
		const guard = guardOf(inner);
		process.kill(outer, 'SIGKILL');
		await assertGivenBack(pty, /status=137/);
		await ended(inner);
		await ended(guard);
	} finally {
		await pty.close();
	}
});

test('kill -9 of the launcher ends lines too', {skip: isSingle}, async () => {
	const pty = openShell(`${oldNode} demo -o json >/dev/null & echo started; wait; sleep 60`);
	try {
		await pty.waitFor(/started/);
		const outer = programOf(pty);
		const until = performance.now() + 20_000;
		while (childrenOf(outer).length === 0) {
			assert.ok(performance.now() < until, 'the launcher starts a program');
			await new Promise(resolve => setTimeout(resolve, 10));
		}
		const [inner = 0] = childrenOf(outer);
		process.kill(outer, 'SIGKILL');
		await ended(inner);
	} finally {
		await pty.close();
	}
});

test('SIGUSR1 opens no debugger and ends nothing', async () => {
	const pty = await opened('tetratop demo');
	try {
		const pid = programOf(pty);
		process.kill(pid, 'SIGUSR1');
		pty.write('?');
		await pty.waitFor(/Esc/);
		await pty.idle();
		assert.deepEqual(listeningOf(pid), []);
		assert.doesNotMatch(pty.raw(), /Debugger|ws:/);
	} finally {
		await pty.close();
	}
});

test('where there is no shell the program runs without a guard', {
	skip: process.getuid?.() !== 0 && 'needs root',
}, async () => {
	const pty = await opened(
		`unshare --mount /bin/sh -c 'mount --bind /dev/null /bin/sh && exec "$0" "$@"' '${programWords.join("' '")}' demo`,
	);
	try {
		pty.write('Q');
		await assertGivenBack(pty, /status=0/);
	} finally {
		await pty.close();
	}
});

test('a demo that starts removes the folder of one that was killed a moment ago, and leaves one that runs', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	function folders(): readonly string[] {
		return readdirSync(folder).filter(name => name.startsWith('tetratop-demo-'));
	}

	const killed = await opened('tetratop demo', {XDG_RUNTIME_DIR: folder});
	const running = await opened('tetratop demo', {XDG_RUNTIME_DIR: folder});
	try {
		const pid = programOf(killed);
		process.kill(pid, 'SIGKILL');
		await assertGivenBack(killed, /status=137/);
		const next = await opened('tetratop demo', {XDG_RUNTIME_DIR: folder});
		try {
			const until = performance.now() + 20_000;
			while (folders().some(name => name.includes(`-${pid}-`)) || folders().length < 2) {
				assert.ok(performance.now() < until, folders().join(' '));
				await new Promise(resolve => setTimeout(resolve, 20));
			}
			assert.ok(folders().some(name => name.includes(`-${programOf(running)}-`)));
		} finally {
			await next.close();
		}
	} finally {
		await killed.close();
		await running.close();
		rmSync(folder, {recursive: true, force: true});
	}
});
