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

let isWatchingReader = false;

/** One line of foreign text to standard output, made safe. A reader that leaves early (`| head`) ends the program, in silence. */
export function say(text: string): void {
	if (!isWatchingReader) {
		isWatchingReader = true;
		process.stdout.on('error', ({code}: NodeJS.ErrnoException) => {
			process.exit(code === 'EPIPE' ? exitCodes.success : exitCodes.failure);
		});
	}

	process.stdout.write(`${safe(text)}\n`);
}
