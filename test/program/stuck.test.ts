import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {asleep, childrenOf, commandOf, ended} from './processes.js';
import {openProgram, openShell, programWords, startProgram} from './program.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
const fifo = path.join(folder, 'fifo');
execFileSync('mkfifo', [fifo]);
after(() => rmSync(folder, {recursive: true, force: true}));

test('a replay of a named pipe without a writer ends at Q', async () => {
	const pty = openProgram(['replay', fifo]);
	try {
		await pty.waitFor(/REPLAY/);
		await pty.idle();
		pty.write('Q');
		assert.equal((await pty.exited).exitCode, 0);
	} finally {
		await pty.close();
	}
});

for (const [what, command] of [
	['a slow command', 'tetratop replay /dev/fd/9 9<&0'],
	['a standard input that says nothing', 'tetratop replay -'],
] as const) {
	test(`a replay of ${what} ends at Q`, async () => {
		const pty = openShell(`sleep 100 | { ${command}; echo "status=$?"; kill 0; }`);
		try {
			await pty.waitFor(/REPLAY/);
			await pty.idle();
			pty.write('Q');
			await pty.waitFor(() => /status=0/.test(pty.raw()));
		} finally {
			await pty.close();
		}
	});
}

for (const words of [
	['replay', fifo],
	['replay', '-'],
	['replay', '-', '-o', 'json'],
]) {
	test(`${words.join(' ').replace(folder, '')} ends at the first SIGTERM`, async () => {
		await using running = startProgram([...words]);
		await asleep(running.child.pid ?? 0);
		running.child.kill('SIGTERM');
		const {signal, code} = await running.ended;
		assert.ok(signal === 'SIGTERM' || code === 143, `${signal} ${code}`);
	});
}

test('a named pipe is replayed to its end, whenever its writer comes', async () => {
	await using running = startProgram(['replay', fifo, '-o', 'json']);
	execFileSync('/bin/sh', [
		'-c',
		`printf '{"process_exit":{"process":{"exec_id":"x"}},"time":"2026-01-01T00:00:00Z"}\\n' > '${fifo}'`,
	]);
	const {code, stdout} = await running.ended;
	assert.equal(code, 0);
	assert.match(stdout, /"exec_id":"x"/);
});

test('lines to a reader that takes nothing end at the first SIGINT', async () => {
	const pty = openShell(
		`trap '' INT; ( trap - INT; exec '${programWords.join("' '")}' demo --speed=max -o json ) | sleep 100`,
	);
	try {
		const pid = await lineWriterOf(pty.pid);
		// The pipe holds 64 KiB: more has come, and waits.
		await new Promise(resolve => setTimeout(resolve, 3000));
		process.kill(pid, 'SIGINT');
		// Its reader stays for 100 s.
		await ended(pid);
	} finally {
		await pty.close();
	}
});

async function lineWriterOf(shell: number): Promise<number> {
	const until = performance.now() + 20_000;
	for (;;) {
		const found = childrenOf(shell).find(child => commandOf(child).includes('demo'));
		if (found !== undefined) {
			return found;
		}
		assert.ok(performance.now() < until, 'the program starts');
		await new Promise(resolve => setTimeout(resolve, 20));
	}
}

for (const file of ['/dev/zero', fifo]) {
	test(`a kubeconfig that has no end, ${path.basename(file)}, is refused in a sentence`, async () => {
		await using running = startProgram(['--kubeconfig', file, '-o', 'json']);
		const {code, stderr} = await running.ended;
		assert.equal(code, 1);
		assert.match(stderr, /^tetratop: kubeconfig .*(?:larger than|pipe).*\n$/);
	});
}
