/** Returns true for lines instead of a screen: with -o, or where standard output is no terminal. */
import process from 'node:process';
import type {Options} from '../../options/options.js';

export function isHeadless(options: Options): boolean {
	return options.output !== undefined || !process.stdout.isTTY;
}
