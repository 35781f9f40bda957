/** Flags of the table by their spelling and by their meaning. */
import type {Flag, Group} from './flag.js';
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

/** Flags that have a meaning only where the agents are looked for in a cluster: a replay and an address take none of them. */
function ofCluster(group: Group): readonly string[] {
	return table.filter(flag => flag.group === group && !flag.commands.includes('replay')).map(({name}) => name);
}

/** Flags that name a place in the cluster, beside an operand: `--node`, `-l`, `-A`. */
export const placeFlags: readonly string[] = ofCluster('target');

/** Flags that each ask for a cluster: places, and how the API server and the agents are reached. */
export const clusterFlags: readonly string[] = [...placeFlags, ...ofCluster('kubernetes')];
