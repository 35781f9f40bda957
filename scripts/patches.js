/**
Build-time patches of packages: pieces of text that must stand in a module exactly once, and what takes their place. A patch
whose anchor is not found ends the build: then the package has changed and the patch must be read again.
*/
import {readFile} from 'node:fs/promises';

/**
The text of a module with its patches, or undefined where none is for it.
@param {readonly {file: RegExp, changes: readonly (readonly [string, string])[]}[]} patches
@throws when an anchor is not found exactly once.
*/
export function patchText(patches, file, text) {
	const patch = patches.find(candidate => candidate.file.test(file));
	if (!patch) {
		return undefined;
	}

	let patched = text;
	for (const [anchor, replacement] of patch.changes) {
		if (patched.split(anchor).length !== 2) {
			throw new Error(`${file}: the patch's anchor ${JSON.stringify(anchor)} does not stand there exactly once`);
		}

		patched = patched.replace(anchor, () => replacement);
	}

	return patched;
}

/** Patches as an esbuild plugin. `filter`: names of files among which theirs are. */
export const patchPlugin = (name, filter, patches) => ({
	name,
	setup(build) {
		build.onLoad({filter}, async ({path}) => {
			if (!patches.some(patch => patch.file.test(path))) {
				return undefined;
			}

			return {contents: patchText(patches, path, await readFile(path, 'utf8')), loader: 'js'};
		});
	},
});
