/** Bundles the tests of an area: `node test/mutants/bundle.js AREA`. Stryker runs it once in its copy of the checkout. */
import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {areas} from './areas.js';

const [name] = process.argv.slice(2);
const area = areas.find(row => row.name === name);
if (area === undefined) {
	throw new Error(`no area is called ${name}: ${areas.map(row => row.name).join(', ')}`);
}

const files = area.tests.flatMap(place =>
	statSync(place).isDirectory()
		? readdirSync(place, {recursive: true, encoding: 'utf8'}).map(file => path.join(place, file))
		: [place],
);

const covering = path.resolve('test/mutants/covering.js');
/** Runs under a mutant only the tests that reach it. */
const coveringTests = {
	name: 'covering',
	setup(bundle) {
		bundle.onResolve({filter: /^node:test$/}, ({importer}) =>
			importer === covering ? {path: 'node:test', external: true} : {path: covering},
		);
	},
};

/** A file of the tests reads its data beside itself, not beside the bundle. */
const ownPlace = {
	name: 'own place',
	setup(bundle) {
		bundle.onLoad({filter: /\/test\/.*\.tsx?$/}, ({path: file}) => ({
			contents: readFileSync(file, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)),
			loader: file.endsWith('x') ? 'tsx' : 'ts',
		}));
	},
};

// One bundle a test file, beside the file that it is made from.
const tests = files.filter(file => /\.test\.tsx?$/.test(file));
for (const test of tests) {
	await build({
		entryPoints: [test],
		outfile: test.replace(/\.tsx?$/, '.mutants.mjs'),
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node22',
		packages: 'external',
		plugins: [coveringTests, ownPlace],
		logLevel: 'error',
	});
}
