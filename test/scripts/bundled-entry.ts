/** Runs an entry bundled as the program is, with one plugin of the bundle or without it, and returns what it printed. */
import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {build, type Plugin} from 'esbuild';
import {banner, bundleOptions} from '../../scripts/build.js';

export async function printedBy(entry: string, folder: string, plugin: Plugin, patched: boolean): Promise<string> {
	const outfile = path.join(folder, `${path.parse(entry).name}-${patched}.mjs`);
	const options = await bundleOptions();
	await build({
		...options,
		// A failure shows the line at which it happened.
		minify: false,
		plugins: options.plugins.filter(({name}) => patched || name !== plugin.name),
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
