import assert from 'node:assert/strict';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import type {Metafile} from 'esbuild';
import {build} from '../../scripts/build.js';
import {bundledPackages, noticesOf} from '../../scripts/notices.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every package in the bundle has the text of its licence in the notices, and so has the runtime', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));
	t.after(async () => rm(folder, {recursive: true, force: true}));
	const metafile = await build(folder);
	const packages = await bundledPackages(metafile);
	const written = await readFile(path.join(folder, 'THIRD-PARTY-NOTICES'), 'utf8');
	assert.ok(packages.length > 50);
	for (const {name, version, texts} of packages) {
		assert.ok(written.includes(`\n${name} ${version} (`), name);
		for (const text of texts) {
			assert.ok(/copyright|permission|license/i.test(text), name);
			assert.ok(written.includes(text), name);
		}
	}

	for (const input of Object.keys(metafile.inputs)) {
		const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
		assert.ok(name === undefined || packages.some(one => one.name === name), input);
	}

	const executable = await noticesOf(metafile, {runtime: 'bun'});
	for (const part of ['JavaScriptCore', 'GNU LESSER GENERAL PUBLIC LICENSE', 'put them into it again', 'BoringSSL']) {
		assert.ok(executable.includes(part), part);
	}
});

test('a package without the text of its licence is not distributed', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));
	t.after(async () => rm(folder, {recursive: true, force: true}));
	const own = path.join(folder, 'node_modules/nobody');
	await mkdir(own, {recursive: true});
	await writeFile(path.join(own, 'package.json'), '{"name": "nobody", "version": "1.0.0", "license": "MIT"}');
	const input = path.relative(root, path.join(own, 'index.js'));
	const metafile = {inputs: {}, outputs: {'cli.js': {inputs: {[input]: {}}}}} as unknown as Metafile;
	await assert.rejects(bundledPackages(metafile), /has no text of its licence \(MIT\)/);
	await writeFile(path.join(own, 'LICENSE.md'), 'MIT License');
	assert.deepEqual((await bundledPackages(metafile))[0]?.texts, ['MIT License']);
});
