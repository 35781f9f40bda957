/** How an agent exports its events, by the keys of its configuration: one file a key, or the keys of the ConfigMap. */
import {kinds} from '../event/kinds.js';

/** Key → value, as the agent's configuration has them. */
export type Settings = ReadonlyMap<string, string>;

/** The keys that say where the export is, and what it leaves out. */
export const settingKeys = [
	'export-filename',
	'export-allowlist',
	'export-denylist',
	'export-rate-limit',
	'field-filters',
	'redaction-filters',
] as const;

type Filter = Readonly<Record<string, unknown>>;

/** What the export does not have, one clause each, for `the past of worker-2 has no host processes (export filters)`. */
export function leftOutOf(settings: Settings): readonly string[] {
	const rate = Number(settings.get('export-rate-limit') ?? '-1');
	return [
		...denied(filtersOf(settings.get('export-denylist'))),
		...allowed(filtersOf(settings.get('export-allowlist'))),
		...(rate >= 0 ? [`at most ${rate} events a minute`] : []),
		...(filtersOf(settings.get('field-filters')).length > 0 ? ['not all fields of an event'] : []),
		...(filtersOf(settings.get('redaction-filters')).length > 0 ? ['arguments with *****: they are redacted'] : []),
	];
}

/** One JSON object a line; a line that is none is left out. */
function filtersOf(text = ''): readonly Filter[] {
	return text.split('\n').flatMap(line => {
		try {
			const value: unknown = JSON.parse(line);
			return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as Filter] : [];
		} catch {
			return [];
		}
	});
}

function textsOf(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
}

function denied(filters: readonly Filter[]): readonly string[] {
	return filters.flatMap(filter => {
		const keys = Object.keys(filter);
		const [key = ''] = keys;
		if (keys.length === 1 && key === 'health_check') {
			return filter[key] === true ? ['no health checks'] : [];
		}

		if (keys.length === 1 && key === 'namespace') {
			const names = textsOf(filter[key]);
			return [
				...(names.includes('') ? ['no host processes'] : []),
				...names.filter(name => name !== '').map(name => `no namespace ${name}`),
			];
		}

		return [`nothing that the deny list has: ${JSON.stringify(filter)}`];
	});
}

function allowed(filters: readonly Filter[]): readonly string[] {
	if (filters.length === 0) {
		return [];
	}

	const sets = filters.map(filter => (Object.keys(filter).join() === 'event_set' ? textsOf(filter['event_set']) : []));
	if (sets.some(set => set.length === 0)) {
		return [`only what the allow list has: ${filters.map(filter => JSON.stringify(filter)).join(' ')}`];
	}

	const has = new Set(sets.flat());
	const lacking = kinds
		.filter(({name}) => name.startsWith('process_') && !has.has(name.toUpperCase()))
		.map(({words}) => words[0]);
	return lacking.length === 0 ? [] : [`no ${lacking.join(', ')} events`];
}
