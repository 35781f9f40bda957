/**
`npm run build:deb [-- --target=linux-x64]`: a package for Debian and Ubuntu out of packaging/nfpm.yaml, with dpkg-deb. It
holds the single executable, the man page and the completions; `apt install ./tetratop_….deb` takes it.
*/
import {execFile} from 'node:child_process';
import {
	chmod,
	copyFile,
	lutimes,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {gzipSync} from 'node:zlib';
import {load} from 'js-yaml';
import {buildBinary} from './binary.js';
import {fillTemplate} from './template.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Debian's names of the processors. */
const architectures = {'linux-x64': 'amd64', 'linux-arm64': 'arm64'};

const readSettings = async variables => {
	const text = await readFile(path.join(root, 'packaging/nfpm.yaml'), 'utf8');
	return load(fillTemplate(text, variables));
};

/** A description's further lines begin with a blank; an empty line is a dot. */
const controlText = (settings, kilobytes) => {
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
};

const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tetratop

Files: *
Copyright: 2026 the tetratop authors
License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.
`;

/** Every file with the same time, so that the same sources make the same package. */
const setTimes = async (folder, time) => {
	for (const entry of await readdir(folder, {recursive: true, withFileTypes: true})) {
		await lutimes(path.join(entry.parentPath, entry.name), time, time);
	}

	await lutimes(folder, time, time);
};

/** Of the sources, in seconds: a package says when it was written, not when somebody packed it. */
const sourceTime = async () => {
	if (process.env.SOURCE_DATE_EPOCH) {
		return Number(process.env.SOURCE_DATE_EPOCH);
	}

	const log = await run('git', ['log', '-1', '--format=%ct'], {cwd: root}).catch(() => undefined);
	return log ? Number(log.stdout) : Math.floor((await stat(path.join(root, 'package.json'))).mtimeMs / 1000);
};

const place = async (tree, {src, dst, type}) => {
	const goal = path.join(tree, dst);
	await mkdir(path.dirname(goal), {recursive: true});

	if (type === 'symlink') {
		await symlink(src, goal);
		return;
	}

	if (dst.includes('/man/')) {
		await writeFile(`${goal}.gz`, gzipSync(await readFile(path.join(root, src)), {level: 9}));
		return;
	}

	await copyFile(path.join(root, src), goal);
	await chmod(goal, dst.startsWith('/usr/bin/') ? 0o755 : 0o644);
};

/** @returns {Promise<string>} the path of the package */
export const buildDeb = async ({target = 'linux-x64', out = path.join(root, 'dist/deb')} = {}) => {
	const architecture = architectures[target];

	if (!architecture) {
		throw new Error(`no Debian package for ${target}; there is ${Object.keys(architectures).join(', ')}`);
	}

	const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
	const settings = await readSettings({ARCH: architecture, BINARY: target, VERSION: version});
	await buildBinary({target});
	const tree = await mkdtemp(path.join(os.tmpdir(), 'tetratop-deb-'));

	try {
		await chmod(tree, 0o755);

		for (const entry of settings.contents) {
			await place(tree, entry);
		}

		// Debian wants its own form of the licence's name instead of another copy of the text.
		const documents = path.join(tree, 'usr/share/doc/tetratop');
		await rm(path.join(documents, 'LICENSE'));
		await writeFile(path.join(documents, 'copyright'), copyright);

		let bytes = 0;

		for (const entry of await readdir(tree, {recursive: true, withFileTypes: true})) {
			bytes += entry.isFile() ? (await stat(path.join(entry.parentPath, entry.name))).size : 0;
		}

		await mkdir(path.join(tree, 'DEBIAN'));
		await writeFile(path.join(tree, 'DEBIAN/control'), controlText(settings, Math.ceil(bytes / 1024)));
		const time = await sourceTime();
		await setTimes(tree, time);
		await mkdir(out, {recursive: true});
		const file = path.join(out, `tetratop_${version}_${architecture}.deb`);
		await run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z3', '--build', tree, file], {
			env: {...process.env, SOURCE_DATE_EPOCH: String(time)},
		});
		return file;
	} finally {
		await rm(tree, {recursive: true, force: true});
	}
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({options: {target: {type: 'string'}, out: {type: 'string'}}});
	console.log(path.relative(process.cwd(), await buildDeb(values)));
}
