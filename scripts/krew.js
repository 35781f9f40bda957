/**
`npm run build:krew -- --base-url=https://…/v0.1.0 [--targets=linux-x64,linux-arm64,darwin-x64,darwin-arm64]`: dist/krew/ gets an archive for each
target and the manifest that names them with their sums. krew links `bin` as kubectl-tetratop.
*/
import {execFile} from 'node:child_process';
import {chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {dump, load} from 'js-yaml';
import {buildBinary} from './binary.js';
import {sha256} from './runtimes.js';
import {fillTemplate} from './template.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Go's names of the processors. */
const architectures = {x64: 'amd64', arm64: 'arm64'};

/** Names, owner and times are fixed, so that the same executable makes the same archive. */
async function archive(target, file) {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-krew-'));

	try {
		const {file: binary, notices} = await buildBinary({target});
		await copyFile(binary, path.join(folder, 'tetratop'));
		await chmod(path.join(folder, 'tetratop'), 0o755);
		await writeFile(path.join(folder, 'THIRD-PARTY-NOTICES'), notices);
		for (const name of ['LICENSE', 'NOTICE']) {
			await copyFile(path.join(root, name), path.join(folder, name));
			await chmod(path.join(folder, name), 0o644);
		}

		await chmod(path.join(folder, 'THIRD-PARTY-NOTICES'), 0o644);
		const fixed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0'];
		const files = ['LICENSE', 'NOTICE', 'THIRD-PARTY-NOTICES', 'tetratop'];
		await run('tar', [...fixed, '--use-compress-program=gzip -n', '-cf', file, '-C', folder, ...files]);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

/** @returns {Promise<string>} the path of the manifest */
export async function buildKrew({baseUrl, homepage = baseUrl, targets, out = path.join(root, 'dist/krew')}) {
	const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
	const template = await readFile(path.join(root, 'packaging/krew/tetratop.yaml'), 'utf8');
	const manifest = load(fillTemplate(template, {VERSION: version, HOMEPAGE: homepage}));
	await mkdir(out, {recursive: true});

	for (const target of targets) {
		const [system, processor] = target.split('-');
		const name = `tetratop-v${version}-${system}-${architectures[processor]}.tar.gz`;
		await archive(target, path.join(out, name));
		manifest.spec.platforms.push({
			selector: {matchLabels: {os: system, arch: architectures[processor]}},
			uri: `${baseUrl.replace(/\/$/, '')}/${name}`,
			sha256: await sha256(path.join(out, name)),
			bin: 'tetratop',
		});
	}

	const file = path.join(out, 'tetratop.yaml');
	await writeFile(file, dump(manifest, {lineWidth: -1}));
	return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({
		options: {
			'base-url': {type: 'string'},
			homepage: {type: 'string'},
			targets: {type: 'string', default: 'linux-x64,linux-arm64,darwin-x64,darwin-arm64'},
		},
	});

	if (values['base-url'] === undefined) {
		console.error('build:krew needs --base-url: where the archives will be downloaded from.');
		process.exitCode = 2;
	} else {
		const file = await buildKrew({
			baseUrl: values['base-url'],
			homepage: values.homepage,
			targets: values.targets.split(','),
		});
		console.log(path.relative(process.cwd(), file));
	}
}
