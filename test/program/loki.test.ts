import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import process from 'node:process';
import test, {type TestContext} from 'node:test';
import {promisify} from 'node:util';
import {LokiServer} from '../history/loki-server.js';
import {launcher, openProgram, still} from './program.js';

async function serve(t: TestContext, count: number): Promise<{readonly server: LokiServer; readonly address: string}> {
	const server = new LokiServer();
	const nowMs = Date.now();
	server.entries = Array.from({length: count}, (_, index) => {
		const ms = nowMs - (count - index) * 1000;
		const pod = {namespace: 'default', name: index % 10 === 0 ? 'xwing' : 'tie'};
		const process_exec = {process: {exec_id: `id${index}`, pid: index + 1, binary: `/bin/p${index}`, pod}};
		return {
			ns: BigInt(ms) * 1_000_000n,
			line: JSON.stringify({process_exec, node_name: 'worker-1', time: new Date(ms).toISOString()}),
			labels: {container: 'export-stdout', node_name: 'worker-1'},
		};
	});
	const address = await server.listen();
	t.after(() => server.close());
	return {server, address};
}

async function run(...words: readonly string[]): Promise<{stdout: string; stderr: string; code: number}> {
	try {
		const {stdout, stderr} = await promisify(execFile)(process.execPath, [launcher, ...words]);
		return {stdout, stderr, code: 0};
	} catch (error) {
		return error as {stdout: string; stderr: string; code: number};
	}
}

test('a span of Loki is on the screen, whole, with the flag that Loki runs marked', async t => {
	const {address} = await serve(t, 1000);
	const pty = openProgram(['replay', address, '--since', '1h', '--pod', 'xwing'], {columns: 120, rows: 40});
	try {
		await pty.waitFor(/--pod xwing.*\[S\]/);
		await pty.waitFor(/100 of 100 asked for, 0 left out/);
		pty.write('q');
		await still(pty);
	} finally {
		pty.close();
	}
});

test('lines of Loki: the newest, and what is not there', async t => {
	const {address} = await serve(t, 1000);
	const {stdout} = await run('replay', address, '--last', '3', '-o', 'json');
	assert.deepEqual(
		[...stdout.matchAll(/\/bin\/p(\d+)/g)].map(([, index]) => Number(index)),
		[997, 998, 999],
	);
	const empty = await run('replay', address, '--query', '{job="x"}', '-o', 'json');
	assert.equal(empty.code, 1);
	assert.match(empty.stderr, /nothing between .* and .* for \{job="x"\}/);
});

test('doctor says each step to Loki', async t => {
	const {address} = await serve(t, 10);
	const {stdout, code} = await run('doctor', address);
	assert.equal(code, 0, stdout);
	assert.match(stdout, /version 3\.7\.6/);
	assert.match(stdout, /selector \{container="export-stdout"\}, found by its labels/);
	assert.match(stdout, /10 events in 10 lines: plain JSON of Tetragon/);
});

test('kills reads a Loki', async t => {
	const {address} = await serve(t, 10);
	const {stdout, code, stderr} = await run('kills', '--input-file', address, '--since', '1h');
	assert.deepEqual([stdout, code], ['', 0], stderr);
});
