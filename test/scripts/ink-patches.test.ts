import assert from 'node:assert/strict';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {temporaryFolder} from '../program/temporary.js';
import {type Packages, printedBy} from './bundled-entry.js';

const folder = temporaryFolder();

/** What an entry beside this file prints as JSON. */
async function printed<Value = string>(entry: string, packages: Packages): Promise<Value> {
	return JSON.parse(await printedBy(fileURLToPath(new URL(entry, import.meta.url)), folder, packages)) as Value;
}

test('patched Ink writes the same bytes as plain Ink, for hostile and plain rows alike', async () => {
	const plain = await printed('painted-frames.tsx', 'plain');
	const patched = await printed('painted-frames.tsx', 'patched');
	assert.ok(plain.length > 10_000, 'the series draws something');
	// Not assert.equal: its report of two long strings of escapes would be the test's largest output.
	const first = [...plain].findIndex((character, index) => character !== patched[index]);
	assert.ok(patched === plain, `first difference at ${first}: ${JSON.stringify(plain.slice(first - 40, first + 40))}`);
});

test('patched Ink draws what plain Ink draws, wherever the texts lie and whatever they hold', async () => {
	const plain = await printed<unknown[]>('drawn-outputs.ts', 'plain');
	const patched = await printed<unknown[]>('drawn-outputs.ts', 'patched');
	assert.ok(plain.length >= 600);
	for (const [index, drawing] of plain.entries()) {
		assert.deepEqual(patched[index], drawing, `drawing ${index}`);
	}
});

test('rows of plain texts side by side are not drawn cell by cell', async () => {
	assert.equal(
		await printed('plain-row.ts', 'patched'),
		'\u001B[1mleft │\u001B[22m    \u001B[31mright …\u001B[39m\nbelow',
	);
	await assert.rejects(printed('plain-row.ts', 'plain'), /cell by cell/, 'plain Ink does');
});
