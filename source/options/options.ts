/**
The values that the options table promises. Their types come from the table, so that a flag cannot be read under a name, or
as a type, that it does not have.
*/
import type {CommandName, Mistake} from './flag.js';
import type {flags} from './table.js';

type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
	? `${Head}${Capitalize<CamelCase<Tail>>}`
	: Text;

type Scalar<F> = F extends {kind: 'switch'}
	? boolean
	: F extends {kind: 'bytes' | 'count' | 'speed'}
		? number
		: F extends {choices: ReadonlyArray<infer Choice>}
			? Choice
			: string;

/** Without a default in its row a flag is undefined until somebody gives it: no `false` and no `[]` wins over another source. */
type Value<F> = F extends {default: string}
	? Scalar<F>
	: (F extends {list: string} ? ReadonlyArray<Scalar<F>> : Scalar<F>) | undefined;

type TableEntry = (typeof flags)[number];

/** The values of all flags under their names in camelCase. A flag that was not given is its default, or undefined. */
export type FlagValues = {readonly [Entry in TableEntry as CamelCase<Entry['name']>]: Value<Entry>};

/** Where a flag was set: on the command line, in the environment, or in the configuration file. */
export type Origin = 'flag' | 'environment' | 'config';

export type Options = FlagValues & {
	readonly command: CommandName;
	/** How the user called the program: `tetratop`, or `kubectl tetratop` as a plugin. */
	readonly program: string;
	/** Live, doctor and policies: `xwing`, `pod/xwing`, `deployment/deathstar`. */
	readonly target: string | undefined;
	/** replay: files in order, `-` for standard input. completion: the shell. */
	readonly operands: readonly string[];
	/** The flags that were set, by their names, and where. */
	readonly given: ReadonlyMap<string, Origin>;
	/** `keys:` of the configuration file: action → keys. The screen checks them. */
	readonly keys: Readonly<Record<string, readonly string[]>>;
	/** Mistakes in the configuration file; its other settings hold. */
	readonly mistakes: readonly Mistake[];
};
