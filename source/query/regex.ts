/** Regular expressions of a user: RE2, which has no pattern that takes for ever, and which is what the agents speak. */
import {re2} from '../tetragon/filter/re2.js';

type Regex = {readonly test: (text: string) => boolean};

/** The expression, unanchored as in the agents; or in words why it is none. */
export function compileRegex(pattern: string): Regex | string {
	try {
		const compiled = re2().compile(pattern);
		return {test: text => compiled.test(text)};
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return why.replace(/^error parsing regexp: /, '');
	}
}

export function quoteRegex(text: string): string {
	return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
