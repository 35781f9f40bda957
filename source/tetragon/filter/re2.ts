/** RE2 as the agents have it. Loaded at the first expression: 150 kB that a start without one need not read. */
import {createRequire} from 'node:module';

let loaded: typeof import('re2js') | undefined;

export function re2(): typeof import('re2js').RE2JS {
	loaded ??= createRequire(import.meta.url)('re2js') as typeof import('re2js');
	return loaded.RE2JS;
}
