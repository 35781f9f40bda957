/**
`npm run test:mutants [-- AREA …]`: plants small faults (Stryker's mutants) in the files of each area and counts those that
no test of the area finds. Takes minutes to an hour: it is not a part of `npm test` or .ci/run. The exit code is 1 when an
area is below 90 %. CONTRIBUTING.md has the newest score and the survivors.
*/
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {areas} from './areas.js';

const least = 90;

/**
Seconds of processor time and MiB of heap that one run of the tests may take: a mutant may loop or collect for ever. A mutant
that waits for ever is ended by Stryker's clock, which is wide: a busy machine must not count as a fault that was found.
*/
const caps = {seconds: 20, mebibytes: 2048, waitMs: 180_000};

function configurationOf({name, mutate, isPatched = false}, folder) {
	const patched = isPatched ? '--import=./scripts/patched-tsx.js' : '';
	const tests = `ulimit -t ${caps.seconds} && find test -name '*.mutants.mjs' | sort | xargs ${process.execPath} ${patched} --max-old-space-size=${caps.mebibytes} --test --test-isolation=none --test-force-exit --test-reporter=./test/mutants/first-failure.js`;
	return {
		packageManager: 'npm',
		testRunner: 'command',
		commandRunner: {command: tests},
		buildCommand: `${process.execPath} test/mutants/bundle.js ${name}`,
		mutate,
		// A text that differs is a matter of the tests of words, where there are any; see CONTRIBUTING.md.
		mutator: {excludedMutations: ['StringLiteral']},
		coverageAnalysis: 'off',
		concurrency: availableParallelism(),
		timeoutMS: caps.waitMs,
		reporters: ['json', 'clear-text'],
		jsonReporter: {fileName: path.join(folder, `${name}.json`)},
		clearTextReporter: {allowColor: false, logTests: false, reportScoreTable: false},
		tempDirName: '.stryker-tmp',
		ignorePatterns: ['dist', 'dist-*', 'docs', '.git'],
		// Stryker would load TypeScript 5 to rewrite paths in it.
		tsconfigFile: 'none.json',
		checkers: [],
		allowConsoleColors: false,
	};
}

function scoreOf(report) {
	const mutants = Object.values(report.files).flatMap(file => file.mutants);
	const killed = mutants.filter(({status}) => status === 'Killed' || status === 'Timeout').length;
	const valid = mutants.filter(({status}) => status !== 'CompileError' && status !== 'Ignored').length;
	return {killed, valid, percent: valid === 0 ? 100 : (100 * killed) / valid};
}

const wanted = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-mutants-'));
let isBelow = false;
try {
	for (const area of areas.filter(({name}) => wanted.length === 0 || wanted.includes(name))) {
		const file = path.join(folder, `${area.name}.config.json`);
		writeFileSync(file, JSON.stringify(configurationOf(area, folder)));
		const startMs = performance.now();
		const {status} = spawnSync('stryker', ['run', file], {stdio: 'inherit'});
		if (status !== 0) {
			process.exitCode = 1;
			break;
		}

		const {killed, valid, percent} = scoreOf(JSON.parse(readFileSync(path.join(folder, `${area.name}.json`), 'utf8')));
		isBelow ||= percent < least;
		const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
		console.log(`${area.name}: ${killed} of ${valid} mutants found, ${percent.toFixed(1)} %, ${minutes} minutes`);
	}
} finally {
	rmSync(folder, {recursive: true, force: true});
}

if (isBelow) {
	process.exitCode = 1;
}
