/** The shape of a row of the options table. */

export type CommandName = 'live' | 'demo' | 'replay' | 'doctor' | 'rbac' | 'keys' | 'completion' | 'man';

export type Command = {
	readonly name: CommandName;
	/** What follows the command's name, in the notation of a synopsis. */
	readonly operands: string;
	readonly help: string;
	/** Fewest and most positional arguments. */
	readonly count: readonly [number, number];
};

/**
switch: on or off. text: as it is. bytes: `128MiB` → number of bytes. duration: `1m30s`, `5` (seconds); checked, but kept as kubectl takes it.
speed: `0.5`, `max` → factor, Infinity. event-type: `exec` → `PROCESS_EXEC`.
*/
export type FlagKind = 'switch' | 'text' | 'bytes' | 'duration' | 'speed' | 'event-type';

export type Group = 'target' | 'agent' | 'kubernetes' | 'filter' | 'output' | 'screen' | 'general';

export type Flag = {
	/** The long flag and the key in the configuration file; TETRATOP_… in capitals is the environment variable. */
	readonly name: string;
	readonly short?: string;
	/** Other spellings that are taken silently, for hands that know tetra. */
	readonly aliases?: readonly string[];
	readonly kind: FlagKind;
	/** May be given several times. comma: one value may hold several; regex: so too, outside of brackets. */
	readonly list?: 'repeat' | 'comma' | 'regex';
	readonly choices?: readonly string[];
	/** As a user would write it. */
	readonly default?: string;
	readonly group: Group;
	readonly commands: readonly CommandName[];
	readonly placeholder?: string;
	readonly help: string;
	/** What the value completes to: a file, or a kind of thing in the cluster. */
	readonly completes?: 'file' | 'directory' | 'namespace' | 'pod' | 'node' | 'context' | 'cluster' | 'user';
	/** Only on the command line: not from the environment, not from the file. */
	readonly commandLineOnly?: true;
};

/** What happened, why, and what to do: the only form in which a mistake reaches a person. */
export type Mistake = {readonly what: string; readonly why: string; readonly fix: string};

/** `serverAddress` for `server-address`. */
export function camelCase(name: string) {
	return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `TETRATOP_SERVER_ADDRESS` for `server-address`. */
export function environmentName(name: string) {
	return `TETRATOP_${name.replaceAll('-', '_').toUpperCase()}`;
}
