// @ts-check
/**
The patches of npm packages: unified diffs in patches/, applied when a module is loaded, by the bundler (patchPlugin) and by
Node (patched-tsx.js). The packages in node_modules stay as they are. patches/README.md says how to make a patch.

A diff must match exactly. A patch that does not fit, or that is for another version than the installed one, is an error:
the package has changed, so the patch must be read again.
*/
import {readdirSync, readFileSync, realpathSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
// Not from 'diff': its entry loads 25 files more, and every test process runs this.
import {applyPatch} from 'diff/lib/patch/apply.js';
import {parsePatch} from 'diff/lib/patch/parse.js';

/** @typedef {{patch: string, diff: import('diff').StructuredPatch}} Change `patch`: the name of the patch file. */

const root = fileURLToPath(new URL('..', import.meta.url));

/** `ink@8.0.0-rows.patch`; the slash of a scoped package is written as a plus sign. */
const nameForm = /^(?<name>(?:@[^@+]+\+)?[^@+]+)@(?<version>\d[^-]*)-(?<purpose>[a-z-]+)\.patch$/;

/** A patched module imports a module of ours as `tetratop:` and its path in this repository. */
const ours = 'tetratop:';

/** Ink imports it when DEV is "true". It is an optional package and not installed, and a bundler wants every package. */
const devtools = 'react-devtools-core';

/**
@param {string} specifier
@returns {string | undefined} the path of the module of ours that is meant; undefined for the specifiers of other modules
*/
export function ownModule(specifier) {
	if (specifier === devtools) {
		return path.join(root, 'scripts/no-devtools.js');
	}

	return specifier.startsWith(ours) ? path.join(root, specifier.slice(ours.length)) : undefined;
}

/** Patches by the modules that they change. */
export class Patches {
	/** @type {ReadonlyMap<string, readonly Change[]>} */
	#changes;

	/**
	@param {string} [folder] with the patch files
	@param {(name: string) => boolean} [isWanted] by the name of the patch file; all without it
	@throws {Error} where a patch is for a version that is not installed
	*/
	constructor(folder = path.join(root, 'patches'), isWanted = () => true) {
		/** @type {Map<string, Change[]>} */
		const changes = new Map();
		for (const patch of readdirSync(folder).toSorted()) {
			if (patch.endsWith('.patch') && isWanted(patch)) {
				const directory = packageOf(patch);
				for (const diff of parsePatch(readFileSync(path.join(folder, patch), 'utf8'))) {
					const file = path.join(directory, (diff.oldFileName ?? '').replace(/^a\//, ''));
					changes.set(file, [...(changes.get(file) ?? []), {patch, diff}]);
				}
			}
		}

		this.#changes = changes;
	}

	/** @returns {string[]} the absolute paths of the modules that are patched */
	get files() {
		return [...this.#changes.keys()];
	}

	/** @param {string} file an absolute path without symbolic links */
	has(file) {
		return this.#changes.has(file);
	}

	/**
	@param {string} file an absolute path without symbolic links
	@param {string} text of that file
	@returns {string} the text with its patches, in the order of their names; the text itself where there are none
	@throws {Error} where a patch does not match exactly
	*/
	apply(file, text) {
		let patched = text;
		for (const {patch, diff} of this.#changes.get(file) ?? []) {
			const next = applyPatch(patched, diff, {fuzzFactor: 0, autoConvertLineEndings: false});
			if (next === false) {
				throw new Error(
					`patches/${patch} does not apply to ${path.relative(root, file)}: the package has changed. patches/README.md says how to make the patch again.`,
				);
			}

			patched = next;
		}

		return patched;
	}
}

/**
@param {string} patch the name of a patch file
@returns the folder of the installed package, without symbolic links
*/
function packageOf(patch) {
	const {name, version} = nameForm.exec(patch)?.groups ?? {};
	if (name === undefined || version === undefined) {
		throw new Error(`patches/${patch} is not named PACKAGE@VERSION-PURPOSE.patch`);
	}

	const directory = realpathSync(path.join(root, 'node_modules', name.replace('+', '/')));
	const installed = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')).version;
	if (installed !== version) {
		throw new Error(
			`patches/${patch} is for version ${version}, and version ${installed} is installed. patches/README.md says how to make the patch again.`,
		);
	}

	return directory;
}

/**
@param {string} text
@returns the text as part of a regular expression
*/
function escaped(text) {
	return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
Modules of ours in packages, as a plugin of esbuild.
@type {import('esbuild').Plugin}
*/
export const ownModules = {
	name: 'own-modules',
	setup(build) {
		build.onResolve({filter: new RegExp(`^(?:${ours}|${devtools}$)`)}, ({path: specifier}) => ({
			path: ownModule(specifier),
		}));
	},
};

/**
The patches as a plugin of esbuild.
@param {(name: string) => boolean} [isWanted] by the name of the patch file; all without it
@returns {import('esbuild').Plugin}
*/
export function patchPluginOf(isWanted) {
	return {
		name: 'patches',
		setup(build) {
			const patches = new Patches(undefined, isWanted);
			const names = new Set(patches.files.map(file => escaped(path.basename(file))));
			build.onLoad({filter: new RegExp(`[\\\\/](?:${[...names].join('|')})$`)}, async ({path: file}) =>
				patches.has(file) ? {contents: patches.apply(file, await readFile(file, 'utf8')), loader: 'js'} : undefined,
			);
		},
	};
}

/** Every patch. */
export const patchPlugin = patchPluginOf();
