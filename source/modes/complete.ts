/** `tetratop __complete WORD... LAST`: what the shells' completion scripts and kubectl ask. Never says a word of its own. */
import process from 'node:process';
import {completeText} from '../options/complete.js';
import {printed} from './terminal/print.js';

export async function runComplete(words: readonly string[]): Promise<number> {
	const text = await completeText(words, process.env, async (kind, options) => {
		const [{listNames}, {kubernetesOptions}] = await Promise.all([
			import('../kubernetes/completion-names.js'),
			import('./cluster/options.js'),
		]);
		return listNames(kind, kubernetesOptions(options));
	});
	return printed(text);
}
