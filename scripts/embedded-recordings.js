/** The recordings that the demo plays, as parts of the single executable: source/demo/recorded-bytes.ts is replaced. */
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const folder = fileURLToPath(new URL('../demo/recordings', import.meta.url));

/** Frames and answers; the rest of the folder is for the tests. Names are paths below the folder, with slashes. */
const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
	.map(name => name.split(path.sep).join('/'))
	.filter(name => name.endsWith('/events.bin.gz') || /^rpc\/\w+\.bin$/.test(name))
	.toSorted();

const replacing = contents => ({
	name: 'embedded-recordings',
	setup(build) {
		build.onLoad({filter: /[\\/]demo[\\/]recorded-bytes\.ts$/}, () => ({contents, loader: 'js', resolveDir: folder}));
		build.onResolve({filter: /^embedded:/}, ({path: name}) => ({
			path: path.join(folder, name.slice(9)),
			external: true,
		}));
	},
});

// Bun puts a file that is imported so into the executable and gives back the path under which it is read from there.
const forBun = `import {readFile} from 'node:fs/promises';
${names.map((name, index) => `import file${index} from ${JSON.stringify(`embedded:${name}`)} with {type: 'file'};`).join('\n')}
const files = {${names.map((name, index) => `${JSON.stringify(name)}: file${index}`).join(', ')}};
export const readBytes = name => readFile(files[name]);
`;

const forNode = `import {getRawAsset} from 'node:sea';
export const readBytes = async name => Buffer.from(getRawAsset(name));
`;

export const embeddedRecordings = {
	bun: replacing(forBun),
	node: () => ({
		plugin: replacing(forNode),
		assets: () => Object.fromEntries(names.map(name => [name, path.join(folder, name)])),
	}),
};
