/**
`npm run build:rpm [-- --target=linux-x64]`: a package for RHEL, Fedora, Amazon Linux and openSUSE out of packaging/nfpm.yaml, with rpmbuild
(Debian and Ubuntu have it in their package `rpm`).
*/
import {execFile} from 'node:child_process';
import {copyFile, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs, promisify} from 'node:util';
import {packageSettings, placeFiles, sourceTime} from './package-files.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** rpm's names of the processors. */
const architectures = {amd64: 'x86_64', arm64: 'aarch64'};

function specText(settings, tree) {
	const [summary, ...rest] = settings.description.split('\n');
	const files = settings.contents.filter(({packager}) => packager === undefined || packager === 'rpm');
	return [
		`Name: ${settings.name}`,
		`Version: ${settings.version.replaceAll('-', '~')}`,
		'Release: 1',
		`Summary: ${summary}`,
		`License: ${settings.license}`,
		`Packager: ${settings.maintainer}`,
		...settings.overrides.rpm.depends.map(one => `Requires: ${one}`),
		// Nothing is read out of the executable, stripped off it or compressed again.
		'AutoReqProv: no',
		'%global debug_package %{nil}',
		'%global __os_install_post %{nil}',
		'%global _build_id_links none',
		'%description',
		...rest,
		'%install',
		`cp -a '${tree}/.' '%{buildroot}/'`,
		'%files',
		'%defattr(-,root,root,-)',
		...files.map(({dst}) => `${dst.includes('/doc/') ? '%doc ' : ''}${dst}`),
		'',
	].join('\n');
}

/** @returns {Promise<string>} the path of the package */
export async function buildRpm({target = 'linux-x64', out = path.join(root, 'dist/rpm')} = {}) {
	const settings = await packageSettings(target);
	const work = await mkdtemp(path.join(os.tmpdir(), 'tetratop-rpm-'));
	try {
		const tree = path.join(work, 'tree');
		await mkdir(tree);
		await placeFiles(settings, 'rpm', tree);
		const spec = path.join(work, 'tetratop.spec');
		await writeFile(spec, specText(settings, tree));
		const time = String(await sourceTime());
		const architecture = architectures[settings.arch];
		const set = {
			_topdir: work,
			_rpmdir: work,
			_rpmfilename: 'made.rpm',
			_buildhost: 'reproducible',
			_binary_payload: 'w3.zstdio',
			build_mtime_policy: 'clamp_to_source_date_epoch',
			use_source_date_epoch_as_buildtime: '1',
			clamp_mtime_to_source_date_epoch: '1',
		};
		const defines = Object.entries(set).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
		await run('rpmbuild', ['-bb', `--target=${architecture}-linux`, ...defines, spec], {
			env: {...process.env, SOURCE_DATE_EPOCH: time},
		});
		await mkdir(out, {recursive: true});
		const file = path.join(out, `tetratop-${settings.version}-1.${architecture}.rpm`);
		await copyFile(path.join(work, 'made.rpm'), file);
		return file;
	} finally {
		await rm(work, {recursive: true, force: true});
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const {values} = parseArgs({options: {target: {type: 'string'}, out: {type: 'string'}}});
	try {
		console.log(path.relative(process.cwd(), await buildRpm(values)));
	} catch (error) {
		console.error(
			error.code === 'ENOENT'
				? 'build:rpm needs rpmbuild (Debian: apt install rpm).'
				: `No rpm was made: ${error.stderr?.trim() || error.message}`,
		);
		process.exitCode = 1;
	}
}
