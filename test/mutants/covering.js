/**
Takes the place of node:test in the bundles of an area: node:test still runs the tests, but under a mutant only those that
reach it. The first run, without a mutant, writes beside each bundle which test reached which mutants. A mutant that is
reached while a module loads, or outside of any test, runs all tests.
*/
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import nodeTest from 'node:test';
import {fileURLToPath} from 'node:url';

export * from 'node:test';

const file = `${fileURLToPath(import.meta.url)}.reached.json`;
const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
/** Stryker's code in the mutated files counts here. */
globalThis.__stryker__ ??= {};
const stryker = globalThis.__stryker__;
const prefix = `${file}\n`;

/** {always: ids of mutants, tests: {name of a test: ids of mutants}} */
const reached = mutant !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;

if (mutant === undefined) {
	process.on('exit', () => {
		const {static: always = {}, perTest = {}} = stryker.mutantCoverage ?? {};
		const tests = Object.entries(perTest)
			.filter(([id]) => id.startsWith(prefix))
			.map(([id, counts]) => [id.slice(prefix.length), Object.keys(counts)]);
		writeFileSync(file, JSON.stringify({always: Object.keys(always), tests: Object.fromEntries(tests)}));
	});
}

function isNeeded(name) {
	return reached === undefined || reached.always.includes(mutant) || (reached.tests[name] ?? []).includes(mutant);
}

export default function test(name, ...rest) {
	if (mutant !== undefined) {
		return isNeeded(name) ? nodeTest(name, ...rest) : undefined;
	}

	const body = rest.pop();
	return nodeTest(name, ...rest, async context => {
		stryker.currentTestId = prefix + name;
		try {
			await body(context);
		} finally {
			stryker.currentTestId = undefined;
		}
	});
}

export {test};
