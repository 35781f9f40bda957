/**
What the bundle changes in the packages it takes in. Each change is small, checked against the text it expects (a new
version of a package that reads otherwise fails the build, it does not silently lose the change), and named here with why.
*/
import {readFile} from 'node:fs/promises';
import process from 'node:process';

/** Replaces text that must be there; the error names the file, so that whoever raises a version knows where to look. */
const replaceExpected = (source, path, expected, replacement) => {
	if (!source.includes(expected)) {
		throw new Error(`${path} no longer contains ${JSON.stringify(expected)}: look at scripts/build-plugins.js again`);
	}

	return source.replaceAll(expected, replacement);
};

/** Ink imports react-devtools-core only when DEV is "true"; it is an optional package, and a bundler wants it anyway. */
export const devtoolsStub = {
	name: 'devtools-stub',
	setup(build) {
		build.onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'devtools-stub'}));
		build.onLoad({filter: /.*/, namespace: 'devtools-stub'}, () => ({contents: 'export default {}'}));
	},
};

/**
Yoga's wasm loader calls the global fetch() on a data: URL, which loads all of Node's HTTP client: 20–40 ms and 8 MB before
the first frame. Without fetch it decodes the same base64 text synchronously.
*/
export const yogaWithoutFetch = {
	name: 'yoga-without-fetch',
	setup(build) {
		build.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path}) => ({
			contents: replaceExpected(await readFile(path, 'utf8'), path, '"function"!=typeof fetch', 'true'),
			loader: 'js',
		}));
	},
};

/**
A CommonJS package that is wanted only at a first call is required, in the sources, with Node's createRequire. esbuild does
not look behind that name; as a plain require() the package comes into the bundle and is still evaluated at the first call.
*/
export const requireOnDemand = {
	name: 'require-on-demand',
	setup(build) {
		build.onLoad({filter: /[\\/]source[\\/].*\.tsx?$/}, async ({path}) => {
			const source = await readFile(path, 'utf8');
			const contents = source.replaceAll(/createRequire\(import\.meta\.url\)\((?=')/g, 'require(');
			return contents === source ? undefined : {contents, loader: path.endsWith('x') ? 'tsx' : 'ts'};
		});
	},
};

/**
meow carries normalize-package-data, and a parser of JSON with Babel's code frames for its mistakes, for programs that let it
look for their package.json; ours hands over a name. At import the one sorts all SPDX licences by locale, which loads the
collation tables, and the other builds its tables of JavaScript's words: 25 ms before anything of ours runs.
*/
export const meowWithoutPackages = {
	name: 'meow-without-packages',
	setup(build) {
		build.onLoad({filter: /[\\/]meow[\\/]build[\\/]dependencies\.js$/}, async ({path}) => {
			const changes = [
				['var normalizeExports = requireNormalize();', 'const normalizeExports = () => {};'],
				['var libExports = requireLib$1();', 'const libExports = {};'],
			];
			let contents = await readFile(path, 'utf8');

			for (const [expected, replacement] of changes) {
				contents = replaceExpected(contents, path, expected, replacement);
			}

			return {contents, loader: 'js'};
		});
	},
};

/**
`import … from 'node:http'` makes Node read every export of the module once, and some are getters that load half of Node:
http's WebSocket loads the whole HTTP client undici, crypto's webcrypto and process's streams what they name. Taken from
process.getBuiltinModule() only what is used is read. 30 ms before the first frame.
*/
export const builtinsWithoutFacade = {
	name: 'builtins-without-facade',
	setup(build) {
		const filter = /^(?:node:)?(?:crypto|fs|http|https|process|tls|util)$/;
		build.onResolve({filter}, ({path, kind}) =>
			kind === 'import-statement'
				? {path: path.replace('node:', ''), namespace: 'builtin', sideEffects: false}
				: undefined,
		);
		build.onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => {
			const names = Object.getOwnPropertyNames(process.getBuiltinModule(path)).filter(name =>
				/^[A-Za-z_]\w*$/.test(name),
			);
			return {
				contents: [
					`const builtin = process.getBuiltinModule(${JSON.stringify(path)});`,
					'const take = name => builtin[name];',
					'export default builtin;',
					// A name that is not imported goes, and with it the reading.
					...names
						.filter(name => name !== 'default')
						.map(name => `const ${name}$ = /* @__PURE__ */ take('${name}');\nexport {${name}$ as ${name}};`),
				].join('\n'),
				loader: 'js',
			};
		});
	},
};
