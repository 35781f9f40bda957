import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {bundleOptions} from '../../scripts/build.js';
import {inkPatches, patchModule} from '../../scripts/ink-patches.js';

const entry = fileURLToPath(new URL('painted-frames.tsx', import.meta.url));

/** Bundles the series of frames with or without the patches and returns every byte that Ink wrote. */
async function written(folder: string, patched: boolean): Promise<string> {
	const outfile = path.join(folder, `frames-${patched}.mjs`);
	const options = await bundleOptions();
	await build({
		...options,
		plugins: [
			...options.plugins.filter((plugin: {name: string}) => plugin.name !== inkPatches.name),
			...(patched ? [inkPatches] : []),
		],
		entryPoints: [entry],
		format: 'esm',
		outfile,
		banner: {js: "import {createRequire as r} from 'node:module';const require=r(import.meta.url);"},
	});
	const {stdout} = await promisify(execFile)(process.execPath, [outfile], {
		maxBuffer: 64 * 1024 * 1024,
		env: {...process.env, TERM: 'xterm-256color'},
	});
	return JSON.parse(stdout) as string;
}

test('a patched Ink writes the same bytes as the plain one, for hostile and plain rows alike', async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));
	try {
		const plain = await written(folder, false);
		const patched = await written(folder, true);
		assert.ok(plain.length > 10_000, 'the series draws something');
		// Not assert.equal: its report of two long strings of escapes would be the test's largest output.
		const first = [...plain].findIndex((character, index) => character !== patched[index]);
		assert.ok(
			patched === plain,
			`first difference at ${first}: ${JSON.stringify(plain.slice(first - 40, first + 40))}`,
		);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
});

test('a patch whose anchor is gone ends the build', async () => {
	const file = fileURLToPath(import.meta.resolve('ink').replace('index.js', 'output.js'));
	const text = await readFile(file, 'utf8');
	assert.throws(
		() => patchModule(file, text.replace('caches = new OutputCaches();', '')),
		/does not stand there exactly once/,
	);
});
