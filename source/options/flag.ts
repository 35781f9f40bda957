/** The shape of a row of the options table. */

export type CommandName =
	| 'live'
	| 'demo'
	| 'replay'
	| 'kills'
	| 'doctor'
	| 'policies'
	| 'rbac'
	| 'keys'
	| 'completion'
	| 'man'
	| 'version'
	| 'licenses';

export type Command = {
	readonly name: CommandName;
	/** What follows the command's name, in the notation of a synopsis. */
	readonly operands: string;
	readonly help: string;
	/** Fewest and most operands. */
	readonly count: readonly [number, number];
};

/**
switch: on or off. text: unchanged. bytes: `128MiB` → number of bytes. duration: `1m30s`, `5` (seconds), checked and left as a text.
count: a whole number above 0. moment: `10m`, `12:04`, checked and left as a text. speed: `0.5`, `max` → factor, Infinity. event-type: `exec` → `PROCESS_EXEC`.
*/
export type FlagKind = 'switch' | 'text' | 'bytes' | 'count' | 'duration' | 'speed' | 'moment' | 'event-type';

export type Group = 'target' | 'agent' | 'kubernetes' | 'filter' | 'output' | 'screen' | 'general';

export type Flag = {
	/** The long flag and the key in the configuration file; TETRATOP_… in capitals is the environment variable. */
	readonly name: string;
	readonly short?: string;
	/** Other names, as tetra has them. */
	readonly aliases?: readonly string[];
	readonly kind: FlagKind;
	/** May be repeated. comma: one value may hold several, with commas between; regex: the same, but for commas in brackets. */
	readonly list?: 'repeat' | 'comma' | 'regex';
	readonly choices?: readonly string[];
	/** Those of the choices that a command has; one that is not named has all. */
	readonly choicesOf?: Partial<Readonly<Record<CommandName, readonly string[]>>>;
	/** As a user writes it. */
	readonly default?: string;
	readonly group: Group;
	readonly commands: readonly CommandName[];
	readonly placeholder?: string;
	readonly help: string;
	/** The kind of value that a shell completes. */
	readonly completes?: 'file' | 'directory' | 'namespace' | 'pod' | 'node' | 'context' | 'cluster' | 'user' | 'policy';
	/** Not read from the environment and the file. */
	readonly commandLineOnly?: true;
};

/** A wrong word of the command line, the environment or the file: what, why, and what to do. */
export type Mistake = {readonly what: string; readonly why: string; readonly fix: string};

/** `serverAddress` for `server-address`. */
export function camelCase(name: string) {
	return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `TETRATOP_SERVER_ADDRESS` for `server-address`. */
export function environmentName(name: string) {
	return `TETRATOP_${name.replaceAll('-', '_').toUpperCase()}`;
}
