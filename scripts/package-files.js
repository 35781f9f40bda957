/**
The files of a distribution's package that are made for it, in dist/packaging/, and the tree that packaging/nfpm.yaml describes.
The same commit makes the same bytes: every time is that of the commit.
*/
import {execFile} from 'node:child_process';
import {chmod, copyFile, lutimes, mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {gzipSync} from 'node:zlib';
import {load} from 'js-yaml';
import {buildBinary} from './binary.js';
import {fillTemplate} from './template.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Go's and Debian's names of the processors. */
export const architectures = {'linux-x64': 'amd64', 'linux-arm64': 'arm64'};

/** Of the sources, in seconds: a package says when it was written, not when somebody packed it. */
export async function sourceTime() {
	if (process.env.SOURCE_DATE_EPOCH) {
		return Number(process.env.SOURCE_DATE_EPOCH);
	}

	const log = await run('git', ['log', '-1', '--format=%ct'], {cwd: root}).catch(() => undefined);
	return log ? Number(log.stdout) : Math.floor((await stat(path.join(root, 'package.json'))).mtimeMs / 1000);
}

/** Every file with the same time, so that the same sources make the same package. */
export async function setTimes(folder, time) {
	for (const entry of await readdir(folder, {recursive: true, withFileTypes: true})) {
		await lutimes(path.join(entry.parentPath, entry.name), time, time);
	}

	await lutimes(folder, time, time);
}

export async function packageVersion() {
	return JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')).version;
}

/** In the machine-readable form of Debian. The texts that Debian does not have are in THIRD-PARTY-NOTICES.gz. */
const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tetratop
Comment: /usr/bin/tetratop contains packages by others and the runtime Bun with the
 libraries that it links. /usr/share/doc/tetratop/THIRD-PARTY-NOTICES.gz (also:
 tetratop licenses) names each with its copyright and the text of its licence.

Files: *
Copyright: 2026 the tetratop authors
License: Apache-2.0

Files: usr/bin/tetratop
Copyright: 2026 the tetratop authors
           the authors named in THIRD-PARTY-NOTICES.gz
License: Apache-2.0 and Expat and BSD-2-clause and BSD-3-clause and ISC and Zlib and Unicode-3.0 and IJG and OpenSSL and LGPL-2+ and LGPL-2.1

License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.

License: LGPL-2+
 On Debian systems the full text is in /usr/share/common-licenses/LGPL-2.

License: LGPL-2.1
 On Debian systems the full text is in /usr/share/common-licenses/LGPL-2.1.

${['Expat', 'BSD-2-clause', 'BSD-3-clause', 'ISC', 'Zlib', 'Unicode-3.0', 'IJG', 'OpenSSL']
	.map(name => `License: ${name}\n The full text is in /usr/share/doc/tetratop/THIRD-PARTY-NOTICES.gz.\n`)
	.join('\n')}`;

/** What lintian says of an executable that Bun makes, and why it is so. */
const overrides = `# Bun links its libraries into the executable; THIRD-PARTY-NOTICES names them.
tetratop: embedded-library
# The program and its bytecode are a section that strip would cut off.
tetratop: unstripped-binary-or-object
# Bun is built with a fixed address; it has no PIE form for this platform.
tetratop: hardening-no-pie
# Nor is it linked with RELRO.
tetratop: hardening-no-relro
`;

function changelog({version, maintainer, time}) {
	const date = new Date(time * 1000).toUTCString().replace('GMT', '+0000');
	return `tetratop (${version}) unstable; urgency=medium\n\n  * What changed is in CHANGELOG.md of the sources.\n\n -- ${maintainer}  ${date}\n`;
}

function packed(text) {
	return gzipSync(text, {level: 9});
}

/** The settings of packaging/nfpm.yaml for a processor, after what they name was made. */
export async function packageSettings(target) {
	const architecture = architectures[target];
	if (!architecture) {
		throw new Error(`no package for ${target}; there is ${Object.keys(architectures).join(', ')}`);
	}

	const version = await packageVersion();
	const text = await readFile(path.join(root, 'packaging/nfpm.yaml'), 'utf8');
	const settings = load(fillTemplate(text, {ARCH: architecture, BINARY: target, VERSION: version}));
	const {notices} = await buildBinary({target});
	const time = await sourceTime();
	const files = {
		'tetratop.1.gz': packed(await readFile(path.join(root, 'docs/man/tetratop.1'))),
		'THIRD-PARTY-NOTICES.gz': packed(notices),
		'changelog.gz': packed(changelog({version, maintainer: settings.maintainer, time})),
		copyright,
		'lintian-overrides': overrides,
	};
	const folder = path.join(root, 'dist/packaging');
	await mkdir(folder, {recursive: true});
	for (const [name, contents] of Object.entries(files)) {
		await writeFile(path.join(folder, name), contents);
	}

	return settings;
}

/** Lays the files of a packager (deb or rpm) below a folder, as they will be below /. */
export async function placeFiles(settings, packager, tree) {
	await chmod(tree, 0o755);
	for (const {src, dst, type, packager: only} of settings.contents) {
		if (only !== undefined && only !== packager) {
			continue;
		}

		const goal = path.join(tree, dst);
		await mkdir(path.dirname(goal), {recursive: true, mode: 0o755});
		if (type === 'symlink') {
			await symlink(src, goal);
		} else {
			await copyFile(path.join(root, src), goal);
			await chmod(goal, dst.startsWith('/usr/bin/') ? 0o755 : 0o644);
		}
	}

	await setTimes(tree, await sourceTime());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await packageSettings(process.argv[2] ?? 'linux-x64');
}
