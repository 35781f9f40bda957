import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {grpcPatches, patchGrpc} from '../../scripts/grpc-patches.js';
import {temporaryFolder} from '../program/temporary.js';
import {printedBy} from './bundled-entry.js';

const entry = fileURLToPath(new URL('grpc-series.ts', import.meta.url));

type Told = Record<string, string[]>;

test('a patched grpc-js tells the same messages, in the same order, when asked and with the same status as the plain one', async () => {
	const folder = temporaryFolder();
	const plain = JSON.parse(await printedBy(entry, folder, grpcPatches, false)) as Told;
	const patched = JSON.parse(await printedBy(entry, folder, grpcPatches, true)) as Told;
	assert.ok(Object.values(plain).flat().length > 1000, 'the series tells something');
	assert.ok(plain['odd pieces, call']?.includes('status 0 '), 'and ends well');
	assert.ok(!Object.values(plain).flat().includes('nothing for 10 s'));
	assert.ok(!Object.values(patched).flat().includes('not asked for'));
	assert.deepEqual(patched, plain);
});

test('a patch of grpc-js whose anchor is gone ends the build', async () => {
	const main = createRequire(import.meta.url).resolve('@grpc/grpc-js');
	const file = path.join(path.dirname(main), 'resolving-call.js');
	const text = await readFile(file, 'utf8');
	assert.notEqual(patchGrpc(file, text), text);
	assert.throws(() => patchGrpc(file, text.replace('this.readFilterPending = true;', '')), /does not stand there/);
});
