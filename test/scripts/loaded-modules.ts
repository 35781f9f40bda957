/** Imports the packages that are named as arguments, and prints as JSON the files that ran with another text than they have. */
import {readFileSync} from 'node:fs';
import {registerHooks} from 'node:module';
import {fileURLToPath} from 'node:url';

const changed = new Set<string>();

registerHooks({
	load(url, context, nextLoad) {
		const loaded = nextLoad(url, context);
		if (url.startsWith('file:') && loaded.source) {
			const file = fileURLToPath(url);
			const source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array);
			if (file.includes('/node_modules/') && source.toString() !== readFileSync(file, 'utf8')) {
				changed.add(file);
			}
		}

		return loaded;
	},
});

for (const name of process.argv.slice(2)) {
	await import(name);
}

console.log(JSON.stringify([...changed].toSorted()));
