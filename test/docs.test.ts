import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import test from 'node:test';
import {madeFiles} from '../scripts/docs.js';

test('man page, completions and tables in docs/ say what the tables in the source say', async () => {
	for (const [name, text] of await madeFiles()) {
		const committed = await readFile(new URL(`../${name}`, import.meta.url), 'utf8').catch(() => '');
		assert.equal(committed, text, `${name} is out of date: npm run docs`);
	}
});

test('the bash completion is a script that bash can read', async () => {
	const script = (await madeFiles()).get('completions/tetratop.bash') ?? '';
	execFileSync('bash', ['-n'], {input: script});
	assert.match(script, /complete -F _tetratop tetratop/);
});
