import type {Refusal} from '../../problem.js';
import {Backoff} from '../../runtime/backoff.js';
import {pause} from '../../runtime/pause.js';
import type {Api, Query} from './api.js';
import {splitLines} from './body-lines.js';
import type {KubeList, KubeObject, Status} from './objects.js';
import {ApiRefusal, isForbidden, refusalOfAnswer, refusalOfNetwork} from './refusal.js';

export type Seen<Item> = {
	/** All there is, at the start and whenever the thread was lost: what is missing in it is gone. */
	readonly list: (items: readonly Item[]) => void;
	readonly change: (type: 'ADDED' | 'MODIFIED' | 'DELETED', item: Item) => void;
	/** It does not work at the moment; it is tried again. */
	readonly trouble: (refusal: Refusal) => void;
	/** It works (again). */
	readonly well: () => void;
};

export type FollowOptions = {
	readonly query?: Query;
	readonly accept?: {readonly list: string; readonly watch: string} | undefined;
	readonly signal: AbortSignal;
	/** Milliseconds between lists where watching is not allowed. */
	readonly pollMs?: number;
};

type WatchEvent<Item> = {
	readonly type?: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
	readonly object?: Item;
};

const pageSize = '500';
/** The server ends a watch after this; a connection that is dead without a word is found out soon after. */
const watchSeconds = 240;
const silenceMs = (watchSeconds + 90) * 1000;

/** Resolves when the signal aborts; never rejects. */
export async function follow<Item extends KubeObject>(
	api: Api,
	path: string,
	seen: Seen<Item>,
	options: FollowOptions,
): Promise<void> {
	const {signal} = options;
	let version: string | undefined;
	const backoff = new Backoff();
	let mayWatch = true;

	function well() {
		backoff.reset();
		seen.well();
	}

	while (!signal.aborted) {
		try {
			if (version === undefined) {
				const listed = await listAll<Item>(api, path, options);
				seen.list(listed.items);
				version = listed.version;
				well();
			}

			if (mayWatch) {
				const watched: Watched = await watchOnce(api, path, version, seen, options, well);
				version = watched.place;
				if (watched.failure !== undefined) {
					throw watched.failure;
				}

				continue;
			}
		} catch (error) {
			if (signal.aborted) {
				return;
			}

			if (isGone(error)) {
				version = undefined;
				continue;
			}

			if (mayWatch && version !== undefined && isForbidden(error)) {
				mayWatch = false;
			} else {
				seen.trouble(asRefusal(error, api));
				await pause(backoff.next(), signal);
				continue;
			}
		}

		await pause(options.pollMs ?? 10_000, signal);
		version = undefined;
	}
}

/** Where to go on from, and what ended it, if not the server in good order. */
type Watched = {readonly place: string; readonly failure: unknown};

/** In pages; a page whose place is forgotten in between starts the list over. */
export async function listAll<Item extends KubeObject>(
	api: Api,
	path: string,
	{query, accept, signal}: Pick<FollowOptions, 'query' | 'accept'> & {readonly signal?: AbortSignal},
): Promise<{readonly items: readonly Item[]; readonly version: string}> {
	const items: Item[] = [];
	let place = '';
	for (;;) {
		const page: KubeList<Item> = await api.get(path, {
			query: {...query, limit: pageSize, ...(place === '' ? {} : {continue: place})},
			signal,
			...(accept === undefined ? {} : {accept: accept.list}),
		});
		items.push(...(page.items ?? []));
		place = page.metadata?.continue ?? '';
		if (place === '') {
			return {items, version: page.metadata?.resourceVersion ?? ''};
		}
	}
}

/** One watch request, until it ends. Throws where it did not even begin. */
async function watchOnce<Item extends KubeObject>(
	api: Api,
	path: string,
	from: string,
	seen: Seen<Item>,
	{query, accept, signal}: FollowOptions,
	opened: () => void,
): Promise<Watched> {
	const body = await api.stream(path, {
		query: {
			...query,
			watch: 'true',
			allowWatchBookmarks: 'true',
			resourceVersion: from,
			timeoutSeconds: String(watchSeconds + Math.floor(Math.random() * 60)),
		},
		signal,
		...(accept === undefined ? {} : {accept: accept.watch}),
	});
	opened();
	let place = from;
	let failure: unknown;
	const silence = setTimeout(() => body.destroy(new Error('the watch went silent')), silenceMs);
	const lines = splitLines(bytes => {
		if (failure !== undefined || signal.aborted) {
			return;
		}

		const event = parseEvent<Item>(bytes);
		if (event?.type === 'ERROR') {
			failure = refusalOfStatus(event.object as Status);
			return;
		}

		place = event?.object?.metadata?.resourceVersion ?? place;
		if (event?.object !== undefined && event.type !== undefined && event.type !== 'BOOKMARK') {
			seen.change(event.type, event.object);
		}
	});
	try {
		for await (const chunk of body) {
			silence.refresh();
			lines.push(chunk as Buffer);
			if (failure !== undefined) {
				break;
			}
		}
	} catch (error) {
		failure ??= error;
	} finally {
		clearTimeout(silence);
		body.destroy();
	}

	return {place, failure};
}

function parseEvent<Item>(bytes: Uint8Array): WatchEvent<Item> | undefined {
	try {
		return JSON.parse(Buffer.from(bytes).toString()) as WatchEvent<Item>;
	} catch {
		return undefined;
	}
}

function refusalOfStatus(status: Status) {
	return refusalOfAnswer(status.code ?? 500, JSON.stringify({...status, kind: 'Status'}), {what: 'watch', secrets: []});
}

function isGone(error: unknown) {
	return error instanceof ApiRefusal && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

function asRefusal(error: unknown, api: Api) {
	return refusalOfNetwork(error, api.server, {what: 'watch', secrets: api.secrets()});
}
