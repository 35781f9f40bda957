// @ts-check
/**
`node --import=./scripts/patched-tsx.js FILE.ts`: TypeScript as with `--import=tsx`, and every package patched as in the
bundle, so that tests run what users run. `--import=tsx` alone runs the packages as they are installed.
*/
import {readFileSync} from 'node:fs';
import Module, {registerHooks} from 'node:module';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {ownModule, Patches} from './patches.js';

const patches = new Patches();
// Not in Node's types.
const extensions = /** @type {Record<string, (module: object, file: string) => void>} */ (
	/** @type {any} */ (Module)._extensions
);
const nodeLoader = extensions['.js'];
// @ts-expect-error: tsx has no types for its loader.
await import('tsx');
const tsxLoader = extensions['.js'];
// tsx reads a CommonJS module itself and asks no hook; Node's own loader asks the hook below.
extensions['.js'] = (module, file) => (patches.has(file) ? nodeLoader : tsxLoader)?.(module, file);

registerHooks({
	resolve(specifier, context, nextResolve) {
		const file = ownModule(specifier);
		return file ? {url: pathToFileURL(file).href, shortCircuit: true} : nextResolve(specifier, context);
	},
	load(url, context, nextLoad) {
		const loaded = nextLoad(url, context);
		const file = url.startsWith('file:') ? path.normalize(fileURLToPath(url)) : '';
		return patches.has(file) ? {...loaded, source: patches.apply(file, readFileSync(file, 'utf8'))} : loaded;
	},
});

// The bundler writes LateSegmenter in place of this name; see scripts/build.js.
const {LateSegmenter} = await import('../source/patched/late-segmenter.js');
Object.defineProperty(Intl, 'Segmenter', {value: LateSegmenter, writable: true, configurable: true});
