/** Command line, environment and configuration file → Options. The only file of the room that does I/O. */

import path from 'node:path';
import process from 'node:process';
import {readSmallFile} from '../runtime/small-file.js';
import {table} from '../runtime/table.js';
import {readCommandLine} from './command-line.js';
import type {Config} from './config.js';
import type {Mistake} from './flag.js';
import {type Environment, mergeOptions, type Parsed} from './parse.js';

/** undefined: the home directory is not known. */
export function configPath({XDG_CONFIG_HOME, HOME}: Environment): string | undefined {
	// XDG: a relative path is ignored.
	const base =
		XDG_CONFIG_HOME && path.isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : HOME && path.join(HOME, '.config');
	return base && path.join(base, 'tetratop', 'config.yaml');
}

const reasons: Readonly<Record<string, string>> = table<string>({
	ENOENT: 'there is no such file.',
	EACCES: 'you have no right to read it.',
	EISDIR: 'it is a folder.',
});

/**
`kubectl tetratop` where kubectl started the program as a plugin.
@param names the name of the script (argv[1] of Node), the name of a single executable (argv0)
*/
export function programName(...names: ReadonlyArray<string | undefined>) {
	return names.some(name => path.basename(name ?? '').startsWith('kubectl-')) ? 'kubectl tetratop' : 'tetratop';
}

export async function loadOptions(
	argv: readonly string[],
	environment: Environment,
	script: string | undefined = undefined,
): Promise<Parsed> {
	const program = programName(script, process.argv0);
	const commandLine = readCommandLine(argv);
	if ('what' in commandLine) {
		return {error: commandLine};
	}

	const first = mergeOptions(commandLine, environment, undefined, program);

	if (first.error || first.options.help || first.options.version) {
		return first;
	}

	const named = first.options.config;
	const file = named ?? configPath(environment);
	const config = file === undefined ? undefined : await readConfig(file, named !== undefined);

	if (config && 'what' in config) {
		return {error: config};
	}

	return config ? mergeOptions(commandLine, environment, config, program) : first;
}

async function readConfig(file: string, isNamed: boolean): Promise<Config | Mistake | undefined> {
	let text: string;

	try {
		text = readSmallFile(file);
	} catch (error) {
		const {code = '', message} = error as NodeJS.ErrnoException;

		if (!isNamed && (code === 'ENOENT' || code === 'ENOTDIR')) {
			return undefined;
		}

		const mistake = {
			what: `the configuration ${file} cannot be read`,
			why: reasons[code] ?? `${message}.`,
			fix: 'Correct it, or name another file with --config.',
		};
		return isNamed ? mistake : {entries: [], keys: {}, mistakes: [mistake]};
	}

	const {parseConfig} = await import('./config.js');
	return parseConfig(text, file);
}
