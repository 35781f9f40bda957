/**
The arrows between the rooms of the house, held by a test: data walks down the page only (docs: the architecture), and
what a layer must not know it cannot import.
*/
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {floors} from './floors.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms on the ground floor: every room may import them, and they import no room. */
const ground = [
	'moment',
	'problem',
	'version',
	'packaged-files',
	'runtime',
	'exit-codes',
	'edit-distance',
	'transports',
];

/** Which rooms of source/ a room may import, beside itself and the ground floor. */
const arrows: Readonly<Record<string, readonly string[]>> = {
	// Files directly in source/.
	'.': ['options'],
	runtime: [],
	// The table of event kinds, for --event-types.
	options: ['.', 'tetragon/event/kinds'],
	text: [],
	// What the patches of packages import.
	patched: ['text'],
	tetragon: [],
	kubernetes: ['tetragon'],
	recording: ['tetragon', 'text'],
	// Stores of events, by http: their sockets are those of the API server's client.
	history: ['kubernetes/net/connect', 'kubernetes/net/proxy', 'recording', 'tetragon'],
	demo: ['tetragon', 'recording'],
	store: ['tetragon'],
	query: ['tetragon', 'store'],
	fleet: ['tetragon', 'store'],
	ui: ['text', 'tetragon', 'store', 'query', 'fleet', 'recording'],
	headless: ['text', 'tetragon', 'store', 'query', 'fleet', 'recording'],
	// Where the parts are put together: what the front door opens.
	modes: [
		'.',
		'options',
		'text',
		'tetragon',
		'kubernetes',
		'recording',
		'history',
		'demo',
		'store',
		'query',
		'fleet',
		'ui',
		'headless',
	],
};

/** Packages and parts of Node by folder; a folder that is not named here may take what it likes. */
const forbiddenPackages: Readonly<Record<string, RegExp>> = {
	store: /^(?!node:buffer$)/,
	// node:net for its BlockList: addresses and networks are compared, nothing is opened.
	query: /^(?!(node:buffer|node:net|fuse\.js|re2js)$)/,
	text: /^(?!get-east-asian-width$)/,
	ui: /^(@grpc\/|protobufjs|ws$|js-yaml$|node:(net|tls|http|https|http2|dgram|child_process)$)/,
	headless: /^(@grpc\/|ws$|js-yaml$|ink|react|node:(net|tls|http|https|http2|dgram|child_process)$)/,
	tetragon: /^(ink|react|ws$|js-yaml$)/,
	kubernetes: /^(ink|react)/,
	recording: /^(ink|react|@grpc\/|ws$)/,
	fleet: /^(ink|react|@grpc\/|ws$|node:(net|tls|http|https|http2|fs)$)/,
};

/** Time and chance are passed in, so that a test can be exact and a replay has a clock of its own. */
const wallClock =
	/\b(Date\.now|performance\.now|process\.hrtime|Math\.random|setTimeout|setInterval|setImmediate|queueMicrotask)\b|\bnew Date\(\)/;
const timeless = ['store', 'query'];

type SourceFile = {readonly name: string; readonly folder: string; readonly text: string; readonly code: string};

function withoutComments(text: string) {
	return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/.*$/gm, '');
}

const sourceFiles: readonly SourceFile[] = readdirSync(path.join(root, 'source'), {recursive: true, encoding: 'utf8'})
	.filter(name => /\.tsx?$/.test(name))
	.map(name => {
		const text = readFileSync(path.join(root, 'source', name), 'utf8');
		const folder = name.includes('/') ? (name.split('/', 1)[0] ?? '.') : '.';
		return {name, folder, text, code: withoutComments(text)};
	});

/** Specifiers of all static and dynamic imports and re-exports. */
function importsOf(code: string) {
	return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier = '']) => specifier);
}

/** `store/ring` for `../store/ring.js` seen from `ui/app.tsx`. */
function target(file: SourceFile, specifier: string) {
	return path.posix.join(path.posix.dirname(file.name), specifier).replace(/\.[jt]sx?$/, '');
}

function folderOf(module: string) {
	return module.includes('/') ? (module.split('/', 1)[0] ?? '.') : '.';
}

test('no room imports a room that the arrows do not lead to', () => {
	const wrong: string[] = [];

	for (const file of sourceFiles) {
		const upper = arrows[file.folder];
		assert.ok(upper, `source/${file.folder}/ is a new room: say in test/arrows.test.ts which rooms it may import`);
		const allowed = [...upper, ...ground];

		for (const specifier of importsOf(file.code).filter(name => name.startsWith('.'))) {
			const module = target(file, specifier);
			const folder = folderOf(module);
			const isOutside = module.startsWith('..');

			if (folder !== file.folder && !allowed.includes(folder) && !allowed.includes(module) && !isOutside) {
				wrong.push(`source/${file.name} imports ${specifier}`);
			}
		}
	}

	assert.deepEqual(wrong, []);
});

/** `ring` for store/ring/slabs.ts, `store` for store/store.ts. */
function subRoomOf(module: string): string {
	return module.split('/')[1] ?? '';
}

test('inside a room, imports go down its floors', () => {
	const wrong: string[] = [];
	for (const file of sourceFiles) {
		const levels = floors[file.folder];
		if (levels === undefined) {
			continue;
		}

		function levelOf(module: string): number {
			return (levels ?? []).findIndex(names => names.includes(subRoomOf(module)));
		}

		const own = file.name.replace(/\.tsx?$/, '');
		if (levelOf(own) === -1) {
			wrong.push(`source/${file.name} is on no floor: add ${subRoomOf(own)} to test/floors.ts`);
			continue;
		}

		for (const specifier of importsOf(file.code).filter(name => name.startsWith('.'))) {
			const module = target(file, specifier);
			const isInside = folderOf(module) === file.folder && subRoomOf(module) !== subRoomOf(own);
			if (isInside && levelOf(module) >= levelOf(own)) {
				wrong.push(`source/${file.name} imports ${specifier}`);
			}
		}
	}

	assert.deepEqual(wrong, []);
});

/** Pairs of files that may import each other, types only, with the reason. */
const allowedCircles: ReadonlyArray<{readonly files: readonly string[]; readonly reason: string}> = [];

/** Static imports of a module by name; `import type` and `export type` only where types count. */
function edgesOf(file: SourceFile, withTypes: boolean): readonly string[] {
	const statements = file.code.matchAll(/\b(?:import|export)\s+(type\s)?([^'";]*?)\bfrom\s*['"](\.[^'"]+)['"]/g);
	const found = new Set<string>();
	for (const [, typeOnly, names = '', specifier = ''] of statements) {
		const listed = /^\{([^}]*)\}\s*$/
			.exec(names.trim())?.[1]
			?.split(',')
			.map(name => name.trim())
			.filter(Boolean);
		const isType = typeOnly !== undefined || (listed?.every(name => name.startsWith('type ')) ?? false);
		if (withTypes || !isType) {
			found.add(target(file, specifier));
		}
	}

	for (const [, specifier = ''] of file.code.matchAll(/\bimport\s*['"](\.[^'"]+)['"]/g)) {
		found.add(target(file, specifier));
	}

	return [...found];
}

/** Groups of files that reach each other by imports (Tarjan's strongly connected components), larger than one. */
function circles(withTypes: boolean): readonly string[] {
	const edges = new Map(sourceFiles.map(file => [file.name.replace(/\.tsx?$/, ''), edgesOf(file, withTypes)]));
	const order = new Map<string, {readonly index: number; low: number}>();
	const open: string[] = [];
	const found: string[] = [];

	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: Tarjan’s algorithm as it is in the books
	function visit(name: string): {readonly index: number; low: number} {
		const node = {index: order.size, low: order.size};
		order.set(name, node);
		open.push(name);
		for (const next of edges.get(name) ?? []) {
			if (!edges.has(next)) {
				continue;
			}

			const seen = order.get(next);
			if (seen === undefined) {
				node.low = Math.min(node.low, visit(next).low);
			} else if (open.includes(next)) {
				node.low = Math.min(node.low, seen.index);
			}
		}

		if (node.low === node.index) {
			const group = open.splice(open.indexOf(name));
			if (group.length > 1 || edges.get(name)?.includes(name)) {
				found.push(group.toSorted().join(' '));
			}
		}

		return node;
	}

	for (const name of edges.keys()) {
		if (!order.has(name)) {
			visit(name);
		}
	}

	return found.toSorted();
}

test('no files import each other in a circle at run time', () => {
	assert.deepEqual(circles(false), []);
});

test('no files import each other in a circle, types included, but for pairs with a reason', () => {
	const allowed = new Set(allowedCircles.map(({files}) => files.toSorted().join(' ')));
	assert.deepEqual(
		circles(true).filter(circle => !allowed.has(circle)),
		[],
	);
	assert.ok(allowedCircles.every(({files, reason}) => files.length === 2 && reason !== ''));
});

test('a layer takes only the packages that its task needs', () => {
	const wrong = sourceFiles.flatMap(file =>
		importsOf(file.code)
			.filter(name => !name.startsWith('.') && forbiddenPackages[file.folder]?.test(name))
			// The guard of the terminal is a process of its own.
			.filter(name => !(file.name === 'ui/terminal/guard.ts' && name === 'node:child_process'))
			.map(name => `source/${file.name} imports ${name}`),
	);
	assert.deepEqual(wrong, []);
});

test('a table with words from outside as keys has no prototype that answers', () => {
	const wrong = sourceFiles
		.filter(({code}) => /^(?:export )?const \w+: Readonly<Record<string, .+>> = \{/m.test(code))
		.map(({name}) => name);
	assert.deepEqual(wrong, []);
});

test('store and query are told the time, they never ask for it', () => {
	const wrong = sourceFiles
		.filter(({folder}) => timeless.includes(folder))
		.flatMap(({name, code}) => {
			const found = wallClock.exec(code);
			return found ? [`source/${name} says ${found[0]}`] : [];
		});
	assert.deepEqual(wrong, []);
});

test('only text/ makes safe text out of foreign strings', () => {
	const wrong = [...sourceFiles.filter(({folder}) => folder !== 'text'), ...entries()]
		.filter(({code}) => /\bas SafeText\b|(?:[=(,:?]|return)\s*<SafeText>/.test(code))
		.map(({name}) => name);
	assert.deepEqual(wrong, []);
});

test('a package is imported on demand only through a file of our own', () => {
	// esbuild gives `import('a-commonjs-package')` nothing but its default export, Node all names: the bundle would differ.
	const wrong = [...sourceFiles, ...entries()].flatMap(({name, code}) =>
		[...code.matchAll(/(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]/g)]
			.filter(([, specifier = '']) => !/^(\.|node:)/.test(specifier))
			.map(([found]) => `${name}: ${found}`),
	);
	assert.deepEqual(wrong, []);
});

test('no file of source/ has more than 350 lines', () => {
	// schema.ts is a table made from the wire contract.
	const long = sourceFiles
		.filter(({name, text}) => name !== 'tetragon/wire/schema.ts' && text.split('\n').length > 351)
		.map(({name, text}) => `source/${name}: ${text.split('\n').length - 1} lines`);
	assert.deepEqual(long, []);
});

test('no committed file names a package registry or a path of the machine it was written on', () => {
	const committed = execFileSync('git', ['ls-files', '-z'], {cwd: root, encoding: 'utf8'}).split('\0').filter(Boolean);
	const texts = committed.filter(name => !/\.(gz|png|svg|bin|pb)$/.test(name) && name !== 'test/arrows.test.ts');
	const registry = /\bregistry\.npmjs\b|\bnpmmirror\b|"resolved":|\bdeb\.debian\.org\b/;
	const machine = /\/work\/(?:main|shared|\.library)\b|\/tmp\/bash_jobs/;
	const wrong = texts.filter(name => {
		const text = readFileSync(path.join(root, name), 'utf8');
		return registry.test(text) || machine.test(text);
	});
	assert.deepEqual(wrong, []);
});

function entries(): readonly SourceFile[] {
	return ['cli.tsx']
		.flatMap(name => {
			try {
				return [{name, text: readFileSync(path.join(root, name), 'utf8')}];
			} catch {
				return [];
			}
		})
		.map(({name, text}) => ({name, folder: '.', text, code: withoutComments(text)}));
}
