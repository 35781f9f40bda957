/**
`npm run build:binary [-- --target=linux-x64 --runtime=bun|node --out=FILE]`: one executable that holds the runtime, the
program and the demo's recordings, for machines without Node. Beside it lies its SHA-256.

The default is Bun: it passes the same end-to-end tests, starts more than twice as fast, and needs nothing but libc, where
Node needs libstdc++ and libatomic. --runtime=node makes the same program of Node itself.
*/
import {execFile} from 'node:child_process';
import {chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {banner, bundleOptions} from './build.js';
import {closeRuntime} from './closed-runtime.js';
import {noticesOf} from './notices.js';
import {copyFiles, packagedFiles} from './packaged-files.js';
import {runtimeFile, sha256} from './runtimes.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const host = `${process.platform}-${process.arch}`;

/** One file: a single executable has no folder from which a chunk could be loaded. */
async function bundle(outfile, packaged, head = '') {
	const {build} = await import('esbuild');
	const options = await bundleOptions();
	const {metafile} = await build({
		...options,
		metafile: true,
		plugins: [...options.plugins, packaged],
		entryPoints: ['cli.tsx'],
		format: 'esm',
		outfile,
		// Else the folder of this build would stand in the executable; only code that is never reached asks for it.
		define: {...options.define, __dirname: '"/"', __filename: '"/tetratop.js"'},
		banner: {js: head},
		external: ['node:sea'],
	});
	return metafile;
}

async function withBun({target, out, work}) {
	const script = path.join(work, 'tetratop.js');
	const metafile = await bundle(script, packagedFiles.bun);
	const notices = await noticesOf(metafile, {runtime: 'bun'});
	await copyFiles(work, notices);
	const bun = await runtimeFile('bun', host);
	const executable = target === host ? [] : [`--compile-executable-path=${await runtimeFile('bun', target)}`];
	await run(
		bun,
		[
			'build',
			script,
			'--compile',
			'--bytecode',
			'--format=esm',
			`--target=bun-${target.replace('darwin-arm64', 'darwin-aarch64').replace('linux-arm64', 'linux-aarch64')}`,
			...executable,
			// What lies in the folder where somebody stands must not change what the program does.
			'--no-compile-autoload-dotenv',
			'--no-compile-autoload-bunfig',
			`--outfile=${out}`,
		],
		{cwd: work},
	);
	const bytes = await readFile(out);
	closeRuntime(bytes, target);
	await writeFile(out, bytes);
	return {notices, metafile};
}

async function withNode({target, out, work}) {
	const script = path.join(work, 'tetratop.mjs');
	const executable = await runtimeFile('node', target);
	const metafile = await bundle(script, packagedFiles.node, banner);
	const notices = await noticesOf(metafile, {runtime: 'node', runtimeFile: executable});
	await copyFiles(work, notices);
	const config = path.join(work, 'sea.json');
	await writeFile(
		config,
		JSON.stringify({
			main: script,
			mainFormat: 'module',
			output: out,
			executable,
			disableExperimentalSEAWarning: true,
			// Code compiled here would not fit another processor.
			useCodeCache: target === host,
			execArgvExtension: 'none',
			assets: packagedFiles.assets(work),
		}),
	);
	await run(await runtimeFile('node', host), ['--build-sea', config], {cwd: work});
	return {notices, metafile};
}

/** @returns {Promise<{file: string, sum: string, bytes: number, notices: string, metafile: import('esbuild').Metafile}>} */
export async function buildBinary({
	target = host,
	runtime = 'bun',
	out = path.join(root, 'dist/bin', `tetratop-${target}`),
} = {}) {
	const work = await mkdtemp(path.join(os.tmpdir(), 'tetratop-binary-'));

	try {
		await mkdir(path.dirname(out), {recursive: true});
		const made = path.join(work, 'made');
		const parts = await (runtime === 'node' ? withNode : withBun)({target, out: made, work});
		await chmod(made, 0o755);
		// Beside the goal first: a program that runs cannot be written to, but it can be replaced.
		await copyFile(made, `${out}.new`);
		await rename(`${out}.new`, out);
		const sum = await sha256(out);
		await writeFile(`${out}.sha256`, `${sum}  ${path.basename(out)}\n`);
		return {...parts, file: out, sum, bytes: (await stat(out)).size};
	} finally {
		await rm(work, {recursive: true, force: true});
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({options: {target: {type: 'string'}, runtime: {type: 'string'}, out: {type: 'string'}}});
	try {
		const {file, sum, bytes} = await buildBinary({...values, ...(values.out && {out: path.resolve(values.out)})});
		console.log(`${path.relative(process.cwd(), file)}  ${(bytes / 1e6).toFixed(0)} MB  sha256 ${sum}`);
	} catch (error) {
		console.error(`No executable was made: ${error.stderr?.trim() || error.message}`);
		process.exitCode = 1;
	}
}
