/** What the single executable must do where there is nothing but itself. Run by test/binary/run.ts. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type TestContext} from 'node:test';
import {gunzipSync, gzipSync} from 'node:zlib';
import {ServerCredentials} from '@grpc/grpc-js';
import {addressText} from '../../source/tetragon/agent/address.js';
import {TestAgent} from '../agent/agent.js';
import {Authority, writePem} from '../agent/certificates.js';
import {framesOf, recordingsFolder} from '../agent/recordings.js';
import {startCluster} from '../kubernetes/cluster/test-cluster.js';
import {listeningOf} from '../program/processes.js';
import {startProgram} from '../program/program.js';
import {startCommand} from '../terminal/pty.js';

const program = process.env['TEST_PROGRAM'] ?? '';
assert.notEqual(program, '', 'run it with npm run test:binary');

/** Shared libraries by the path that the loader wants; the executable itself is the only other file. */
function librariesOf(file: string) {
	return [...execFileSync('ldd', [file], {encoding: 'utf8'}).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(
		([, library = '']) => library,
	);
}

function emptyRoot(t: TestContext) {
	const root = mkdtempSync(path.join(tmpdir(), 'tetratop-root-'));
	t.after(() => rmSync(root, {recursive: true, force: true}));

	for (const folder of ['tmp', 'dev', 'proc', 'home']) {
		mkdirSync(path.join(root, folder));
	}

	copyFileSync(program, path.join(root, 'tetratop'));

	for (const library of librariesOf(program)) {
		mkdirSync(path.join(root, path.dirname(library)), {recursive: true});
		copyFileSync(library, path.join(root, library));
	}

	return root;
}

const isRoot = process.getuid?.() === 0;

/** A root as a machine has it: /proc is there, seen by nobody else and gone with the last process in it. */
function inside(root: string, ...words: readonly string[]) {
	return [
		'--mount',
		'/bin/sh',
		'-c',
		'mount -t proc proc "$0/proc" && exec /usr/sbin/chroot "$0" "$@"',
		root,
		...words,
	];
}

function lines(text: string) {
	return text.trimEnd().split('\n');
}

/** The words of the program until it has printed so many lines, or ended. */
async function firstLines(t: TestContext, words: readonly string[], count: number, environment = {}) {
	const pty = startCommand('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1 | cat', program, ...words], {
		rows: 200,
		columns: 300,
		environment: {HOME: '/nowhere', KUBECONFIG: undefined, ...environment},
	});
	t.after(() => pty.close());
	await pty.waitFor(text => lines(text).filter(Boolean).length >= count, 20_000);
	return pty.text();
}

test('it needs no library but those of libc', {
	skip: process.env['TEST_RUNTIME'] === 'node' && 'Node needs more',
}, () => {
	const names = librariesOf(program).map(library => path.basename(library).replace(/[-.].*/, ''));
	const libc = new Set(['libc', 'libm', 'libdl', 'libpthread', 'ld']);
	assert.deepEqual(
		names.filter(name => !libc.has(name)),
		[],
	);
});

test('in a root without Node, npm, terminfo and locales the demo shows the kill and gives the terminal back', {
	skip: !isRoot && 'chroot needs root',
}, async t => {
	const root = emptyRoot(t);
	const pty = startCommand('/usr/bin/unshare', inside(root, '/tetratop', 'demo'), {
		environment: {HOME: '/home', LANG: 'C.UTF-8', XDG_RUNTIME_DIR: undefined, PATH: process.env['PATH']},
	});
	t.after(() => pty.close());
	await pty.waitFor(/✖ KILL/, 15_000);
	assert.equal(pty.isAlternate(), true);
	pty.write('Q');
	assert.equal((await pty.exited).exitCode, 0);
	await pty.settle();
	assert.equal(pty.isAlternate(), false);
	assert.equal(pty.mode(25), true, 'the cursor is shown');
	assert.deepEqual(readdirSync(path.join(root, 'tmp')), [], 'no socket is left');
});

test('in a root of its own it replays a packed recording byte for byte', {skip: !isRoot && 'chroot needs root'}, t => {
	const root = emptyRoot(t);
	const folder = path.join(recordingsFolder, 'file-enforce');
	copyFileSync(path.join(folder, 'events.jsonl.gz'), path.join(root, 'events.jsonl.gz'));
	const words = ['/tetratop', 'replay', '/events.jsonl.gz', '--speed=max', '-o', 'compact'];
	const text = execFileSync('/usr/bin/unshare', inside(root, ...words), {
		encoding: 'utf8',
		env: {HOME: '/home', PATH: '/usr/sbin:/usr/bin:/sbin:/bin'},
	});
	assert.equal(text, gunzipSync(readFileSync(path.join(folder, 'events.compact.txt.gz'))).toString());
});

test('what lies in the folder where somebody stands changes nothing', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	writeFileSync(path.join(folder, '.env'), 'TETRATOP_THEME=nonsense\n');
	writeFileSync(path.join(folder, 'bunfig.toml'), 'preload = ["./evil.js"]\n');
	writeFileSync(path.join(folder, 'evil.js'), 'console.log("evil");\n');
	writeFileSync(path.join(folder, 'package.json'), '{"type": "module", "imports": {"#x": "./evil.js"}}\n');
	writeFileSync(path.join(folder, 'tsconfig.json'), '{"compilerOptions": {"paths": {"*": ["./evil.js"]}}}\n');
	const text = execFileSync(program, ['demo', '--help'], {cwd: folder, encoding: 'utf8'});
	assert.match(text, /^Usage:\n {2}tetratop demo/);
});

test('nothing that a runtime reads of the environment runs foreign code, opens a port or makes another program of it', async t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	const evil = path.join(folder, 'evil.js');
	writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(path.join(folder, 'ran'))}, '')\n`);
	for (const variables of [
		{BUN_OPTIONS: `--preload ${evil}`},
		{BUN_OPTIONS: '--inspect=127.0.0.1:0'},
		{BUN_OPTIONS: '--inspect-brk=127.0.0.1:0'},
		{BUN_INSPECT: '127.0.0.1:0'},
		{BUN_INSPECT: 'ws://127.0.0.1:0/x?break=1'},
		{BUN_INSPECT_CONNECT_TO: `unix://${folder}/socket`},
		{BUN_INSPECT_PRELOAD: evil},
		{BUN_BE_BUN: '1'},
		{BUN_JSC_dumpOptions: '1'},
		{BUN_JSC_functionOverrides: evil},
		{BUN_BYTECODE_ORDER_OUT: path.join(folder, 'ran')},
		{NODE_OPTIONS: `--require ${evil}`},
		{NODE_OPTIONS: '--inspect=127.0.0.1:0'},
		{NODE_OPTIONS: '--inspect-brk=127.0.0.1:0'},
		{NODE_REPL_EXTERNAL_MODULE: evil},
		{NODE_PATH: folder},
	]) {
		const name = JSON.stringify(variables);
		const child = startProgram(['demo', '-o', 'json'], variables);
		try {
			await child.untilLines(3);
			assert.deepEqual(listeningOf(child.child.pid ?? 0), [], name);
		} finally {
			await child[Symbol.asyncDispose]();
		}
		const {stdout, stderr} = await child.ended;
		assert.match(stdout, /^\{"process_/, name);
		assert.doesNotMatch(stderr, /JSC|inspect|debugger/i, name);
		assert.deepEqual(readdirSync(folder), ['evil.js'], name);
	}
});

test('under the name kubectl-tetratop it is the plugin', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	symlinkSync(program, path.join(folder, 'kubectl-tetratop'));
	assert.match(
		execFileSync(path.join(folder, 'kubectl-tetratop'), ['demo', '--help'], {encoding: 'utf8'}),
		/^Usage:\n {2}kubectl tetratop demo/,
	);
});

test('it streams from an agent over mutual TLS', async t => {
	const authority = new Authority('Tetragon CA');
	const [server, client] = [authority.issue('agent', {names: ['localhost', '127.0.0.1']}), authority.issue('client')];
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	const files = writePem(folder, {ca: authority.certificate, cert: client.certificate, key: client.key});
	await using agent = await TestAgent.start({
		tcp: true,
		frames: framesOf('file-enforce'),
		credentials: ServerCredentials.createSsl(
			Buffer.from(authority.certificate),
			[{private_key: Buffer.from(server.key), cert_chain: Buffer.from(server.certificate)}],
			true,
		),
	});
	const text = await firstLines(
		t,
		[
			`--server-address=${addressText(agent.address)}`,
			`--tls-ca-cert-files=${files['ca']}`,
			`--tls-cert-file=${files['cert']}`,
			`--tls-key-file=${files['key']}`,
			'-o',
			'compact',
		],
		20,
	);
	assert.match(text, /cat .*\/etc\/shadow/);
});

test('it finds the agents of a cluster and streams from all of them through the API server', async t => {
	const cluster = await startCluster(t);
	const pty = startCommand(program, ['--kubeconfig', cluster.kubeconfig], {
		columns: 120,
		rows: 40,
		environment: {HOME: cluster.directory, KUBECONFIG: undefined},
	});
	t.after(() => pty.close());
	await pty.waitFor(/nodes 3\/3/, 15_000);
	pty.write('Q');
	assert.equal((await pty.exited).exitCode, 0);
});

test('a packed log comes in through a pipe', () => {
	const log = gzipSync(gunzipSync(readFileSync(path.join(recordingsFolder, 'lsm', 'events.jsonl.gz'))));
	const text = execFileSync(program, ['replay', '-', '-o', 'compact', '--speed=max'], {input: log, encoding: 'utf8'});
	assert.equal(text, gunzipSync(readFileSync(path.join(recordingsFolder, 'lsm', 'events.compact.txt.gz'))).toString());
});
