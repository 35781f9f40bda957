// @ts-check
/**
`node --import=./scripts/patched-tsx.js FILE.ts`: TypeScript as with `--import=tsx`, and every package patched as in the
bundle, so that tests run what users run. `--import=tsx` alone runs the packages as they are installed.

Node itself removes the types; only JSX is compiled here. Both, and what V8 compiles, are kept in node_modules/.cache: the
tests start hundreds of processes, each of which loads up to 500 modules.
*/
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {enableCompileCache, registerHooks} from 'node:module';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';

const cache = fileURLToPath(new URL('../node_modules/.cache/tetratop/', import.meta.url));

// V8 does not count calls of functions that it takes from a cache.
if (process.env['NODE_V8_COVERAGE'] === undefined) {
	enableCompileCache(path.join(cache, 'code'));
}

// On demand: a static import would be compiled before the cache is there.
const {ownModule, Patches} = await import('./patches.js');
const patches = new Patches();

/**
@param {string} specifier `./store.js`
@param {string} parent the URL of the module that imports it
@returns {string | undefined} the URL of the TypeScript file that is meant; undefined where there is none
*/
function typeScript(specifier, parent) {
	if (!/^\.\.?\/.*\.js$/.test(specifier) || !/\.tsx?$/.test(parent)) {
		return undefined;
	}

	const {href} = new URL(specifier, parent);
	return ['.ts', '.tsx'].map(extension => href.replace(/\.js$/, extension)).find(url => existsSync(fileURLToPath(url)));
}

/**
@param {string} file a TypeScript file with JSX
@returns {string} JavaScript
*/
function compiled(file) {
	const text = readFileSync(file, 'utf8');
	const kept = path.join(cache, `${createHash('sha256').update(file).update(text).digest('hex')}.js`);
	if (existsSync(kept)) {
		return readFileSync(kept, 'utf8');
	}

	const {transformSync} = process.getBuiltinModule('node:module').createRequire(import.meta.url)('esbuild');
	const {code} = transformSync(text, {loader: 'tsx', jsx: 'automatic', target: 'node22', sourcefile: file});
	try {
		mkdirSync(cache, {recursive: true});
		// Another process may read it at this moment.
		writeFileSync(`${kept}.${process.pid}`, code);
		renameSync(`${kept}.${process.pid}`, kept);
	} catch {
		// A folder that cannot be written: the next process compiles it again.
	}

	return code;
}

registerHooks({
	resolve(specifier, context, nextResolve) {
		const file = ownModule(specifier);
		const url = file ? pathToFileURL(file).href : typeScript(specifier, context.parentURL ?? '');
		return url ? {url, shortCircuit: true} : nextResolve(specifier, context);
	},
	load(url, context, nextLoad) {
		if (!url.startsWith('file:')) {
			return nextLoad(url, context);
		}

		const file = path.normalize(fileURLToPath(url));
		if (file.endsWith('.tsx')) {
			return {format: 'module', source: compiled(file), shortCircuit: true};
		}

		const loaded = nextLoad(url, context);
		return patches.has(file) ? {...loaded, source: patches.apply(file, readFileSync(file, 'utf8'))} : loaded;
	},
});

// The bundler writes LateSegmenter in place of this name; see scripts/build.js.
/** @type {string} A variable, because TypeScript does not allow its own extension in an import. */
const lateSegmenter = '../source/patched/late-segmenter.ts';
const {LateSegmenter} = await import(lateSegmenter);
Object.defineProperty(Intl, 'Segmenter', {value: LateSegmenter, writable: true, configurable: true});
