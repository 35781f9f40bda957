import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, readlinkSync, rmSync, statSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {childrenOf, ended} from '../../program/processes.js';
import {built} from '../../terminal/built.js';
import {type Pty, startCommand} from '../../terminal/pty.js';

const program = await built('test/ui/terminal/programs/session.tsx');

/**
The program below a parent that touches no terminal mode (a shell would repair them), and after its end how it ended and
the state of the terminal as stty sees it.
*/
function startBelow(environment: Record<string, string> = {}, stdin: 'inherit' | 'ignore' = 'inherit'): Pty {
	return startCommand(
		process.execPath,
		[
			'-e',
			`const {spawnSync} = require('node:child_process');
			const stty = (...words) => spawnSync('stty', words, {stdio: ['inherit', 'pipe', 'inherit'], encoding: 'utf8'}).stdout;
			stty('-ixon', '-iexten', 'erase', '^H', 'intr', '^X');
			const before = stty('-g');
			const {status, signal} = spawnSync(process.execPath, ['--enable-source-maps', '${program}'], {stdio: ['${stdin}', 'inherit', 'inherit']});
			const until = Date.now() + 20_000;
			while (stty('-g') !== before && Date.now() < until) {}
			console.log('status=' + (signal ?? status) + ' modes=' + (stty('-g') === before ? 'same' : 'changed'));
			console.log(stty('-a'));
			setTimeout(() => {}, 60_000);`,
		],
		{environment},
	);
}

async function started(environment?: Record<string, string>, stdin?: 'ignore'): Promise<Pty> {
	const pty = startBelow(environment, stdin);
	try {
		await pty.waitFor(/READY.*last row/s);
		return pty;
	} catch (error) {
		await pty.close();
		throw error;
	}
}

/** The id of the program, the only child. */
function programPid(pty: Pty): number {
	const children = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim().split(' ');
	return Number(children.at(-1));
}

function guardPid(pid: number): number {
	const [guard, ...others] = childrenOf(pid);
	assert.ok(guard !== undefined && others.length === 0, 'there is one guard');
	assert.match(readFileSync(`/proc/${guard}/cmdline`, 'utf8'), /tetratop-guard/);
	return guard;
}

/** Memory that the process shares with no other. */
function privateKilobytes(pid: number): number {
	const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
	return [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes), 0);
}

function terminalOf(pid: number): string {
	return readlinkSync(`/proc/${pid}/fd/0`);
}

async function assertGivenBack(pty: Pty): Promise<string> {
	const text = await pty.waitFor(/status=\w+.* echo /s);
	assert.equal(pty.isAlternate(), false);
	assert.equal(pty.mode(1049), false, 'alternate screen');
	assert.equal(pty.mode(25), true, 'cursor');
	assert.equal(pty.mode(2004), false, 'paste');
	assert.equal(pty.mode(7), true, 'wrapping');
	assert.equal(pty.mode(1000), false, 'mouse');
	assert.match(text, /modes=same/);
	assert.match(text, /[^-]icanon/);
	assert.match(text, /[^-]isig/);
	assert.equal(pty.raw().split('\u001B[22;0t').length, pty.raw().split('\u001B[23;0t').length, 'title');
	return text;
}

test('what Node warns of waits until the terminal is given back', async () => {
	const pty = await started();
	try {
		pty.write('wj');
		await pty.waitFor(/keys w,j,/);
		await pty.idle();
		assert.doesNotMatch(pty.raw(), /warned on purpose/);
		pty.write('q');
		await assertGivenBack(pty);
		assert.match(pty.raw(), /warned on purpose/);
	} finally {
		await pty.close();
	}
});

test('quitting gives the terminal back', async () => {
	const pty = await started();
	try {
		assert.equal(pty.isAlternate(), true);
		assert.equal(pty.mode(25), false);
		pty.write('jjMq');
		assert.match(await assertGivenBack(pty), /status=0/);
	} finally {
		await pty.close();
	}
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
	test(`${signal} gives the terminal back, and the parent sees how it ended`, async () => {
		const pty = await started();
		try {
			process.kill(programPid(pty), signal);
			assert.match(await assertGivenBack(pty), new RegExp(`status=${signal}`));
		} finally {
			await pty.close();
		}
	});
}

for (const signal of ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGUSR2', 'SIGALRM'] as const) {
	test(`after ${signal}, which no program can clean up after, the guard gives the terminal back and ends`, async () => {
		const pty = await started();
		try {
			pty.write('M');
			await pty.waitFor(/keys M,/);
			const pid = programPid(pty);
			const guard = guardPid(pid);
			assert.ok(privateKilobytes(guard) <= 4096, 'the guard is small');
			process.kill(pid, signal);
			assert.match(await assertGivenBack(pty), new RegExp(`status=${signal}`));
			await ended(guard);
		} finally {
			await pty.close();
		}
	});
}

test('the guard survives what ends or stops the job', async () => {
	const pty = await started();
	try {
		const pid = programPid(pty);
		const guard = guardPid(pid);
		for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGTSTP', 'SIGUSR2'] as const) {
			process.kill(guard, signal);
		}
		process.kill(pid, 'SIGKILL');
		assert.match(await assertGivenBack(pty), /status=SIGKILL/);
	} finally {
		await pty.close();
	}
});

test('a program that wants the terminal after a kill keeps its modes', async () => {
	const pty = await started();
	try {
		const pid = programPid(pty);
		const guard = guardPid(pid);
		// As the line editor of a shell that is faster than the guard.
		process.kill(guard, 'SIGSTOP');
		process.kill(pid, 'SIGKILL');
		await ended(pid);
		execFileSync('stty', ['-F', terminalOf(pty.pid), 'intr', '^Y']);
		process.kill(guard, 'SIGCONT');
		await ended(guard);
		const modes = execFileSync('stty', ['-F', terminalOf(pty.pid), '-a'], {encoding: 'utf8'});
		assert.match(modes, /intr = \^Y/);
		assert.match(modes, /-icanon/);
		await pty.settle();
		assert.equal(pty.isAlternate(), false);
	} finally {
		await pty.close();
	}
});

test('a terminal that takes nothing while the program ends gets its modes back when it goes on', async () => {
	const pty = await started();
	try {
		const pid = programPid(pty);
		const guard = guardPid(pid);
		pty.pause();
		pty.write('p');
		process.kill(pid, 'SIGTERM');
		await ended(pid);
		pty.resume();
		await ended(guard);
		await pty.settle();
		assert.equal(pty.isAlternate(), false);
		assert.equal(pty.mode(25), true);
	} finally {
		await pty.close();
	}
});

test('process.exit from anywhere gives the terminal back', async () => {
	const pty = await started();
	try {
		pty.write('e');
		assert.match(await assertGivenBack(pty), /status=3/);
	} finally {
		await pty.close();
	}
});

for (const [key, name, words] of [
	['x', 'an uncaught error', /broken on/],
	['r', 'an unhandled rejection', /rejected on purpose/],
] as const) {
	test(`${name} gives the terminal back and says where the report is`, async () => {
		const state = await mkdtemp(join(tmpdir(), 'tetratop-session-'));
		const pty = await started({XDG_STATE_HOME: state});
		try {
			pty.write(`jj${key}`);
			const text = await assertGivenBack(pty);
			assert.match(text, /status=70/);
			assert.match(text, words);
			const path = /The report is in (\S+?\.txt)/.exec(text.replaceAll('\n', ''))?.[1] ?? '';
			assert.ok(path.startsWith(state), text);
			assert.equal(statSync(path).mode & 0o777, 0o600);
			const report = readFileSync(path, 'utf8');
			assert.match(report, new RegExp(`actions j j ${key}\n`));
			assert.match(report, words);
			assert.match(report, /session\.tsx/, 'the trace');
			assert.ok(!report.includes('\u001B'), 'foreign text is safe in it');
			rmSync(path);
		} finally {
			await pty.close();
			await rm(state, {recursive: true, force: true});
		}
	});
}

test('ctrl-z gives the terminal to the shell, and fg brings the whole screen back', async () => {
	const pty = startCommand('bash', ['--norc', '-i'], {environment: {PS1: '$ '}});
	try {
		await pty.waitFor(/\$ /);
		pty.write(`'${process.execPath}' '${program}'; echo "status=$?"; stty -a\r`);
		await pty.waitFor(/READY.*last row/s);
		pty.write('j\u001A');
		await pty.waitFor(/Stopped/);
		assert.equal(pty.isAlternate(), false);
		assert.equal(pty.mode(25), true);
		pty.write('fg\r');
		await pty.waitFor(/READY keys j,ctrl-z, repaints [1-9].*last row/s);
		assert.equal(pty.isAlternate(), true);
		pty.write('k');
		await pty.waitFor(/keys j,ctrl-z,k,/);
		pty.write('q');
		await pty.waitFor(/status=/);
		assert.equal(pty.isAlternate(), false);
		assert.equal(pty.mode(25), true);
	} finally {
		await pty.close();
	}
});

test('SIGCONT after a SIGSTOP from outside takes the terminal again and repaints', async () => {
	const pty = await started();
	try {
		const pid = programPid(pty);
		for (const repaints of [/repaints [1-9].*last row/s, /repaints ([2-9]|\d\d).*last row/s]) {
			process.kill(pid, 'SIGSTOP');
			process.kill(pid, 'SIGCONT');
			await pty.waitFor(repaints);
		}
		assert.equal(pty.isAlternate(), true);
		guardPid(pid);
		pty.write('q');
		await assertGivenBack(pty);
	} finally {
		await pty.close();
	}
});

test('keys come from the terminal while stdin is data', async () => {
	const pty = await started({}, 'ignore');
	try {
		pty.write('jk\u001B[A');
		await pty.waitFor(/keys j,k,up,/);
		pty.write('q');
		await assertGivenBack(pty);
	} finally {
		await pty.close();
	}
});

test('a lone Esc is a key, a burst is many, a paste is none', async () => {
	const pty = await started();
	try {
		pty.write('\u001B');
		await pty.waitFor(/keys esc,/);
		pty.write('jjj\u001B[200~qx\u001B[201~');
		await pty.waitFor(/keys esc,j,j,j,<qx>/);
		pty.write('q');
		await assertGivenBack(pty);
	} finally {
		await pty.close();
	}
});

test('Esc and a key half a second later are two keys, also while the program is busy', async () => {
	const pty = await started();
	try {
		pty.write('b');
		await pty.waitFor(() => pty.raw().includes('BUSY'));
		pty.write('\u001B');
		await new Promise(resolve => setTimeout(resolve, 500));
		pty.write('j');
		await pty.waitFor(/keys b,esc,j,/);
		await pty.idle();
		pty.write('\u001Bk');
		await pty.waitFor(/keys b,esc,j,alt-k,/);
	} finally {
		await pty.close();
	}
});

test('ctrl-c is a key after the beginning of any sequence that does not end', async () => {
	const pty = await started();
	try {
		let seen = 'keys ';
		for (const begun of [
			'\u001B[M',
			'\u001B[M!',
			'\u001B[',
			'\u001B[1;',
			'\u001BO',
			'\u001B]0;x',
			'\u001BP',
			'\u001B[200~x',
		]) {
			pty.write(begun);
			await pty.idle();
			pty.write('\u0003');
			await pty.waitFor(() => pty.text().split('ctrl-c').length > seen.split('ctrl-c').length);
			seen = pty.text();
		}
	} finally {
		await pty.close();
	}
});

test('ctrl-l paints over whatever has got onto the screen', async () => {
	const pty = await started();
	try {
		const before = pty.text();
		process.kill(programPid(pty), 0);
		pty.write('\u000C');
		const after = await pty.waitFor(/repaints 1.*last row/s);
		assert.equal(after.split('\n').length, before.split('\n').length);
		assert.ok(pty.raw().split('last row').length > 2, 'the last row was written again');
		pty.write('q');
		await assertGivenBack(pty);
	} finally {
		await pty.close();
	}
});

test('a new size reaches the program, smaller and larger', async () => {
	const pty = await started();
	try {
		for (const [columns, rows] of [
			[60, 12],
			[120, 40],
			[40, 10],
			[80, 24],
		] as const) {
			pty.resize(columns, rows);
			const text = await pty.waitFor(new RegExp(`size ${columns}x${rows}.*last row$`, 's'));
			assert.equal(text.split('\n').filter(line => line.includes('READY')).length, 1, text);
		}
		pty.write('q');
		await assertGivenBack(pty);
	} finally {
		await pty.close();
	}
});

test('a terminal that draws our glyphs two cells wide is noticed, and its answer is no key', async () => {
	for (const [answer, wanted] of [
		['\u001B[1;3R', /keys wide,j,/],
		['\u001B[1;2R', /keys j,/],
	] as const) {
		const pty = startCommand(process.execPath, [program], {answers: false});
		try {
			await pty.waitFor(/READY.*last row/s);
			assert.ok(pty.raw().includes('\u001B[6n'));
			pty.write(`${answer}j`);
			await pty.waitFor(wanted);
			pty.write('q');
			assert.equal((await pty.exited).exitCode, 0);
		} finally {
			await pty.close();
		}
	}
});
