/** argv, environment and configuration → Options. Pure: what the world says is passed in. */
import meow from 'meow';
import {readWords} from './arguments.js';
import type {Config} from './config.js';
import type {CommandName, Flag, FlagValues, Mistake, Options} from './flag.js';
import {camelCase, environmentName} from './flag.js';
import {didYouMean} from './suggest.js';
import {commands, flags} from './table.js';
import {parseValue, quote, type Scalar, splitList} from './values.js';

/**
A mistake on the command line or in the environment ends the program. One in the configuration file does not: it stands
in `mistakes`, the rest holds; without a screen that too is a reason to end.
*/
export type Parsed =
	| {readonly options: Options; readonly mistakes: readonly Mistake[]; readonly error?: undefined}
	| {readonly error: Mistake; readonly options?: undefined; readonly mistakes?: undefined};

type Environment = Readonly<Record<string, string | undefined>>;
type Values = Map<string, Scalar | readonly Scalar[]>;

const table: readonly Flag[] = flags;

/** What meow finds no package.json for inside a bundle. */
const packageOfMeow = {name: 'tetratop'};

const meowFlags = Object.fromEntries(
	table.map(flag => [camelCase(flag.name), {type: 'string', isMultiple: true} as const]),
);

function isMistake(value: unknown): value is Mistake {
	return typeof value === 'object' && value !== null && 'what' in value;
}

/** All texts of a flag → its value; the last one wins where it is no list. */
function readTexts(flag: Flag, texts: readonly string[], where: string): Scalar | readonly Scalar[] | Mistake {
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

export function parseOptions(
	argv: readonly string[],
	environment: Environment = {},
	config: Config | undefined = undefined,
	program = 'tetratop',
): Parsed {
	const words = readWords(argv);

	if (isMistake(words)) {
		return {error: words};
	}

	const {command, rest} = commandOf(words.operands);
	const values: Values = new Map();
	const mistakes: Mistake[] = [...(config?.mistakes ?? [])];

	function belongs(flag: Flag) {
		return flag.commands.includes(command);
	}

	for (const entry of config?.entries ?? []) {
		const flag = table.find(({name}) => name === entry.name);
		const value = flag && readTexts(flag, entry.texts, `${entry.where} ${entry.name}`);

		if (isMistake(value)) {
			mistakes.push(value);
		} else if (flag && value !== undefined && belongs(flag)) {
			values.set(flag.name, value);
		}
	}

	for (const flag of table) {
		const name = environmentName(flag.name);
		const text = flag.commandLineOnly ? undefined : environment[name];

		if (text !== undefined && text !== '' && belongs(flag)) {
			const value = readTexts(flag, [text], name);

			if (isMistake(value)) {
				return {error: value};
			}

			values.set(flag.name, value);
		}
	}

	const said = meow({
		importMeta: import.meta,
		pkg: packageOfMeow,
		argv: words.flags,
		flags: meowFlags,
		autoHelp: false,
		autoVersion: false,
		description: false,
	}).flags as Record<string, readonly string[] | undefined>;

	for (const flag of table) {
		const texts = said[camelCase(flag.name)] ?? [];

		if (texts.length === 0) {
			continue;
		}

		if (!belongs(flag)) {
			return {error: strayFlag(flag, command)};
		}

		const value = readTexts(flag, texts, `--${flag.name}`);

		if (isMistake(value)) {
			return {error: value};
		}

		values.set(flag.name, value);
	}

	function isSaid(name: string) {
		return (said[camelCase(name)] ?? []).length > 0;
	}

	const places = ['selector', 'node', 'all-namespaces'];

	// An address and a place in the cluster exclude each other; what was typed now wins over what stands somewhere.
	if (!isSaid('server-address') && (rest.length > 0 || places.some(isSaid))) {
		values.delete('server-address');
	} else if (isSaid('server-address')) {
		for (const name of places.filter(place => !isSaid(place))) {
			values.delete(name);
		}
	}

	const options = {...withDefaults(values, command, rest, program, config), mistakes};
	const error = options.help || options.version ? undefined : wrongTogether(options);
	return error ? {error} : {options, mistakes};
}

function strayFlag(flag: Flag, command: CommandName): Mistake {
	const places = flag.commands.map(name => (name === 'live' ? 'the live view' : name));
	return {
		what: `--${flag.name} does not go with ${command === 'live' ? 'the live view' : command}`,
		why: `it belongs to ${places.join(', ')}.`,
		fix: `Leave it out; tetratop ${command === 'live' ? '' : `${command} `}--help lists what goes with it.`,
	};
}

function withDefaults(
	values: Values,
	command: CommandName,
	operands: readonly string[],
	program: string,
	config: Config | undefined,
): Omit<Options, 'mistakes'> {
	const all: Record<string, unknown> = {};

	for (const flag of table) {
		const fallback =
			flag.default === undefined
				? flag.list
					? []
					: flag.kind === 'switch'
						? false
						: undefined
				: parseValue(flag, flag.default, flag.name);
		all[camelCase(flag.name)] = values.get(flag.name) ?? fallback;
	}

	return {
		...(all as FlagValues),
		command,
		program,
		target: command === 'live' || command === 'doctor' ? operands[0] : undefined,
		operands,
		given: new Set(values.keys()),
		keys: config?.keys ?? {},
	};
}

/** What each flag alone cannot know. */
function wrongTogether(options: Options): Mistake | undefined {
	const {command, operands, target} = options;
	const {count, operands: synopsis} = commands.find(({name}) => name === command) ?? commands[0];

	if (operands.length < count[0]) {
		return {
			what: `${command} needs ${synopsis}`,
			why: 'nothing was named.',
			fix: `Write ${options.program} ${command} ${synopsis}.`,
		};
	}

	if (operands.length > count[1]) {
		const names = commands.map(({name}) => name).filter(name => name !== 'live');
		return {
			what: `${quote(operands[count[1]] ?? '')} is one argument too many`,
			why: command === 'live' ? 'one target is watched at a time.' : `${command} takes ${synopsis || 'none'}.`,
			fix:
				command === 'live'
					? `${didYouMean(operands[0] ?? '', names)}Use -l LABELS or -n NAMESPACE to watch several pods.`
					: 'Leave it out.',
		};
	}

	if (command === 'completion' && !['bash', 'zsh', 'fish'].includes(operands[0] ?? '')) {
		return {
			what: `no completion for ${quote(operands[0] ?? '')}`,
			why: 'it is made for bash, zsh and fish.',
			fix: 'Name one of them.',
		};
	}

	if (target !== undefined && options.selector !== undefined) {
		return {
			what: `${quote(target)} and --selector cannot stand together`,
			why: 'each names pods.',
			fix: 'Leave one of them out.',
		};
	}

	const isPlaced = target !== undefined || ['selector', 'node', 'all-namespaces'].some(name => options.given.has(name));

	if (options.serverAddress !== undefined && isPlaced) {
		return {
			what: '--server-address and a target in the cluster cannot stand together',
			why: 'an address is one agent, asked without Kubernetes.',
			fix: 'Leave one of them out; --pod filters the events of an agent by pod.',
		};
	}

	if ((options.tlsCertFile === undefined) !== (options.tlsKeyFile === undefined)) {
		return {
			what: '--tls-cert-file and --tls-key-file go together',
			why: 'a certificate is worth nothing without its key.',
			fix: 'Give both.',
		};
	}

	return undefined;
}

/** One plain sentence for standard error: what, why, what to do. */
export function sentence({what, why, fix}: Mistake) {
	return `${what}: ${why} ${fix}`;
}
