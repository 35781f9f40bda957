/** The command line as meow reads it: flags by the names of the table, and operands. */
import meow from 'meow';
import {camelCase, type Flag, type Mistake} from './flag.js';
import {forMeow, unknownFlag} from './spellings.js';
import {flags} from './table.js';

export type CommandLine = {
	/** Name of a flag → the texts that were given to it, in order; `true` and `false` for a switch. */
	readonly texts: ReadonlyMap<string, readonly string[]>;
	readonly operands: readonly string[];
};

const table: readonly Flag[] = flags;

/** A bundle has no package.json that meow could find. */
const packageOfMeow = {name: 'tetratop'};

// Every flag may be repeated: the last one wins where the flag is no list. Choices and defaults are not meow's, because
// values of the environment and of the configuration file need them too (values.ts).
const meowFlags = Object.fromEntries(
	table.map(({name, short, aliases, kind}) => [
		camelCase(name),
		{
			type: kind === 'switch' ? ('boolean' as const) : ('string' as const),
			isMultiple: true as const,
			...(short ? {shortFlag: short} : {}),
			...(aliases ? {aliases: [...aliases]} : {}),
		},
	]),
);

export function readCommandLine(argv: readonly string[]): CommandLine | Mistake {
	const words = forMeow(argv);
	if ('what' in words) {
		return words;
	}

	const {flags: found, input} = meow({
		importMeta: import.meta,
		pkg: packageOfMeow,
		argv: words,
		flags: meowFlags,
		booleanDefault: undefined,
		// meow answers --help and --version only where they are alone, and ends the process; `replay --help` is asked for too.
		autoHelp: false,
		autoVersion: false,
		description: false,
	});
	const texts = new Map<string, readonly string[]>();
	const left = new Map<string, unknown>(Object.entries(found));
	for (const {name, kind} of table) {
		const values: unknown = left.get(camelCase(name));
		if (!areAll(values, kind === 'switch' ? 'boolean' : 'string')) {
			// `--no-theme`, `--theme.x=1`: meow reads them, but the table has no such flag.
			continue;
		}

		left.delete(camelCase(name));
		if (values.length > 0) {
			texts.set(name, values.map(String));
		}
	}

	const [unknown] = left.keys();
	return unknown === undefined ? {texts, operands: input} : unknownFlag(unknown, argv);
}

function areAll(values: unknown, type: 'boolean' | 'string'): values is ReadonlyArray<boolean | string> {
	return Array.isArray(values) && values.every(value => typeof value === type);
}
