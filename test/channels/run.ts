/**
`npm run test:channels [-- executable npm deb krew]`: builds what users get, installs each into a folder of its own, and runs the tests of
the program as users start it: all of them against the executable, the smoke set against what the other channels hold.
*/
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {buildBinary} from '../../scripts/binary.js';
import {buildDeb} from '../../scripts/deb.js';
import {buildKrew} from '../../scripts/krew.js';
import {packNpm} from '../../scripts/release.js';
import {patchedTsx} from '../program/patched.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'tetratop-channels-'));
process.once('exit', () => rmSync(work, {recursive: true, force: true}));

/** Every way of starting: the demo, lines, a replay; and what only an installation has. */
const smoke = [
	'test/program/demo.test.ts',
	'test/program/lines.test.ts',
	'test/program/replay.test.ts',
	'test/channels/installed.check.ts',
];

function testsIn(folder: string): string[] {
	return readdirSync(path.join(root, folder))
		.filter(name => /\.(test|check)\.tsx?$/.test(name))
		.map(name => path.join(folder, name));
}

type Channel = {readonly environment: Readonly<Record<string, string>>; readonly tests: readonly string[]};

const channels: Readonly<Record<string, () => Promise<Channel>>> = {
	async executable() {
		const {file} = await buildBinary();
		return {
			environment: {TEST_PROGRAM: file, TEST_RUNTIME: 'bun'},
			tests: [...testsIn('test/program'), ...testsIn('test/binary'), 'test/channels/installed.check.ts'],
		};
	},
	async npm() {
		const archive = path.join(work, await packNpm(work));
		const prefix = path.join(work, 'npm');
		execFileSync('npm', ['install', '--silent', '--global', '--prefix', prefix, archive], {cwd: work});
		const installed = readdirSync(path.join(prefix, 'lib/node_modules'));
		if (installed.join() !== 'tetratop') {
			throw new Error(`the npm package brings others: ${installed.join(', ')}`);
		}

		return {
			environment: {TEST_LAUNCHER: path.join(prefix, 'lib/node_modules/tetratop/bin/tetratop.js')},
			tests: smoke,
		};
	},
	async deb() {
		const tree = path.join(work, 'deb');
		execFileSync('dpkg-deb', ['-x', await buildDeb({out: work}), tree]);
		return {environment: {TEST_PROGRAM: path.join(tree, 'usr/bin/tetratop'), TEST_RUNTIME: 'bun'}, tests: smoke};
	},
	async krew() {
		const host = `${process.platform}-${process.arch}`;
		await buildKrew({baseUrl: 'https://downloads.example.com', targets: [host], out: work});
		const archive = readdirSync(work).find(name => name.endsWith('.tar.gz')) ?? '';
		const tree = path.join(work, 'krew');
		mkdirSync(tree);
		execFileSync('tar', ['-xf', path.join(work, archive), '-C', tree]);
		return {environment: {TEST_PROGRAM: path.join(tree, 'tetratop'), TEST_RUNTIME: 'bun'}, tests: smoke};
	},
};

async function exitCodeOf({environment, tests}: Channel): Promise<number> {
	const flags = ['--test', '--test-concurrency=2', '--test-timeout=120000'];
	const report = ['--test-reporter=./test/reporter.ts', '--test-reporter-destination=stdout'];
	const child = spawn(process.execPath, [patchedTsx, ...flags, ...report, ...tests], {
		cwd: root,
		stdio: 'inherit',
		env: {...process.env, ...environment, CI: undefined},
	});
	return new Promise(resolve => {
		child.on('exit', code => resolve(code ?? 1));
	});
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(channels);
for (const name of wanted) {
	const channel = channels[name];
	if (channel === undefined) {
		throw new Error(`${name} is no channel: ${Object.keys(channels).join(', ')}`);
	}

	console.log(`\n-- ${name}`);
	process.exitCode = (await exitCodeOf(await channel())) || process.exitCode || 0;
}
