/** Regular expressions of users: in RE2, whose time is linear in the text, and which the agents use. */
import {re2} from '../tetragon/filter/re2.js';

type Regex = {readonly test: (text: string) => boolean};

/** The compiled expression, unanchored as in the agents; a string says in words why it cannot be compiled. */
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
