/** How the bundle loads its modules. The patches of packages are in patches.js. */
import {readFile} from 'node:fs/promises';
import process from 'node:process';

/**
The sources load a CommonJS package at its first use with Node's createRequire(). esbuild does not follow that call. Written
as a plain require() the package becomes part of the bundle, and it is still evaluated at the first use.
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
`import … from 'node:http'` makes Node read every export of that module once, and some exports are getters that load much of
Node: http.WebSocket loads the HTTP client undici, and crypto.webcrypto and the streams of process load what they name. The
bundle takes such modules from process.getBuiltinModule() and reads only the exports that it uses: 30 ms less before the
first frame. The module is made here and is no file, because its exports are those of the Node that bundles.
*/
/** Exports that Node 20, which may run npm's `prepare`, does not have yet. */
const newer = {fs: ['globSync']};

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
			const known = [...Object.getOwnPropertyNames(process.getBuiltinModule(path)), ...(newer[path] ?? [])];
			const names = [...new Set(known)].filter(name => /^[A-Za-z_]\w*$/.test(name));
			return {
				contents: [
					`const builtin = process.getBuiltinModule(${JSON.stringify(path)});`,
					'const take = name => builtin[name];',
					'export default builtin;',
					// esbuild drops a name that nobody imports, and with it the read of the export.
					...names
						.filter(name => name !== 'default')
						.map(name => `const ${name}$ = /* @__PURE__ */ take('${name}');\nexport {${name}$ as ${name}};`),
				].join('\n'),
				loader: 'js',
			};
		});
	},
};
