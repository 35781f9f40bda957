/** `tetratop __complete WORD... LAST`: the request of the completion scripts and of kubectl. Prints no errors. */
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
