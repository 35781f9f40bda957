/** `npm run docs`: writes what is made from the tables. test/docs.test.ts fails while a file says something else. */
import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {schemaMarkdown} from '../source/modes/replay/kill-report.js';
import {completionScript} from '../source/options/completion.js';
import {manPage} from '../source/options/man.js';
import {optionsMarkdown} from '../source/options/markdown.js';
import {commandsMarkdown} from '../source/ui/overlays/command-help.js';
import {killStatesMarkdown} from '../source/ui/overlays/kill-help.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Path from the root of the checkout → its text. */
export async function madeFiles(): Promise<ReadonlyMap<string, string>> {
	const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {version: string};
	const files = new Map([
		['docs/man/tetratop.1', manPage(version)],
		['docs/options.md', optionsMarkdown()],
		['docs/README.md', killStatesMarkdown()],
		['docs/commands.md', commandsMarkdown()],
		['docs/schema.md', schemaMarkdown()],
		['completions/tetratop.bash', completionScript('bash')],
		['completions/_tetratop', completionScript('zsh')],
		['completions/tetratop.fish', completionScript('fish')],
	]);

	if (existsSync(path.join(root, 'source/ui/keys/key-help.ts'))) {
		const {keysMarkdown} = (await import('../source/ui/keys/key-help.js')) as {keysMarkdown?: () => string};

		if (keysMarkdown) {
			files.set('docs/keys.md', keysMarkdown());
		}
	}

	return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const [name, text] of await madeFiles()) {
		const file = path.join(root, name);
		await mkdir(path.dirname(file), {recursive: true});
		await writeFile(file, text);
	}
}
