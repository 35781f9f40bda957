/** Lists in pages and watches of the test API server, as a real one answers them. */
import type {ServerResponse} from 'node:http';
import {gzipSync} from 'node:zlib';
import type {KubeObject} from '../../../source/kubernetes/api/objects.js';
import {goJson, send, statusOf} from './answers.js';
import type {Change, ObjectStore} from './object-store.js';
import {kindOf, type Path} from './request-path.js';
import {matchesSelectors} from './selectors.js';

/** Lists longer than this come compressed to those who take it. */
const gzipFrom = 128 * 1024;
const expired =
	'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

export class Collections {
	bookmarkMs = 50;
	/** resourceVersion of the newest bookmark that was sent. */
	lastBookmark = 0;
	readonly #store: ObjectStore;
	readonly #watches = new Set<() => void>();

	constructor(store: ObjectStore) {
		this.#store = store;
	}

	list(path: Path, query: URLSearchParams, response: ServerResponse, gzip: boolean): void {
		const all = this.#selected(path, query);
		const limit = Number(query.get('limit') ?? 0) || all.length;
		const from = readContinue(query.get('continue') ?? '');
		const version = from?.rv ?? this.#store.version;
		if (from !== undefined && version < this.#store.compacted) {
			const metadata = {continue: continueToken(-1, from.start)};
			send(response, statusOf(410, 'Expired', expired, undefined, metadata));
			return;
		}

		const rest = from === undefined ? all : all.filter(object => `${placeOf(object)}\0` > from.start);
		const items = rest.slice(0, limit);
		const last = items.at(-1);
		const next =
			rest.length > limit && last !== undefined
				? {continue: continueToken(version, `${placeOf(last)}\0`), remainingItemCount: rest.length - limit}
				: {};
		const metadata = {resourceVersion: String(version), ...next};
		const list = {kind: `${kindOf(path.resource)}List`, apiVersion: 'v1', metadata, items};
		const body = `${goJson(list)}\n`;
		const packed = gzip && body.length >= gzipFrom;
		response.writeHead(200, {
			'Cache-Control': 'no-cache, private',
			'Content-Type': 'application/json',
			...(packed ? {'Content-Encoding': 'gzip'} : {}),
		});
		// Written and then ended: the answer comes in chunks, without its length.
		response.write(packed ? gzipSync(body) : body);
		response.end();
	}

	watch(path: Path, query: URLSearchParams, response: ServerResponse): void {
		const from = query.get('resourceVersion') ?? '';
		const labels = query.get('labelSelector') ?? '';
		const fields = query.get('fieldSelector') ?? '';
		const kind = kindOf(path.resource);
		response.writeHead(200, {'Cache-Control': 'no-cache, private', 'Content-Type': 'application/json'});
		response.flushHeaders();

		function write(type: string, object: object) {
			return response.write(`${goJson({type, object})}\n`);
		}

		function tell({type, resource, object, before}: Change) {
			if (resource !== path.resource || (path.namespace !== '' && object.metadata?.namespace !== path.namespace)) {
				return;
			}

			// An object that no longer matches the selector is DELETED for this watch; one that begins to match ADDED.
			const matched = before !== undefined && matchesSelectors(before, labels, fields);
			const matches = type !== 'DELETED' && matchesSelectors(object, labels, fields);
			const shown = {kind, apiVersion: 'v1', ...object};
			if (matches) {
				write(matched ? 'MODIFIED' : 'ADDED', shown);
			} else if (matched) {
				write('DELETED', shown);
			}
		}

		const isFromNow = from === '' || from === '0';
		if (!isFromNow && Number(from) < this.#store.compacted) {
			write('ERROR', statusOf(410, 'Expired', `too old resource version: ${from} (${this.#store.compacted})`));
			response.end();
			return;
		}

		const bookmark: (annotations?: object) => void = annotations => {
			const metadata = {resourceVersion: String(this.#store.version), ...(annotations ? {annotations} : {})};
			const rest = kind === 'Pod' ? {spec: {containers: null}, status: {}} : {};
			write('BOOKMARK', {kind, apiVersion: 'v1', metadata, ...rest});
			this.lastBookmark = this.#store.version;
		};

		if (isFromNow) {
			for (const object of this.#selected(path, query)) {
				write('ADDED', {kind, apiVersion: 'v1', ...object});
			}

			bookmark({'k8s.io/initial-events-end': 'true'});
		} else {
			for (const change of this.#store.since(Number(from))) {
				tell(change);
			}
		}

		this.#keep(response, this.#store.watch(tell), bookmark);
	}

	/** Ends all watches in good order, as at their timeout. */
	endWatches(): void {
		for (const end of [...this.#watches]) {
			end();
		}
	}

	#keep(response: ServerResponse, unwatch: () => void, bookmark: () => void): void {
		const bookmarks = setInterval(bookmark, this.bookmarkMs);
		const end: () => void = () => {
			clearInterval(bookmarks);
			unwatch();
			this.#watches.delete(end);
			response.end();
		};
		this.#watches.add(end);
		response.once('close', end);
	}

	#selected(path: Path, query: URLSearchParams): KubeObject[] {
		return this.#store
			.list(path.resource, path.namespace)
			.filter(object => matchesSelectors(object, query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''));
	}
}

function placeOf({metadata}: KubeObject): string {
	return `/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

type Continue = {readonly rv: number; readonly start: string};

function continueToken(rv: number, start: string): string {
	return Buffer.from(JSON.stringify({v: 'meta.k8s.io/v1', rv, start})).toString('base64url');
}

function readContinue(token: string): Continue | undefined {
	return token === '' ? undefined : (JSON.parse(Buffer.from(token, 'base64url').toString()) as Continue);
}
