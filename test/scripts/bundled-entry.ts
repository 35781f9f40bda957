/** Runs an entry bundled as the program is, with the patches of packages or without them, and returns what it printed. */
import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {banner, bundleOptions} from '../../scripts/build.js';
import {patchPluginOf} from '../../scripts/patches.js';

/** `plain`: without patches but those of string-width, whose rule of widths is tetratop's own. */
export type Packages = 'plain' | 'patched';

function isWidth(patch: string): boolean {
	return patch.startsWith('string-width@');
}

export async function printedBy(entry: string, folder: string, packages: Packages): Promise<string> {
	const outfile = path.join(folder, `${path.parse(entry).name}-${packages}.mjs`);
	const options = await bundleOptions();
	await build({
		...options,
		// Readable lines in the report of a failure.
		minify: false,
		plugins:
			packages === 'patched'
				? options.plugins
				: [...options.plugins.filter(({name}) => name !== 'patches'), patchPluginOf(isWidth)],
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
