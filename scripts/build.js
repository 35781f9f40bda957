/**
Bundles cli.tsx into dist/. This file is plain JavaScript, because npm runs it as `prepare` on whatever Node is installed.

The bundle halves the time from start to first painted frame, against the same modules unbundled. Chunks that are imported
on demand (Kubernetes, the demo, the full decoder) cost nothing before they are needed.
*/
import {execFile} from 'node:child_process';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {builtinsWithoutFacade, requireOnDemand} from './build-plugins.js';
import {noticesOf} from './notices.js';
import {noticesName} from './packaged-files.js';

const root = fileURLToPath(new URL('..', import.meta.url));

// The CommonJS packages in the bundle (grpc-js, protobufjs, ws) call `require('net')` and read `__dirname`.
export const banner = [
	"import {createRequire as __createRequire} from 'node:module';",
	"import {fileURLToPath as __fileURLToPath} from 'node:url';",
	'const require=__createRequire(import.meta.url);',
	'const __filename=__fileURLToPath(import.meta.url);',
	"const __dirname=__fileURLToPath(new URL('.',import.meta.url));",
].join('');

/**
The commit of the sources and its day, which `tetratop version` shows; undefined outside of a checkout.
@returns {Promise<{commit: string, date: string} | undefined>}
*/
export async function sourceCommit() {
	try {
		const {stdout} = await promisify(execFile)('git', ['log', '-1', '--format=%H %cs'], {cwd: root});
		const [commit, date] = stdout.trim().split(' ');
		return {commit, date};
	} catch {
		return undefined;
	}
}

/**
The options of esbuild that all bundles of this program share: dist/, the single executable, and those of tests and bench.
@returns {Promise<import('esbuild').BuildOptions & {plugins: import('esbuild').Plugin[]}>}
*/
export async function bundleOptions() {
	// On demand: after `npm install --omit=dev` neither esbuild nor the package that applies patches is installed.
	const {ownModules, patchPlugin} = await import('./patches.js');
	const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

	return {
		absWorkingDir: root,
		bundle: true,
		platform: 'node',
		target: 'node22.19',
		minify: true,
		keepNames: false,
		legalComments: 'none',
		logLevel: 'silent',
		define: {
			// React picks its build by NODE_ENV when it is imported; Ink loads react-devtools when DEV is "true".
			'process.env.NODE_ENV': '"production"',
			'process.env.DEV': '"false"',
			'Intl.Segmenter': 'LateSegmenter',
			'globalThis.TETRATOP_VERSION': JSON.stringify(version),
			'globalThis.TETRATOP_COMMIT': JSON.stringify(await sourceCommit()) ?? 'undefined',
		},
		inject: [path.join(root, 'source/patched/late-segmenter.ts')],
		plugins: [ownModules, patchPlugin, requireOnDemand, builtinsWithoutFacade],
		loader: {'.gz': 'file'},
	};
}

/** Writes only changed files and removes old ones, so that a program that starts at this moment never sees half a bundle. */
async function writeFolder(folder, files) {
	await mkdir(folder, {recursive: true});
	const wanted = new Set();

	// cli.js comes last: until then the old one names the old chunks.
	const ordered = files.toSorted((a, b) => Number(a.path.endsWith('cli.js')) - Number(b.path.endsWith('cli.js')));

	for (const file of ordered) {
		wanted.add(path.basename(file.path));
		const old = await readFile(file.path).catch(() => undefined);

		if (!old?.equals(file.contents)) {
			await writeFile(file.path, file.contents);
		}
	}

	for (const entry of await readdir(folder, {withFileTypes: true})) {
		if (entry.isFile() && !wanted.has(entry.name)) {
			await rm(path.join(folder, entry.name), {force: true});
		}
	}
}

/** @returns esbuild's metafile, which says which module is in which chunk */
export async function build(folder = path.join(root, 'dist')) {
	const esbuild = await import('esbuild');
	const result = await esbuild.build({
		...(await bundleOptions()),
		entryPoints: ['cli.tsx'],
		format: 'esm',
		splitting: true,
		outdir: folder,
		entryNames: '[name]',
		chunkNames: '[name]-[hash]',
		assetNames: '[name]-[hash]',
		banner: {js: banner},
		metafile: true,
		write: false,
	});
	await writeFolder(folder, [
		{path: path.join(folder, noticesName), contents: Buffer.from(await noticesOf(result.metafile))},
		...result.outputFiles.map(file => ({path: file.path, contents: Buffer.from(file.contents)})),
	]);
	return result.metafile;
}

function isNotInstalled(error) {
	return error?.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes("'esbuild'");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await build();
	} catch (error) {
		if (isNotInstalled(error)) {
			// `npm install --omit=dev`. That is no error: the published package comes with its dist/.
			console.error('dist/ was not built: esbuild is not installed. Run npm install without --omit=dev.');
		} else {
			// The place of a plugin's error is a line of esbuild.
			const errors = error?.errors?.map(({text, location, pluginName}) =>
				location && !pluginName ? `${location.file}:${location.line}:${location.column + 1} ${text}` : text,
			);
			console.error(`dist/ was not built.\n${errors?.join('\n') ?? error?.stack ?? error}`);
			process.exitCode = 1;
		}
	}
}
