/**
`npm run release -- --base-url=https://…/v0.1.0 [--homepage=…] [--targets=linux-x64,…]`: everything that a release consists of, in dist/release/:
npm package, executables, packages of distributions, krew, Homebrew and scoop, the SBOM, and SHA256SUMS of all. The same commit
gives the same bytes in any folder.
*/
import {execFile} from 'node:child_process';
import {copyFile, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {buildBinary} from './binary.js';
import {buildDeb} from './deb.js';
import {buildKrew} from './krew.js';
import {architectures, packageVersion} from './package-files.js';
import {buildRpm} from './rpm.js';
import {sha256} from './runtimes.js';
import {writeSbom} from './sbom.js';
import {fillTemplate} from './template.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const everyTarget = 'linux-x64,linux-arm64,linux-x64-musl,linux-arm64-musl,darwin-x64,darwin-arm64';

/** @returns {Promise<string>} the name of the npm package */
export async function packNpm(out) {
	await mkdir(out, {recursive: true});
	const {stdout} = await run('npm', ['pack', '--silent', '--pack-destination', out], {cwd: root});
	return stdout.trim().split('\n').at(-1);
}

/** Fills a template where each archive that it names was made; a formula without its archives would be a wrong one. */
async function fillManifest(template, file, variables) {
	const text = await readFile(path.join(root, template), 'utf8');
	const missing = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name).filter(name => !(name in variables));
	if (missing.length > 0) {
		return `${path.basename(file)} was not made: no ${missing.join(', ')}`;
	}

	await writeFile(file, fillTemplate(text, variables));
	return undefined;
}

async function addressesOf(out, baseUrl, version) {
	const variables = {};
	const archive = new RegExp(`^tetratop-v${version.replaceAll('.', '\\.')}-(\\w+)-(\\w+)\\.tar\\.gz$`);
	for (const name of await readdir(out)) {
		const [, system, processor] = archive.exec(name) ?? [];
		const key = system === undefined ? (name.endsWith('.tgz') ? 'npm' : undefined) : `${system}_${processor}`;
		if (key !== undefined) {
			variables[`URL_${key}`] = `${baseUrl}/${name}`;
			variables[`SHA256_${key}`] = await sha256(path.join(out, name));
		}
	}

	return variables;
}

async function writeSums(out) {
	const lines = [];
	for (const name of (await readdir(out)).toSorted()) {
		lines.push(`${await sha256(path.join(out, name))}  ${name}\n`);
	}

	await writeFile(path.join(out, 'SHA256SUMS'), lines.join(''));
}

/** @returns {Promise<string[]>} what was not made, each with its reason */
export async function buildRelease({baseUrl, homepage = baseUrl, targets, out = path.join(root, 'dist/release')}) {
	const version = await packageVersion();
	const left = [];
	await rm(out, {recursive: true, force: true});
	await packNpm(out);
	await writeSbom(path.join(out, `tetratop-${version}.cdx.json`));
	for (const target of targets) {
		const {file} = await buildBinary({target});
		await copyFile(file, path.join(out, `tetratop-${version}-${target}`));
	}

	for (const target of targets.filter(name => name in architectures)) {
		await buildDeb({target, out});
		await buildRpm({target, out}).catch(error => {
			if (error.code !== 'ENOENT') {
				throw error;
			}

			left.push(`the rpm of ${target} was not made: no rpmbuild`);
		});
	}

	const base = baseUrl.replace(/\/$/, '');
	await buildKrew({baseUrl: base, homepage, targets: targets.filter(name => !name.endsWith('-musl')), out});
	const variables = {VERSION: version, HOMEPAGE: homepage, ...(await addressesOf(out, base, version))};
	left.push(
		await fillManifest('packaging/homebrew/tetratop.rb', path.join(out, 'tetratop.rb'), variables),
		await fillManifest('packaging/scoop/tetratop.json', path.join(out, 'tetratop.json'), variables),
	);
	await writeSums(out);
	return left.filter(Boolean);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({
		options: {
			'base-url': {type: 'string'},
			homepage: {type: 'string'},
			targets: {type: 'string', default: everyTarget},
		},
	});
	if (values['base-url'] === undefined) {
		console.error('release needs --base-url: where the files will be downloaded from.');
		process.exitCode = 2;
	} else {
		const targets = values.targets.split(',');
		const left = await buildRelease({baseUrl: values['base-url'], homepage: values.homepage, targets});
		for (const reason of left) {
			console.error(reason);
		}

		console.log(await readFile(path.join(root, 'dist/release/SHA256SUMS'), 'utf8'));
	}
}
