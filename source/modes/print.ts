/** Text to standard output, to its end; a reader that leaves early is no failure. */
import process from 'node:process';
import {exitCodes} from '../options.js';

export async function printed(text: string): Promise<number> {
	const {promise, resolve} = Promise.withResolvers<number>();
	process.stdout.on('error', () => resolve(exitCodes.success));
	process.stdout.write(text, () => resolve(exitCodes.success));
	return promise;
}
