/** Finds a flag of the table by the way it is written. */
import type {Flag} from './flag.js';
import {flags} from './table.js';

const table: readonly Flag[] = flags;
const byLong = new Map(table.flatMap(flag => [flag.name, ...(flag.aliases ?? [])].map(name => [name, flag] as const)));
const byShort = new Map(table.flatMap(flag => (flag.short ? [[flag.short, flag] as const] : [])));

/** Long names and aliases, for suggestions. */
export const longNames: readonly string[] = [...byLong.keys()];

/** `--name`, an alias of it, or `-n`; without a value. */
export function flagOf(word: string): Flag | undefined {
	return word.startsWith('--')
		? byLong.get(word.slice(2))
		: word.startsWith('-')
			? byShort.get(word.slice(1))
			: undefined;
}
