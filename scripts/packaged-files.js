/** The files that a single executable contains: source/packaged-files.ts is replaced by a module that reads them from there. */
import {readFileSync} from 'node:fs';
import {cp, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
export const noticesName = 'THIRD-PARTY-NOTICES';

/** What the demo plays, as the npm package has it. Paths below the root, with slashes. */
const recordings = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).files.filter(name =>
	name.startsWith('demo/recordings/'),
);

const copied = ['LICENSE', 'NOTICE', ...recordings].toSorted();
const names = [...copied, noticesName];

/** Copies the files into the folder of a build: an executable contains the paths of what it is made of, and these must not differ. */
export async function copyFiles(folder, notices) {
	for (const name of copied) {
		await mkdir(path.dirname(path.join(folder, name)), {recursive: true});
		await cp(path.join(root, name), path.join(folder, name));
	}

	await writeFile(path.join(folder, noticesName), notices);
}

function replacing(contents) {
	return {
		name: 'packaged-files',
		setup(build) {
			build.onLoad({filter: /[\\/]source[\\/]packaged-files\.ts$/}, () => ({contents, loader: 'js', resolveDir: root}));
			build.onResolve({filter: /^packaged:/}, ({path: name}) => ({path: `./${name.slice(9)}`, external: true}));
		},
	};
}

// Bun puts a file that is imported so into the executable and gives back the path under which it is read from there.
const forBun = `import {readFile} from 'node:fs/promises';
${names.map((name, index) => `import file${index} from ${JSON.stringify(`packaged:${name}`)} with {type: 'file'};`).join('\n')}
const files = {${names.map((name, index) => `${JSON.stringify(name)}: file${index}`).join(', ')}};
export const packagedFile = name => readFile(files[name]);
`;

const forNode = `import {getRawAsset} from 'node:sea';
export const packagedFile = async name => Buffer.from(getRawAsset(name));
`;

export const packagedFiles = {
	bun: replacing(forBun),
	node: replacing(forNode),
	/** Of Node: name → path. */
	assets: folder => Object.fromEntries(names.map(name => [name, path.join(folder, name)])),
};
