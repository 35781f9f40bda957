/** What the flags, the environment and the configuration leave out for as long as the program runs. */
import {environmentName} from '../options/flag.js';
import type {Options, Origin} from '../options/options.js';
import type {Narrowing} from '../query/narrowing.js';
import {requestParts} from '../tetragon/filter/filter.js';
import {asUsageError} from './usage-error.js';

type Given = Pick<Options, 'given'> &
	Parameters<typeof requestParts>[0] &
	Partial<Pick<Options, 'command' | 'node' | 'since' | 'until' | 'last'>>;

/** A part of which every flag is run by the store that is read is marked as one of the agent's. Parts of the request, and nodes that are not asked at all. Throws a usage error for a filter that cannot be. */
export function narrowingsOf(options: Given, atStore: ReadonlySet<string> = new Set()): readonly Narrowing[] {
	const nodes = options.node ?? [];
	const flags = [
		...asUsageError(() => requestParts(options)).map(part => part.flags),
		...(nodes.length === 0 ? [] : [[{name: 'node', values: nodes}]]),
		...(options.command === 'replay' ? spanFlags(options) : []),
	];
	return flags.map(part => ({
		text: part.map(({name, values}) => written(name, values.join(','), options.given.get(name) ?? 'flag')).join(' '),
		isAtAgent: options.command !== 'replay' || (part.length > 0 && part.every(({name}) => atStore.has(name))),
		hides: {by: 'start'},
	}));
}

/** Of a replay: a span of time, or the newest events. Of live events these flags hide none: they ask for the past. */
function spanFlags({since, until, last}: Given) {
	return [
		['since', since] as const,
		['until', until] as const,
		['last', last === undefined ? undefined : String(last)] as const,
	].flatMap(([name, value]) => (value === undefined ? [] : [[{name, values: [value]}]]));
}

/** As the user has written it there: the spelling tells where it can be changed. */
function written(name: string, value: string, origin: Origin): string {
	switch (origin) {
		case 'flag':
			return value === '' ? `--${name}` : `--${name} ${value}`;
		case 'environment':
			return `${environmentName(name)}=${value || 'true'}`;
		case 'config':
			return `${name}: ${value || 'true'} (config)`;
	}
}
