/**
`npm run sbom [-- --out=FILE]`: the packages that the bundle really contains, as CycloneDX JSON. The tool of CycloneDX for esbuild makes
it of the metafile; the same commit gives the same bytes.
*/
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {build} from './build.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = path.join(root, 'node_modules/@cyclonedx/cyclonedx-esbuild/bin/cyclonedx-esbuild-cli.js');

/** @returns {Promise<string>} the path of the file */
export async function writeSbom(out = path.join(root, 'dist/release/tetratop.cdx.json')) {
	const work = await mkdtemp(path.join(os.tmpdir(), 'tetratop-sbom-'));
	try {
		const metafile = path.join(work, 'metafile.json');
		await writeFile(metafile, JSON.stringify(await build(path.join(work, 'dist'))));
		await mkdir(path.dirname(out), {recursive: true});
		const flags = ['--output-reproducible', '--gather-license-texts', '--bwd', root, '--output-file', out];
		await promisify(execFile)(process.execPath, [tool, ...flags, metafile], {cwd: root});
		return out;
	} finally {
		await rm(work, {recursive: true, force: true});
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({options: {out: {type: 'string'}}});
	console.log(path.relative(process.cwd(), await writeSbom(values.out && path.resolve(values.out))));
}
