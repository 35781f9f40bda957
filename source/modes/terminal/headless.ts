/** Lines instead of a screen: when they are asked for, or when nobody is there to look at one. */
import process from 'node:process';
import type {Options} from '../../options/options.js';

export function isHeadless(options: Options): boolean {
	return options.output !== undefined || !process.stdout.isTTY;
}
