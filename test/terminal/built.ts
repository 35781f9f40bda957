/** A TypeScript program of the tests as one JavaScript file: it starts without the compiler, which is slow under load. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';
import {banner, bundleOptions} from '../../scripts/build.js';

/**
Builds the program (path from the project's root) as the program of the users is built, with the same patches, and returns
the path of the file; it is removed when the process ends.
*/
export async function built(script: string, sourcemap: 'inline' | false = 'inline'): Promise<string> {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-built-'));
	process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
	const outfile = path.join(folder, 'program.mjs');
	await build({
		...(await bundleOptions()),
		entryPoints: [script],
		outfile,
		format: 'esm',
		jsx: 'automatic',
		minify: false,
		sourcemap,
		banner: {js: banner},
	});
	return outfile;
}
