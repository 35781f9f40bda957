/** Text to standard output. Waits until it is written; a reader that leaves early is no failure. */
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import {safe} from '../../text/safe.js';

export async function printed(text: string): Promise<number> {
	const {promise, resolve} = Promise.withResolvers<number>();
	process.stdout.on('error', () => resolve(exitCodes.success));
	process.stdout.write(text, () => resolve(exitCodes.success));
	return promise;
}

/** One line of foreign text to standard output, made safe. */
export function say(text: string): void {
	process.stdout.write(`${safe(text)}\n`);
}
