/** Runs an entry bundled as the program is, with the patches of packages or without them, and returns what it printed. */
import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {banner, bundleOptions} from '../../scripts/build.js';

export type Packages = 'plain' | 'patched';

export async function printedBy(entry: string, folder: string, packages: Packages): Promise<string> {
	const outfile = path.join(folder, `${path.parse(entry).name}-${packages}.mjs`);
	const options = await bundleOptions();
	await build({
		...options,
		// Readable lines in the report of a failure.
		minify: false,
		plugins: options.plugins.filter(({name}) => packages === 'patched' || name !== 'patches'),
		entryPoints: [entry],
		format: 'esm',
		outfile,
		banner: {js: banner},
	});
	const {stdout} = await promisify(execFile)(process.execPath, [outfile], {
		maxBuffer: 64 * 1024 * 1024,
		env: {...process.env, TERM: 'xterm-256color'},
	});
	return stdout;
}
