/**
`npm run build:deb [-- --target=linux-x64]`: a package for Debian and Ubuntu out of packaging/nfpm.yaml, with dpkg-deb. It
holds the single executable, the man page and the completions; `apt install ./tetratop_….deb` takes it.
*/
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {packageSettings, placeFiles, setTimes, sourceTime} from './package-files.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A description's further lines begin with a blank; an empty line is a dot. */
function controlText(settings, kilobytes) {
	const [summary, ...rest] = settings.description.split('\n');
	const fields = {
		Package: settings.name,
		Version: settings.version,
		Section: settings.section,
		Priority: settings.priority,
		Architecture: settings.arch,
		Depends: settings.overrides.deb.depends.join(', '),
		'Installed-Size': kilobytes,
		Maintainer: settings.maintainer,
		Description: [summary, ...rest.map(line => ` ${line || '.'}`)].join('\n'),
	};
	return `${Object.entries(fields)
		.map(([name, value]) => `${name}: ${value}`)
		.join('\n')}\n`;
}

async function plainFiles(tree) {
	const entries = await readdir(tree, {recursive: true, withFileTypes: true});
	return entries
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name))
		.toSorted();
}

/** @returns {Promise<string>} the path of the package */
export async function buildDeb({target = 'linux-x64', out = path.join(root, 'dist/deb')} = {}) {
	const settings = await packageSettings(target);
	const tree = await mkdtemp(path.join(os.tmpdir(), 'tetratop-deb-'));
	try {
		await placeFiles(settings, 'deb', tree);
		const sums = [];
		let bytes = 0;
		for (const file of await plainFiles(tree)) {
			bytes += (await stat(file)).size;
			sums.push(
				`${createHash('md5')
					.update(await readFile(file))
					.digest('hex')}  ${path.relative(tree, file)}\n`,
			);
		}

		await mkdir(path.join(tree, 'DEBIAN'));
		await writeFile(path.join(tree, 'DEBIAN/control'), controlText(settings, Math.ceil(bytes / 1024)));
		await writeFile(path.join(tree, 'DEBIAN/md5sums'), sums.join(''));
		const time = await sourceTime();
		await setTimes(tree, time);
		await mkdir(out, {recursive: true});
		const file = path.join(out, `tetratop_${settings.version}_${settings.arch}.deb`);
		await run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', tree, file], {
			env: {...process.env, SOURCE_DATE_EPOCH: String(time)},
		});
		return file;
	} finally {
		await rm(tree, {recursive: true, force: true});
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({options: {target: {type: 'string'}, out: {type: 'string'}}});
	console.log(path.relative(process.cwd(), await buildDeb(values)));
}
