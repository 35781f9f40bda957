/** The configuration file: names of flags as keys, and `keys:` for the screen. Loaded only where there is such a file. */
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

/** Never throws: a setting that cannot be read becomes a mistake with its line, and the other settings hold. */
export function parseConfig(text: string, path: string): Config {
	const file = path.split('/').at(-1) ?? path;
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

	const settings = new Settings(text.split('\n'), file);
	for (const [name, value] of Object.entries(document)) {
		settings.read(name, value);
	}

	return settings;
}

function broken(what: string, why: string, path: string): Config {
	return {
		entries: [],
		keys: {},
		mistakes: [{what, why, fix: `Fix ${path}, or name another file with --config.`}],
	};
}

class Settings implements Config {
	readonly entries: Entry[] = [];
	readonly keys: Record<string, readonly string[]> = {};
	readonly mistakes: Mistake[] = [];
	readonly #lines: readonly string[];
	readonly #file: string;

	constructor(lines: readonly string[], file: string) {
		this.#lines = lines;
		this.#file = file;
	}

	read(name: string, value: unknown): void {
		if (name === 'keys') {
			this.#readKeys(value);
			return;
		}

		const where = `${this.#file}:${this.#lineOf(name)}`;
		if (!known.includes(name)) {
			this.mistakes.push({
				what: `${where} unknown setting "${name}"`,
				why: 'it is the name of no flag.',
				fix: `${didYouMean(name, [...known, 'keys'])}tetratop --help lists the names.`,
			});
			return;
		}

		const texts = textsOf(value);
		if (texts) {
			this.entries.push({name, texts, where});
		} else {
			this.mistakes.push({
				what: `${where} ${name} has no value that can be read`,
				why: 'it takes one value, or a list of them.',
				fix: `Write "${name}: value".`,
			});
		}
	}

	#readKeys(value: unknown): void {
		const from = this.#lineOf('keys');
		for (const [action, wanted] of Object.entries(typeof value === 'object' && value !== null ? value : {})) {
			const texts = textsOf(wanted);
			if (texts) {
				this.keys[action] = texts;
			} else {
				this.mistakes.push({
					what: `${this.#file}:${this.#lineOf(action, from)} keys.${action} names no keys`,
					why: 'it takes one key, or a list of keys.',
					fix: `Write "${action}: [p, Z]".`,
				});
			}
		}
	}

	/** The number of the line with this key, from `from` lines on; 0 where none is found. */
	#lineOf(key: string, from = 0): number {
		function isKey(line: string): boolean {
			return /^\s*["']?(.*?)["']?\s*:/.exec(line)?.[1] === key;
		}
		return this.#lines.findIndex((line, index) => index >= from && isKey(line)) + 1;
	}
}
