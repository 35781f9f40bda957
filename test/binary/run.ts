/**
`npm run test:binary [-- --runtime=bun|node]`: builds the single executable for this machine and runs against it the tests
of the program as users start it (test/program), and those that only a single executable can pass (*.check.ts). It is no
part of `npm test`: the runtime is a download of 100 MB.
*/
import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {buildBinary} from '../../scripts/binary.js';
import {patchedTsx} from '../program/patched.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const {values, positionals} = parseArgs({
	options: {runtime: {type: 'string', default: 'bun'}, program: {type: 'string'}},
	allowPositionals: true,
});
const file = values.program ? path.resolve(values.program) : (await buildBinary({runtime: values.runtime})).file;
const wanted = ['test/program', 'test/binary']
	.flatMap(folder => readdirSync(path.join(root, folder)).map(name => path.join(folder, name)))
	.filter(name => /\.(test|check)\.tsx?$/.test(name))
	.filter(name => positionals.length === 0 || positionals.some(part => name.includes(part)));

const child = spawn(
	process.execPath,
	[
		patchedTsx,
		'--test',
		'--test-concurrency=1',
		'--test-timeout=120000',
		'--test-reporter=./test/reporter.ts',
		'--test-reporter-destination=stdout',
		...wanted,
	],
	{cwd: root, stdio: 'inherit', env: {...process.env, TEST_PROGRAM: file, TEST_RUNTIME: values.runtime, CI: undefined}},
);
child.on('exit', code => {
	process.exitCode = code ?? 1;
});
