/**
`npm test [PART_OF_A_PATH …]`: every test file under test/ but test/bench/, each in a process of its own. What measures with
a clock is in test/bench/: `npm run test:bench` runs it, alone on the machine.

First it asks which Node runs: with `npm install --ignore-scripts` the pinned Node is missing and npm silently falls back
to the one of the system, on which Ink is another program.
*/
import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {patchedTsx} from './program/patched.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
	console.error(
		`The tests need Node 22.19 or newer, this is ${process.versions.node}. ` +
			'Run npm install (without --ignore-scripts) and start them with npm test: it brings and uses a Node of its own.',
	);
	process.exit(1);
}

const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const runnerFlags = process.argv.slice(2).filter(argument => argument.startsWith('--'));

/** The bench has the machine for itself: a test beside it would be measured as well. */
const isBench = wanted.some(part => part.startsWith('test/bench'));

const files = readdirSync(path.join(root, 'test'), {recursive: true, encoding: 'utf8'})
	.filter(file => /\.test\.tsx?$/.test(file))
	.map(file => path.join('test', file))
	.filter(file => file.startsWith(path.join('test', 'bench')) === isBench)
	.filter(file => wanted.length === 0 || wanted.some(part => file.includes(part)))
	.toSorted();

if (files.length === 0) {
	console.error(`No test file matches ${wanted.join(' ')}.`);
	process.exit(1);
}

/** A person's variables must not decide what a test sees; a test that wants one sets it. */
const environment = Object.fromEntries(
	Object.entries(process.env).filter(
		([name]) =>
			!/^(TETRATOP_.*|KUBECONFIG|NO_COLOR|FORCE_COLOR|CI|DEV|NODE_ENV|LC_ALL|(HTTPS?|ALL|NO)_PROXY)$/i.test(name),
	),
);

function run(parameters: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, parameters, {
			cwd: root,
			stdio: ['ignore', 'inherit', 'inherit'],
			env: {...environment, LANG: 'C.UTF-8', TZ: 'UTC'},
		});
		child.on('error', reject);
		child.on('exit', code => resolve(code ?? 1));
	});
}

// Tests of the program as users start it run dist/: it must be the one of these sources.
const built = await run(['scripts/build.js']);
process.exitCode =
	built === 0
		? await run([
				patchedTsx,
				'--test',
				// One more than the cores: the programs of a terminal test sleep half of their time.
				`--test-concurrency=${isBench ? 1 : Math.min(availableParallelism() + 1, 4)}`,
				'--test-timeout=120000',
				'--test-reporter=./test/reporter.ts',
				'--test-reporter-destination=stdout',
				...runnerFlags,
				...files,
			])
		: built;
