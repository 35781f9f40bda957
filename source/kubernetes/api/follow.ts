import type {Refusal} from '../../problem.js';
import {parseBounded} from '../../runtime/bounded-json.js';
import {Turns, type TurnsOptions} from '../../runtime/turns.js';
import type {Api, Query} from './api.js';
import {LineSplitter} from './body-lines.js';
import {asListOf, asStatus, type KubeObject, type Status} from './objects.js';
import {ApiRefusal, isForbidden, refusalOfAnswer, refusalOfNetwork} from './refusal.js';
import {objectOf, type Shape} from './shape.js';

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
	readonly turns?: TurnsOptions;
};

const eventTypes = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'] as const;

type WatchEvent<Item> = {
	readonly type?: (typeof eventTypes)[number];
	readonly object?: Item;
};

const typeOfEvent: Shape<(typeof eventTypes)[number]> = value => eventTypes.find(type => type === value);

/** How a watch ended. */
type Watched = {
	/** resourceVersion at which the next watch starts. */
	readonly version: string;
	/** undefined: the server ended the watch in the regular way. */
	readonly failure: unknown;
};

const pageSize = '500';
/** A server that gives a next page for ever is not one. */
const mostPages = 1000;
/** Bytes of all pages, unpacked: 5000 pods with everything that is in them. */
const longestList = 128 * 1024 ** 2;
/** Bytes of a line of a watch. etcd stores at most 1.5 MB. */
const longestEvent = 10 * 1024 ** 2;
/** The server ends a watch after this time. */
const watchSeconds = 240;
/** A watch that stays silent for longer than the server lets one live has lost its connection. */
const silenceMs = (watchSeconds + 90) * 1000;
const defaultPollMs = 10_000;

/** Lists and watches a collection. Resolves when the signal aborts; never rejects. */
export async function follow<Item extends KubeObject>(
	api: Api,
	path: string,
	shape: Shape<Item>,
	seen: Seen<Item>,
	options: FollowOptions,
): Promise<void> {
	await new Follower(api, path, shape, seen, options).run();
}

/** Lists a collection in pages. Rejects with a Refusal. */
export async function listAll<Item extends KubeObject>(
	api: Api,
	path: string,
	shape: Shape<Item>,
	{query, accept, signal}: Pick<FollowOptions, 'query' | 'accept'> & {readonly signal?: AbortSignal},
): Promise<{readonly items: readonly Item[]; readonly version: string}> {
	const items: Item[] = [];
	const asPage = asListOf(shape);
	let next = '';
	let bytes = 0;
	for (let pages = 0; pages < mostPages && bytes < longestList; pages++) {
		const page = await api.get(path, asPage, {
			query: {...query, limit: pageSize, ...(next === '' ? {} : {continue: next})},
			signal,
			took: length => {
				bytes += length;
			},
			...(accept === undefined ? {} : {accept: accept.list}),
		});
		for (const item of page.items ?? []) {
			items.push(item);
		}

		next = page.metadata?.continue ?? '';
		if (next === '') {
			return {items, version: page.metadata?.resourceVersion ?? ''};
		}
	}

	const why = `the list is longer than ${mostPages} pages or ${longestList / 1024 ** 2} MiB`;
	throw new ApiRefusal(`GET ${path}`, why, 'narrow the target: -n NAMESPACE, or --tetragon-namespace', 200);
}

class Follower<Item extends KubeObject> {
	readonly #api: Api;
	readonly #path: string;
	readonly #asEvent: Shape<WatchEvent<Item>>;
	readonly #shape: Shape<Item>;
	readonly #seen: Seen<Item>;
	readonly #options: FollowOptions;
	readonly #turns: Turns;
	/** Where the next watch starts; undefined: the collection must be listed first. */
	#version: string | undefined;
	#mayWatch = true;

	constructor(api: Api, path: string, shape: Shape<Item>, seen: Seen<Item>, options: FollowOptions) {
		this.#api = api;
		this.#path = path;
		this.#shape = shape;
		this.#asEvent = objectOf<WatchEvent<Item>>({type: typeOfEvent, object: shape});
		this.#seen = seen;
		this.#options = options;
		this.#turns = new Turns(options.signal, options.turns);
	}

	/** One turn is a list, where it is needed, and a watch. */
	async run(): Promise<void> {
		const {pollMs = defaultPollMs} = this.#options;
		while (await this.#turns.next()) {
			try {
				await this.#listOrWatch();
			} catch (error) {
				this.#failed(error);
			}

			if (!this.#mayWatch && this.#version !== undefined) {
				this.#turns.rest(pollMs);
				this.#version = undefined;
			}
		}
	}

	async #listOrWatch(): Promise<void> {
		if (this.#version === undefined) {
			const {items, version} = await listAll(this.#api, this.#path, this.#shape, this.#options);
			this.#seen.list(items);
			this.#version = version;
			this.#seen.well();
		}

		if (this.#mayWatch) {
			const {version, failure} = await this.#watch(this.#version);
			this.#version = version;
			if (failure !== undefined) {
				throw failure;
			}
		}
	}

	#failed(error: unknown): void {
		if (this.#options.signal.aborted) {
			return;
		}

		if (isGone(error)) {
			this.#version = undefined;
		} else if (this.#mayWatch && this.#version !== undefined && isForbidden(error)) {
			this.#mayWatch = false;
		} else {
			const asked = {what: 'watch', secrets: this.#api.secrets()};
			this.#seen.trouble(refusalOfNetwork(error, this.#api.server, asked));
		}
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
		this.#seen.well();
		let version = from;
		let failure: unknown;
		const silence = setTimeout(() => body.destroy(new Error('the watch went silent')), silenceMs);
		const lines = new LineSplitter(bytes => {
			if (failure !== undefined || signal.aborted) {
				return;
			}

			const event = this.#eventOf(bytes);
			if (event instanceof Error) {
				failure = event;
				return;
			}

			version = event.object?.metadata?.resourceVersion ?? version;
			if (
				event.object !== undefined &&
				event.type !== undefined &&
				event.type !== 'BOOKMARK' &&
				event.type !== 'ERROR'
			) {
				this.#seen.change(event.type, event.object);
			}
		}, longestEvent);
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

	/** One line of a watch; an Error for one that ends it. */
	#eventOf(bytes: Uint8Array): WatchEvent<Item> | Error {
		const asked = {what: `watch ${this.#path}`, secrets: this.#api.secrets()};
		try {
			const parsed = parseBounded(bytes);
			const event = this.#asEvent(parsed);
			if (event === undefined) {
				return refusalOfAnswer(200, 'a line of the watch is not an event', asked);
			}

			return event.type === 'ERROR' ? refusalOfStatus(parsed) : event;
		} catch (error) {
			const why = error instanceof SyntaxError ? 'it is not JSON, or longer than 10 MiB' : (error as Error).message;
			return refusalOfAnswer(200, `a line of the watch is not an event: ${why}`, asked);
		}
	}
}

const asError = objectOf<{readonly object?: Status}>({object: asStatus});

function refusalOfStatus(event: unknown): ApiRefusal {
	const status = asError(event)?.object ?? {};
	return refusalOfAnswer(status.code ?? 500, JSON.stringify({...status, kind: 'Status'}), {what: 'watch', secrets: []});
}

/** 410: the server has forgotten this resourceVersion. */
function isGone(error: unknown): boolean {
	return error instanceof ApiRefusal && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}
