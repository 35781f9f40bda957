/** argv, environment and configuration → Options. Pure: the caller reads the environment and the file. */
import {type CommandLine, readCommandLine} from './command-line.js';
import type {Config} from './config.js';
import type {CommandName, Flag, Mistake} from './flag.js';
import {camelCase, environmentName} from './flag.js';
import {placeFlags} from './lookup.js';
import type {FlagValues, Options, Origin} from './options.js';
import {commands, flags} from './table.js';
import {strayFlag, wrongTogether} from './together.js';
import {parseValue, type Scalar, splitList} from './values.js';

/**
A mistake on the command line or in the environment ends the program. A mistake in the configuration file does not: it is in
`mistakes`, and the other settings hold. Without a screen it ends the program too.
*/
export type Parsed =
	| {readonly options: Options; readonly mistakes: readonly Mistake[]; readonly error?: undefined}
	| {readonly error: Mistake; readonly options?: undefined; readonly mistakes?: undefined};

export type Environment = Readonly<Record<string, string | undefined>>;

type Value = Scalar | readonly Scalar[];
type Values = Map<string, Value>;

const table: readonly Flag[] = flags;

function isMistake(value: unknown): value is Mistake {
	return typeof value === 'object' && value !== null && 'what' in value;
}

/** All texts of a flag → its value; the last text wins where the flag is no list. */
function readTexts(flag: Flag, texts: readonly string[], where: string): Value | Mistake {
	const parts = flag.list ? texts.flatMap(text => splitList(flag, text)) : texts.slice(-1);
	const values: Scalar[] = [];

	for (const part of parts.length === 0 ? [''] : parts) {
		const value = parseValue(flag, part, where);
		if (isMistake(value)) {
			return value;
		}

		values.push(value);
	}

	return flag.list ? values : (values[0] as Scalar);
}

function commandOf(operands: readonly string[]): {command: CommandName; rest: readonly string[]} {
	const [first, ...rest] = operands;
	const named = commands.find(({name}) => name === first && name !== 'live');
	return named ? {command: named.name, rest} : {command: 'live', rest: operands};
}

/** Values of the configuration file. A wrong one is added to `mistakes`. */
function fileValues(config: Config | undefined, command: CommandName, mistakes: Mistake[]): Values {
	const values: Values = new Map();
	for (const entry of config?.entries ?? []) {
		const flag = table.find(({name}) => name === entry.name);
		const value = flag && readTexts(flag, entry.texts, `${entry.where} ${entry.name}`);
		if (isMistake(value)) {
			mistakes.push(value);
		} else if (flag?.commands.includes(command) && value !== undefined) {
			values.set(flag.name, value);
		}
	}

	return values;
}

function environmentValues(environment: Environment, command: CommandName): Values | Mistake {
	const values: Values = new Map();
	for (const flag of table) {
		const name = environmentName(flag.name);
		const text = flag.commandLineOnly ? undefined : environment[name];
		if (text === undefined || text === '' || !flag.commands.includes(command)) {
			continue;
		}

		const value = readTexts(flag, [text], name);
		if (isMistake(value)) {
			return value;
		}

		values.set(flag.name, value);
	}

	return values;
}

function typedValues({texts}: CommandLine, command: CommandName): Values | Mistake {
	const values: Values = new Map();
	for (const flag of table) {
		const given = texts.get(flag.name);
		if (given === undefined) {
			continue;
		}

		const value = flag.commands.includes(command) ? readTexts(flag, given, `--${flag.name}`) : strayFlag(flag, command);
		if (isMistake(value)) {
			return value;
		}

		values.set(flag.name, value);
	}

	return values;
}

/** An address and a place in the cluster exclude each other: the one on the command line wins over one set elsewhere. */
function dropOther(values: Values, typed: Values, hasTarget: boolean): void {
	if (typed.has('server-address')) {
		for (const name of placeFlags.filter(place => !typed.has(place))) {
			values.delete(name);
		}
	} else if (hasTarget || placeFlags.some(place => typed.has(place))) {
		values.delete('server-address');
	}
}

export function parseOptions(
	argv: readonly string[],
	environment: Environment = {},
	config: Config | undefined = undefined,
	program = 'tetratop',
): Parsed {
	const commandLine = readCommandLine(argv);
	return isMistake(commandLine) ? {error: commandLine} : mergeOptions(commandLine, environment, config, program);
}

/** A flag wins over the environment, the environment over the file, the file over the default. */
export function mergeOptions(
	commandLine: CommandLine,
	environment: Environment,
	config: Config | undefined,
	program: string,
): Parsed {
	const {command, rest} = commandOf(commandLine.operands);
	const mistakes: Mistake[] = [...(config?.mistakes ?? [])];
	const inFile = fileValues(config, command, mistakes);
	const inEnvironment = environmentValues(environment, command);
	if (isMistake(inEnvironment)) {
		return {error: inEnvironment};
	}

	const typed = typedValues(commandLine, command);
	if (isMistake(typed)) {
		return {error: typed};
	}

	const values: Values = new Map([...inFile, ...inEnvironment, ...typed]);
	dropOther(values, typed, rest.length > 0);
	const given = new Map<string, Origin>();
	for (const name of values.keys()) {
		given.set(name, typed.has(name) ? 'flag' : inEnvironment.has(name) ? 'environment' : 'config');
	}

	const options = {...withDefaults(values, command, rest, program), given, keys: config?.keys ?? {}, mistakes};
	const error = options.help || options.version ? undefined : wrongTogether(options);
	return error ? {error} : {options, mistakes};
}

function defaultOf(flag: Flag): Value | Mistake | undefined {
	return flag.default === undefined ? undefined : parseValue(flag, flag.default, flag.name);
}

function withDefaults(
	values: Values,
	command: CommandName,
	operands: readonly string[],
	program: string,
): Omit<Options, 'given' | 'keys' | 'mistakes'> {
	const all = Object.fromEntries(table.map(flag => [camelCase(flag.name), values.get(flag.name) ?? defaultOf(flag)]));
	return {
		...(all as FlagValues),
		command,
		program,
		target: ['live', 'doctor', 'policies', 'kills'].includes(command) ? operands[0] : undefined,
		operands,
	};
}

/** One plain sentence for standard error: what, why, what to do. */
export function sentence({what, why, fix}: Mistake): string {
	return `${what}: ${why} ${fix}`;
}
