/** A Loki in memory: what it answers, in which order, and where it is silent, as a real one does. */
import http from 'node:http';
import type {AddressInfo} from 'node:net';

export type Stored = {
	readonly ns: bigint;
	readonly line: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly metadata?: Readonly<Record<string, string>>;
};

type Answer = {
	readonly status: number;
	readonly body: string;
	readonly type?: string;
	readonly headers?: http.OutgoingHttpHeaders;
};
export type Asked = {
	readonly path: string;
	readonly parameters: URLSearchParams;
	readonly headers: http.IncomingHttpHeaders;
};

export class LokiServer {
	entries: Stored[] = [];
	/** Bytes of an answer above which it says nothing and hangs up. */
	mostBytes = 4 * 1024 * 1024;
	hangUpMs = 300;
	mostEntries = 5000;
	/** Answers in place of its own, for as long as it returns one. */
	instead: (asked: Asked) => Answer | undefined = () => undefined;
	readonly asked: Asked[] = [];
	readonly #server = http.createServer((request, response) => void this.#serve(request, response));

	async listen(): Promise<string> {
		await new Promise<void>(resolve => {
			this.#server.listen(0, '127.0.0.1', resolve);
		});
		return `loki+http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
		const url = new URL(request.url ?? '', 'http://loki');
		let form = '';
		for await (const chunk of request) {
			form += String(chunk);
		}

		const asked = {
			path: url.pathname,
			parameters: form === '' ? url.searchParams : new URLSearchParams(form),
			headers: request.headers,
		};
		this.asked.push(asked);
		const answer = this.instead(asked) ?? this.#answer(asked);
		if (answer.body.length > this.mostBytes) {
			setTimeout(() => response.destroy(), this.hangUpMs);
			return;
		}

		response.writeHead(answer.status, {'Content-Type': answer.type ?? 'application/json', ...answer.headers});
		response.end(answer.body);
	}

	#answer({path, parameters}: Asked): Answer {
		const [, label] = /\/loki\/api\/v1\/label\/(.*)\/values$/.exec(path) ?? [];
		if (label !== undefined) {
			const values = [...new Set(this.entries.map(({labels}) => labels[label]).filter(Boolean))];
			return {status: 200, body: JSON.stringify({status: 'success', ...(values.length > 0 ? {data: values} : {})})};
		}

		if (path.endsWith('/status/buildinfo')) {
			return {status: 200, body: '{"version":"3.7.6"}'};
		}

		return path.endsWith('/query_range')
			? this.#range(parameters)
			: {status: 404, body: '404 page not found\n', type: 'text/plain'};
	}

	#range(parameters: URLSearchParams): Answer {
		const limit = Number(parameters.get('limit'));
		if (limit > this.mostEntries) {
			const body = `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${this.mostEntries})`;
			return {status: 400, body, type: 'text/plain'};
		}

		const [from, to] = [BigInt(parameters.get('start') ?? 0), BigInt(parameters.get('end') ?? 0)];
		const isBackward = parameters.get('direction') === 'backward';
		const passes = logql(parameters.get('query') ?? '');
		const found = this.entries
			.filter(({ns, labels, line}) => ns >= from && ns < to && passes(labels, line))
			.map((entry, order) => ({entry, order}))
			.toSorted(({entry: one, order}, {entry: other, order: otherOrder}) =>
				one.ns === other.ns ? order - otherOrder : one.ns < other.ns ? -1 : 1,
			)
			.map(({entry}) => entry);
		const page = isBackward ? found.toReversed().slice(0, limit) : found.slice(0, limit);
		const streams = new Map<string, {stream: unknown; values: unknown[]}>();
		for (const {ns, line, labels, metadata} of page) {
			const key = JSON.stringify(labels);
			const stream = streams.get(key) ?? {stream: labels, values: []};
			stream.values.push([String(ns), line, metadata === undefined ? {} : {structuredMetadata: metadata}]);
			streams.set(key, stream);
		}

		// A list of streams is in no order of time.
		const result = [...streams.values()].toReversed();
		return {status: 200, body: JSON.stringify({status: 'success', data: {resultType: 'streams', result, stats: {}}})};
	}
}

/** The selector by equality, and `|~` filters. */
function logql(query: string): (labels: Readonly<Record<string, string>>, line: string) => boolean {
	const end = query.indexOf('}');
	const matchers = [...query.slice(0, end).matchAll(/(\w+)="([^"]*)"/g)];
	const filters = [...query.slice(end).matchAll(/\|~ ("(?:[^"\\]|\\.)*")/g)].map(
		([, text = '""']) => new RegExp(JSON.parse(text) as string),
	);
	return (labels, line) =>
		matchers.every(([, name = '', value = '']) => (labels[name] ?? '') === value) &&
		filters.every(filter => filter.test(line));
}
