import type {Refusal} from '../../problem.js';
import {Backoff} from '../../runtime/backoff.js';
import {pause} from '../../runtime/pause.js';
import type {Api, Query} from './api.js';
import {LineSplitter} from './body-lines.js';
import type {KubeList, KubeObject, Status} from './objects.js';
import {ApiRefusal, isForbidden, refusalOfAnswer, refusalOfNetwork} from './refusal.js';

export type Seen<Item> = {
	/** All objects, at the start and whenever changes were missed: an object that is missing here is gone. */
	readonly list: (items: readonly Item[]) => void;
	readonly change: (type: 'ADDED' | 'MODIFIED' | 'DELETED', item: Item) => void;
	/** A request failed; it is tried again. */
	readonly trouble: (refusal: Refusal) => void;
	/** Requests succeed, again or for the first time. */
	readonly well: () => void;
};

type FollowOptions = {
	readonly query?: Query;
	readonly accept?: {readonly list: string; readonly watch: string} | undefined;
	readonly signal: AbortSignal;
	/** Milliseconds between lists when watching is not allowed. */
	readonly pollMs?: number;
};

type WatchEvent<Item> = {
	readonly type?: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
	readonly object?: Item;
};

/** How a watch ended. */
type Watched = {
	/** resourceVersion at which the next watch starts. */
	readonly version: string;
	/** undefined: the server ended the watch in the regular way. */
	readonly failure: unknown;
};

const pageSize = '500';
/** The server ends a watch after this time. */
const watchSeconds = 240;
/** A watch that stays silent for longer than the server lets one live has lost its connection. */
const silenceMs = (watchSeconds + 90) * 1000;
const defaultPollMs = 10_000;

/** Lists and watches a collection. Resolves when the signal aborts; never rejects. */
export async function follow<Item extends KubeObject>(
	api: Api,
	path: string,
	seen: Seen<Item>,
	options: FollowOptions,
): Promise<void> {
	await new Follower(api, path, seen, options).run();
}

/** Lists a collection in pages. Rejects with a Refusal. */
export async function listAll<Item extends KubeObject>(
	api: Api,
	path: string,
	{query, accept, signal}: Pick<FollowOptions, 'query' | 'accept'> & {readonly signal?: AbortSignal},
): Promise<{readonly items: readonly Item[]; readonly version: string}> {
	const items: Item[] = [];
	let next = '';
	for (;;) {
		const page: KubeList<Item> = await api.get(path, {
			query: {...query, limit: pageSize, ...(next === '' ? {} : {continue: next})},
			signal,
			...(accept === undefined ? {} : {accept: accept.list}),
		});
		items.push(...(page.items ?? []));
		next = page.metadata?.continue ?? '';
		if (next === '') {
			return {items, version: page.metadata?.resourceVersion ?? ''};
		}
	}
}

class Follower<Item extends KubeObject> {
	readonly #api: Api;
	readonly #path: string;
	readonly #seen: Seen<Item>;
	readonly #options: FollowOptions;
	readonly #backoff = new Backoff();
	/** Where the next watch starts; undefined: the collection must be listed first. */
	#version: string | undefined;
	#mayWatch = true;

	constructor(api: Api, path: string, seen: Seen<Item>, options: FollowOptions) {
		this.#api = api;
		this.#path = path;
		this.#seen = seen;
		this.#options = options;
	}

	async run(): Promise<void> {
		const {signal, pollMs = defaultPollMs} = this.#options;
		while (!signal.aborted) {
			try {
				await this.#listOrWatch();
			} catch (error) {
				await this.#failed(error);
			}

			if (!this.#mayWatch && this.#version !== undefined) {
				await pause(pollMs, signal);
				this.#version = undefined;
			}
		}
	}

	async #listOrWatch(): Promise<void> {
		if (this.#version === undefined) {
			const {items, version} = await listAll<Item>(this.#api, this.#path, this.#options);
			this.#seen.list(items);
			this.#version = version;
			this.#well();
		}

		if (this.#mayWatch) {
			const {version, failure} = await this.#watch(this.#version);
			this.#version = version;
			if (failure !== undefined) {
				throw failure;
			}
		}
	}

	async #failed(error: unknown): Promise<void> {
		const {signal} = this.#options;
		if (signal.aborted) {
			return;
		}

		if (isGone(error)) {
			this.#version = undefined;
		} else if (this.#mayWatch && this.#version !== undefined && isForbidden(error)) {
			this.#mayWatch = false;
		} else {
			const asked = {what: 'watch', secrets: this.#api.secrets()};
			this.#seen.trouble(refusalOfNetwork(error, this.#api.server, asked));
			await pause(this.#backoff.next(), signal);
		}
	}

	#well(): void {
		this.#backoff.reset();
		this.#seen.well();
	}

	/** One watch request, until it ends. Rejects when the request itself is refused. */
	async #watch(from: string): Promise<Watched> {
		const {query, accept, signal} = this.#options;
		const body = await this.#api.stream(this.#path, {
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
		this.#well();
		let version = from;
		let failure: unknown;
		const silence = setTimeout(() => body.destroy(new Error('the watch went silent')), silenceMs);
		const lines = new LineSplitter(bytes => {
			if (failure !== undefined || signal.aborted) {
				return;
			}

			const event = parseEvent<Item>(bytes);
			if (event?.type === 'ERROR') {
				failure = refusalOfStatus(event.object as Status);
				return;
			}

			version = event?.object?.metadata?.resourceVersion ?? version;
			if (event?.object !== undefined && event.type !== undefined && event.type !== 'BOOKMARK') {
				this.#seen.change(event.type, event.object);
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

		return {version, failure};
	}
}

function parseEvent<Item>(bytes: Uint8Array): WatchEvent<Item> | undefined {
	try {
		return JSON.parse(Buffer.from(bytes).toString()) as WatchEvent<Item>;
	} catch {
		return undefined;
	}
}

function refusalOfStatus(status: Status): ApiRefusal {
	return refusalOfAnswer(status.code ?? 500, JSON.stringify({...status, kind: 'Status'}), {what: 'watch', secrets: []});
}

/** 410: the server has forgotten this resourceVersion. */
function isGone(error: unknown): boolean {
	return error instanceof ApiRefusal && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}
