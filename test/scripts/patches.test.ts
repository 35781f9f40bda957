import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {Client, credentials, Server, ServerCredentials} from '@grpc/grpc-js';
import {build} from '../../scripts/build.js';
import {Patches} from '../../scripts/patches.js';
import {patchedTsx} from '../program/patched.js';
import {temporaryFolder} from '../program/temporary.js';
import {rowsSideBySide} from './side-by-side.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(root, 'patches');
const names = readdirSync(folder).filter(name => name.endsWith('.patch'));

test('the tests run the modules that users run: the loader patches the same files as the bundler, and these are all', async () => {
	const {inputs} = await build(path.join(temporaryFolder(), 'dist'));
	const bundled = Object.entries(inputs)
		.filter(([name]) => name.startsWith('node_modules/'))
		.map(([name, {bytes}]) => ({file: path.join(root, name), bytes}))
		.filter(({file, bytes}) => statSync(file).size !== bytes)
		.map(({file}) => file);
	const packages = Object.entries(inputs)
		.filter(([name]) => /^(source\/|cli)/.test(name))
		.flatMap(([, {imports}]) => imports.map(({original = '.'}) => original))
		.filter(name => !/^(\.|node:)/.test(name));

	async function changedBy(loader: string): Promise<string[]> {
		const program = fileURLToPath(new URL('loaded-modules.ts', import.meta.url));
		const {stdout} = await promisify(execFile)(process.execPath, [loader, program, ...new Set(packages)]);
		return JSON.parse(stdout) as string[];
	}

	// Some modules are rewritten by tsx alone, as JSON is.
	const byTsx = await changedBy('--import=tsx');
	const byBoth = await changedBy(patchedTsx);
	assert.ok(packages.includes('ink') && packages.includes('@grpc/grpc-js'), packages.join(' '));
	assert.deepEqual(
		byBoth.filter(file => !byTsx.includes(file)),
		bundled.toSorted(),
	);
	assert.deepEqual(bundled.toSorted(), new Patches().files.toSorted());
});

test('no test starts a program with plain packages', () => {
	const plain = readdirSync(path.join(root, 'test'), {recursive: true, encoding: 'utf8'})
		.filter(name => /\.tsx?$/.test(name) && !['scripts/patches.test.ts', 'program/patched.ts'].includes(name))
		.filter(name => readFileSync(path.join(root, 'test', name), 'utf8').includes('--import=tsx'));
	assert.deepEqual(plain, []);
});

test('under the tests Ink joins its rows and grpc-js hands on bodies', async () => {
	assert.match(rowsSideBySide(), /left.*right/);

	function pass(bytes: Buffer): Buffer {
		return bytes;
	}
	const method = {
		path: '/a/b',
		requestStream: false,
		responseStream: false,
		requestSerialize: pass,
		requestDeserialize: pass,
		responseSerialize: pass,
		responseDeserialize: pass,
	} as const;
	const server = new Server();
	server.addService(
		{b: method},
		{b: (_call: unknown, answer: (error: null, bytes: Buffer) => void) => answer(null, Buffer.from('yes'))},
	);
	const socket = `unix:${path.join(temporaryFolder(), 's')}`;
	await new Promise<void>((resolve, reject) => {
		server.bindAsync(socket, ServerCredentials.createInsecure(), error => (error ? reject(error) : resolve()));
	});
	const client = new Client(socket, credentials.createInsecure());
	const received = await new Promise<Buffer | undefined>((resolve, reject) => {
		client.makeUnaryRequest(method.path, pass, pass, Buffer.alloc(0), (error, bytes) =>
			error ? reject(error) : resolve(bytes),
		);
	});
	client.close();
	server.forceShutdown();
	assert.equal(received?.toString(), 'yes');
	assert.equal(received?.constructor.name, 'Body');
});

test('each patch says what it changes, why, and until when', () => {
	assert.ok(names.length > 0);
	for (const name of names) {
		const [header = ''] = readFileSync(path.join(folder, name), 'utf8').split('\n--- ');
		for (const part of ['What:', 'Why:', 'Until:']) {
			assert.match(header, new RegExp(`^${part} +\\S.{10}`, 'm'), name);
		}
	}
});

test('a patch that does not match exactly is an error that names it', () => {
	const patches = new Patches();
	for (const file of patches.files) {
		const plain = readFileSync(file, 'utf8');
		assert.notEqual(patches.apply(file, plain), plain);
		assert.throws(() => patches.apply(file, ''), /^Error: patches\/.*\.patch does not apply to node_modules\//);
	}

	const output = path.join(root, 'node_modules/ink/build/output.js');
	const changed = readFileSync(output, 'utf8').replace('operations = [];', 'operations  = [];');
	assert.throws(() => patches.apply(output, changed), /ink@8\.0\.0-rows\.patch does not apply/);
});

test('a patch for another version than the installed one is an error, and so is a name of another form', () => {
	const other = temporaryFolder();
	writeFileSync(path.join(other, 'ink@7.0.0-rows.patch'), '');
	assert.throws(
		() => new Patches(other),
		/ink@7\.0\.0-rows\.patch is for version 7\.0\.0, and version 8\.0\.0 is installed/,
	);

	const unnamed = temporaryFolder();
	writeFileSync(path.join(unnamed, 'ink.patch'), '');
	assert.throws(() => new Patches(unnamed), /ink\.patch is not named PACKAGE@VERSION-PURPOSE\.patch/);
});
