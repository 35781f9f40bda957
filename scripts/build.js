/**
Bundles cli.tsx into dist/. Plain JavaScript: npm runs it as `prepare`, also on a Node that knows no types.

What a bundle buys, measured to the first painted frame: half of the wall time of the same modules unbundled. Chunks that
are split off and imported on demand (Kubernetes, the demo, the full decoder) cost nothing before they are needed.
*/
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {
	builtinsWithoutFacade,
	devtoolsStub,
	meowWithoutPackages,
	requireOnDemand,
	yogaWithoutFetch,
} from './build-plugins.js';
import {grpcPatches} from './grpc-patches.js';
import {inkPatches} from './ink-patches.js';

const root = fileURLToPath(new URL('..', import.meta.url));

// CommonJS packages inside an ES module bundle (grpc-js, protobufjs, ws) call `require('net')` and read `__dirname`.
export const banner = [
	"import {createRequire as __createRequire} from 'node:module';",
	"import {fileURLToPath as __fileURLToPath} from 'node:url';",
	'const require=__createRequire(import.meta.url);',
	'const __filename=__fileURLToPath(import.meta.url);',
	"const __dirname=__fileURLToPath(new URL('.',import.meta.url));",
].join('');

/**
Options of esbuild that every bundle of this program shares; dist/ and the single executable differ only in form.
@returns {Promise<import('esbuild').BuildOptions & {plugins: import('esbuild').Plugin[]}>}
*/
export const bundleOptions = async () => {
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
		},
		inject: [path.join(root, 'scripts/late-segmenter.js')],
		plugins: [
			devtoolsStub,
			yogaWithoutFetch,
			requireOnDemand,
			meowWithoutPackages,
			builtinsWithoutFacade,
			inkPatches,
			grpcPatches,
		],
		loader: {'.gz': 'file'},
	};
};

/** Writes only what changed and removes what is gone, so that a program that is just starting never sees half a bundle. */
const writeFolder = async (folder, files) => {
	await mkdir(folder, {recursive: true});
	const wanted = new Set();

	// cli.js last: until then the old one still names the old chunks.
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
};

/** @returns esbuild's metafile: which module went into which chunk */
export const build = async (folder = path.join(root, 'dist')) => {
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
	await writeFolder(
		folder,
		result.outputFiles.map(file => ({path: file.path, contents: Buffer.from(file.contents)})),
	);
	return result.metafile;
};

const isMissing = error => error?.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).includes('esbuild');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await build();
	} catch (error) {
		if (isMissing(error)) {
			// `npm install --omit=dev`: there is nothing to bundle with, and the published package brings its dist/.
			console.error('dist/ was not built: esbuild is not installed. Run npm install without --omit=dev.');
		} else {
			const errors = error?.errors?.map(({text, location}) =>
				location ? `${location.file}:${location.line}:${location.column + 1} ${text}` : text,
			);
			console.error(`dist/ was not built.\n${errors?.join('\n') ?? error?.stack ?? error}`);
			process.exitCode = 1;
		}
	}
}
