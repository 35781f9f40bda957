import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {inkPatches, patchModule} from '../../scripts/ink-patches.js';
import {printedBy} from './bundled-entry.js';

const entry = fileURLToPath(new URL('painted-frames.tsx', import.meta.url));

/** Every byte that Ink wrote in the series of frames, with or without the patches. */
const written = async (folder: string, patched: boolean): Promise<string> =>
	JSON.parse(await printedBy(entry, folder, inkPatches, patched)) as string;

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

test('rows of plain texts side by side are not drawn cell by cell', async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));
	const row = fileURLToPath(new URL('plain-row.ts', import.meta.url));
	try {
		assert.equal(
			JSON.parse(await printedBy(row, folder, inkPatches, true)),
			'\u001B[1mleft │\u001B[22m    \u001B[31mright …\u001B[39m\nbelow',
		);
		await assert.rejects(printedBy(row, folder, inkPatches, false), /cell by cell/, 'plain Ink does');
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
