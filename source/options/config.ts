/** The configuration file: the names of the flags as keys, and `keys:` for the screen. A lazy module, for it reads YAML. */
import {load} from 'js-yaml';
import type {Flag, Mistake} from './flag.js';
import {didYouMean} from './suggest.js';
import {flags} from './table.js';

export type Entry = {
	readonly name: string;
	readonly texts: readonly string[];
	/** `config.yaml:12` */
	readonly where: string;
};

export type Config = {
	readonly entries: readonly Entry[];
	readonly keys: Readonly<Record<string, readonly string[]>>;
	readonly mistakes: readonly Mistake[];
};

const table: readonly Flag[] = flags;
const known = table.filter(flag => !flag.commandLineOnly && flag.name !== 'config').map(({name}) => name);

function isScalar(value: unknown): value is string | number | boolean {
	return ['string', 'number', 'boolean'].includes(typeof value);
}

function textsOf(value: unknown): readonly string[] | undefined {
	const list = Array.isArray(value) ? value : [value];
	return list.every(isScalar) ? list.map(String) : undefined;
}

/** Never throws: what cannot be read is named with its line, the rest holds. */
export function parseConfig(text: string, path: string): Config {
	const lines = text.split('\n');
	const file = path.split('/').at(-1) ?? path;

	function lineOf(key: string, from = 0) {
		return lines.findIndex((line, index) => index >= from && /^\s*["']?(.*?)["']?\s*:/.exec(line)?.[1] === key) + 1;
	}

	let document: unknown;

	try {
		// js-yaml refuses a text that holds no document.
		document = /^\s*[^\s#]/m.test(text) ? load(text, {filename: path}) : undefined;
	} catch (error) {
		const {reason, mark} = error as {reason?: string; mark?: {line: number}};
		return broken(`${file}${mark ? `:${mark.line + 1}` : ''} is no YAML`, `${reason ?? String(error)}.`, path);
	}

	if (document === undefined || document === null) {
		return {entries: [], keys: {}, mistakes: []};
	}

	if (typeof document !== 'object' || Array.isArray(document)) {
		return broken(`${file} holds no settings`, 'it should be a list of "name: value".', path);
	}

	const entries: Entry[] = [];
	const mistakes: Mistake[] = [];
	let keys: Record<string, readonly string[]> = {};

	for (const [name, value] of Object.entries(document)) {
		const where = `${file}:${lineOf(name)}`;

		if (name === 'keys') {
			const read = keysOf(value, file, key => lineOf(key, lineOf('keys')));
			keys = read.keys;
			mistakes.push(...read.mistakes);
			continue;
		}

		if (!known.includes(name)) {
			mistakes.push({
				what: `${where} unknown setting "${name}"`,
				why: 'it is the name of no flag.',
				fix: `${didYouMean(name, [...known, 'keys'])}tetratop --help lists the names.`,
			});
			continue;
		}

		const texts = textsOf(value);

		if (texts) {
			entries.push({name, texts, where});
		} else {
			mistakes.push({
				what: `${where} ${name} has no value that can be read`,
				why: 'it takes one value, or a list of them.',
				fix: `Write "${name}: value".`,
			});
		}
	}

	return {entries, keys, mistakes};
}

function broken(what: string, why: string, path: string): Config {
	return {
		entries: [],
		keys: {},
		mistakes: [{what, why, fix: `Mend ${path}, or name another file with --config.`}],
	};
}

function keysOf(value: unknown, file: string, lineOf: (key: string) => number) {
	const keys: Record<string, readonly string[]> = {};
	const mistakes: Mistake[] = [];

	for (const [action, wanted] of Object.entries(typeof value === 'object' && value !== null ? value : {})) {
		const texts = textsOf(wanted);

		if (texts) {
			keys[action] = texts;
		} else {
			mistakes.push({
				what: `${file}:${lineOf(action)} keys.${action} names no keys`,
				why: 'it takes one key, or a list of keys.',
				fix: `Write "${action}: [p, Z]".`,
			});
		}
	}

	return {keys, mistakes};
}
