import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Metafile} from 'esbuild';
import {build} from '../../scripts/build.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function scratch(work: (folder: string) => Promise<void>) {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));

	try {
		await work(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** Packages and source folders that are loaded together with the chunk whose entry is the given source file. */
function loadedWith({outputs}: Metafile, entry: string): ReadonlySet<string> {
	const names = new Set<string>();
	const seen = new Set<string>();
	function visit(name: string) {
		if (seen.has(name)) {
			return;
		}

		seen.add(name);

		for (const input of Object.keys(outputs[name]?.inputs ?? {})) {
			names.add(/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.replace(/^(source\/[^/]+)\/.*/, '$1'));
		}

		for (const {path: next, kind, external} of outputs[name]?.imports ?? []) {
			if (kind === 'import-statement' && !external) {
				visit(next);
			}
		}
	}

	const start = Object.keys(outputs).find(name => outputs[name]?.entryPoint === entry);
	assert.ok(start, `${entry} is no entry of a chunk`);
	visit(start);
	return names;
}

test('the front door opens without the screen, gRPC and Kubernetes; the first frame without Ink and those', async () => {
	await scratch(async folder => {
		const meta = await build(folder);
		const door = loadedWith(meta, 'cli.tsx');

		for (const heavy of [
			'ink',
			'react',
			'@grpc/grpc-js',
			'protobufjs',
			're2js',
			'ws',
			'js-yaml',
			'source/kubernetes',
		]) {
			assert.ok(!door.has(heavy), `the front door loads ${heavy}`);
		}

		const screen = loadedWith(meta, 'source/modes/fleet/fleet-screen.ts');
		assert.ok(screen.has('source/ui'));

		for (const heavy of [
			'ink',
			'react',
			'@grpc/grpc-js',
			'protobufjs',
			'ws',
			'js-yaml',
			'source/kubernetes',
			'source/demo',
		]) {
			assert.ok(!screen.has(heavy), `the screen loads ${heavy}`);
		}
	});
});

test('the same sources make the same bundle, and what is no longer part of it goes', async () => {
	await scratch(async folder => {
		const [first, second] = [path.join(folder, 'a'), path.join(folder, 'b')];
		await mkdir(second);
		await writeFile(path.join(second, 'old-chunk.js'), 'stale');
		await build(first);
		await build(second);
		const files = (await readdir(first)).toSorted();
		assert.deepEqual((await readdir(second)).toSorted(), files);

		for (const file of files) {
			const [a, b] = await Promise.all([first, second].map(async each => readFile(path.join(each, file))));
			assert.ok(a?.equals(b as Buffer), file);
		}
	});
});

/** Pretends to be another version; a Node that old cannot be had in every place where the tests run. */
function pretending(version: string) {
	return `data:text/javascript,${encodeURIComponent(
		`Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${version}'}})`,
	)}`;
}

async function start(folder: string, version: string) {
	return promisify(execFile)(process.execPath, [
		`--import=${pretending(version)}`,
		path.join(folder, 'bin/tetratop.js'),
		'x',
		'-y',
	])
		.then(({stdout, stderr}) => ({code: 0, stdout, stderr}))
		.catch(({code, stdout, stderr}: {code: number; stdout: string; stderr: string}) => ({code, stdout, stderr}));
}

test('an old Node is told what is needed, and where the checkout has a Node of its own that one runs', async () => {
	await scratch(async folder => {
		await cp(path.join(root, 'bin'), path.join(folder, 'bin'), {recursive: true});
		await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
		const missing = await start(folder, '24.0.0');
		assert.equal(missing.code, 1);
		assert.match(missing.stderr, /^tetratop: dist\/cli\.js is missing\. Run npm install/);

		await mkdir(path.join(folder, 'dist'));
		await writeFile(
			path.join(folder, 'dist/cli.js'),
			'console.log(process.argv.slice(2).join(" ")); process.kill(process.pid, "SIGTERM"); await new Promise(() => setTimeout(() => {}, 9000));',
		);
		const old = await start(folder, '20.20.2');
		assert.equal(old.code, 1);
		assert.match(old.stderr, /^tetratop: needs Node 22\.19 or newer, this is 20\.20\.2\. .*\n$/);
		assert.equal((await start(folder, '22.18.0')).code, 1);

		await mkdir(path.join(folder, 'node_modules/node/bin'), {recursive: true});
		await writeFile(path.join(folder, 'node_modules/node/bin/node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, {
			mode: 0o755,
		});
		const again = await start(folder, '20.20.2');
		assert.equal(again.stdout, 'x -y\n');
		assert.equal(again.code, 128 + os.constants.signals.SIGTERM, 'it ends as the program ends');
	});
});
