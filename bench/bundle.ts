/** Bundles a file of the bench as the program is bundled (production React, patched packages), so that it costs what the program costs. */
import {mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';
import {root} from './program.js';

type Options = Parameters<typeof build>[0];

export type Bundled = {readonly file: string; readonly remove: () => void};

export async function bundled(entry: string): Promise<Bundled> {
	const {banner, bundleOptions} = (await import(new URL('../scripts/build.js', import.meta.url).href)) as {
		banner: string;
		bundleOptions: () => Promise<Options>;
	};
	// Beside dist/: what the bundle looks for on disk it finds from there.
	const folder = mkdtempSync(path.join(root, 'dist', 'bench-'));
	const file = path.join(folder, 'main.js');
	await build({
		...(await bundleOptions()),
		entryPoints: [path.join(root, 'bench', entry)],
		format: 'esm',
		outfile: file,
		banner: {js: banner},
	});
	symlinkSync(path.join(root, 'demo'), path.join(folder, 'demo'));
	return {file, remove: () => rmSync(folder, {recursive: true, force: true})};
}
