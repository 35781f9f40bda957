/** Grafana Loki as a source of history. */
import {Refusal} from '../../problem.js';
import {pause} from '../../runtime/pause.js';
import {
	type HistoryStore,
	type NsSpan,
	nsPerMs,
	type Page,
	type PageRequest,
	shownNs,
	type Tie,
	type Wanted,
} from '../store-record.js';
import {quarterWindows} from '../windows.js';
import {type Answer, entriesOf} from './answer.js';
import {LokiHttp, Silent} from './http.js';
import {type Limits, limitsOf} from './limits.js';
import {PageSize} from './page-size.js';
import {isNoWholeEvent, lineFilter} from './push-down.js';
import {dividing, findSelector, narrowed} from './selector.js';
import {isInClear, type LokiSettings} from './settings.js';
import {Answered, isPassing, refusalFor} from './words.js';

export type LokiOptions = {
	/** Where labels are looked for. */
	readonly span: NsSpan;
	readonly signal: AbortSignal;
	/** Milliseconds: the wait for the first byte of a page that may be too large, and of the smallest one. */
	readonly firstByteMs?: number;
	readonly longestMs?: number;
	/** Of the first wait before another try; it doubles up to 30 s. */
	readonly backoffMs?: number;
	/** Says that it waits, and why. */
	readonly waits?: (why: string) => void;
};

const longestBackoffMs = 30_000;
/** A page of so few entries that Loki is slow rather than silent. */
const fewEntries = 25;

export class Loki {
	readonly #settings: LokiSettings;
	readonly #options: Required<LokiOptions>;
	readonly #http: LokiHttp;
	readonly #size = new PageSize();
	#query: string | undefined;
	#limits: Limits | undefined;

	constructor(settings: LokiSettings, options: LokiOptions) {
		this.#settings = settings;
		this.#options = {firstByteMs: 8000, longestMs: 70_000, backoffMs: 1000, waits: () => {}, ...options};
		this.#query = settings.query;
		this.#http = new LokiHttp(settings);
	}

	/** Undefined before it was found. */
	get query(): string | undefined {
		return this.#query;
	}

	get limits(): Limits | undefined {
		return this.#limits;
	}

	get requests(): number {
		return this.#http.requests;
	}

	get name(): string {
		return `Loki at ${this.#settings.base.host}${this.#settings.base.pathname.replace(/\/$/, '')}`;
	}

	record(): HistoryStore {
		return {
			name: this.name,
			open: () => this.open(),
			windows: quarterWindows,
			page: request => this.page(request),
			tie: (ns, filter) => this.tie(ns, filter),
			follow: {everyMs: 1000, idleMs: 5000, overlapNs: 10_000n * nsPerMs, aheadNs: 600_000n * nsPerMs},
			pushDown: (wanted: Wanted) => lineFilter(wanted),
			isUnsafe: isNoWholeEvent,
			words: {nothing: span => this.#nothing(span), notes: () => this.#notes()},
			close: () => this.#http.close(),
		};
	}

	async open(): Promise<void> {
		this.#query ??= await findSelector(label => this.values(label), this.name, this.#settings.tenant);
		// Older servers have no such page, and proxies hide it.
		this.#limits = await this.#http
			.get('drilldown-limits', {}, this.#options.firstByteMs, this.#settings.tenant ?? 'fake')
			.then(limitsOf, () => undefined);
		this.#size.allow(this.#limits?.entries ?? Number.POSITIVE_INFINITY);
	}

	/** Version of the server, and undefined where the way to it hides that. */
	async version(): Promise<string | undefined> {
		try {
			const text = await this.#http.get('status/buildinfo', {}, this.#options.firstByteMs);
			const {version} = JSON.parse(text) as {version?: unknown};
			return typeof version === 'string' ? version : undefined;
		} catch (error) {
			if (error instanceof Answered && error.status !== 404) {
				throw refusalFor(error, this.#place);
			}

			return error instanceof Answered || error instanceof SyntaxError ? undefined : this.#throw(error);
		}
	}

	/** Of a label, in the span. Throws a Refusal. */
	async values(label: string, query?: string): Promise<readonly string[]> {
		const {from, to} = this.#options.span;
		const parameters = {start: String(from), end: String(to), ...(query === undefined ? {} : {query})};
		const text = await this.#tried(() =>
			this.#http.get(`label/${label}/values`, parameters, this.#options.firstByteMs),
		);
		try {
			// Without values there is no `data`.
			const {data = []} = JSON.parse(text) as {data?: unknown};
			return Array.isArray(data) ? data.filter(value => typeof value === 'string') : [];
		} catch {
			throw new Refusal(this.name, 'its answer is not JSON: it may be no Loki', 'check the address', false);
		}
	}

	/** Lines of a span; undefined: it does not say. */
	async count({from, to}: NsSpan): Promise<number | undefined> {
		const seconds = Math.max(1, Number((to - from) / 1_000_000_000n));
		const parameters = {query: `sum(count_over_time(${this.#query ?? ''}[${seconds}s]))`, time: String(to)};
		try {
			const text = await this.#http.get('query', parameters, this.#options.longestMs);
			const {data} = JSON.parse(text) as {data?: {result?: ReadonlyArray<{value?: readonly [unknown, unknown]}>}};
			return Number(data?.result?.[0]?.value?.[1] ?? 0);
		} catch {
			return undefined;
		}
	}

	async page({span, isBackward, filter = ''}: PageRequest): Promise<Page> {
		const {entries, limit} = await this.#ask(`${this.#query ?? ''}${filter}`, span, isBackward, () => this.#size.limit);
		return {entries, isCut: entries.length >= limit};
	}

	async tie(ns: bigint, filter = ''): Promise<Tie> {
		const query = `${this.#query ?? ''}${filter}`;
		const span = {from: ns, to: ns + 1n};
		const {entries, limit} = await this.#ask(query, span, false, () => this.#size.largest);
		if (entries.length < limit) {
			return {entries, isMissingSome: false};
		}

		for (const label of dividing) {
			const values = await this.values(label, this.#query);
			if (values.length > 1) {
				return this.#divided(query, label, values, span);
			}
		}

		return {entries, isMissingSome: true};
	}

	async #divided(query: string, label: string, values: readonly string[], span: NsSpan): Promise<Tie> {
		const all: Page['entries'][number][] = [];
		let isMissingSome = false;
		// Streams without the label match the empty value.
		for (const value of [...values, '']) {
			const {entries, limit} = await this.#ask(narrowed(query, label, value), span, false, () => this.#size.largest);
			all.push(...entries);
			isMissingSome ||= entries.length >= limit;
		}

		return {entries: all, isMissingSome};
	}

	async #ask(
		query: string,
		{from, to}: NsSpan,
		isBackward: boolean,
		limitOf: () => number,
	): Promise<Answer & {readonly limit: number}> {
		let cap = Number.POSITIVE_INFINITY;
		for (;;) {
			const limit = Math.min(limitOf(), cap);
			try {
				const answer = await this.#tried(() => this.#pageOf(query, from, to, limit, isBackward), limit > fewEntries);
				this.#size.saw(answer.longest);
				return {...answer, limit};
			} catch (error) {
				const allowed = entriesLimit(error);
				if (allowed !== undefined && allowed < limit) {
					this.#size.allow(allowed);
				} else if (isTooMuch(error) && limit > 1) {
					this.#size.halve(limit);
					cap = Math.max(1, Math.floor(limit / 2));
				} else {
					throw refusalFor(error, this.#place);
				}
			}
		}
	}

	async #pageOf(query: string, from: bigint, to: bigint, limit: number, isBackward: boolean): Promise<Answer> {
		const text = await this.#http.get(
			'query_range',
			{
				query,
				start: String(from),
				end: String(to),
				limit: String(limit),
				direction: isBackward ? 'backward' : 'forward',
			},
			limit > fewEntries ? this.#options.firstByteMs : this.#options.longestMs,
		);
		return entriesOf(text, isBackward);
	}

	/** `mayBeTooMuch`: where Loki is silent or gives up, the page is made smaller in place of another try. */
	async #tried<Value>(ask: () => Promise<Value>, mayBeTooMuch = false): Promise<Value> {
		let waitMs = this.#options.backoffMs;
		for (let left = this.#settings.retries; ; left--) {
			try {
				return await ask();
			} catch (error) {
				this.#options.signal.throwIfAborted();
				if ((mayBeTooMuch && isTooMuch(error)) || entriesLimit(error) !== undefined) {
					throw error;
				}

				if (!isPassing(error) || left <= 0 || isCertificate(error)) {
					throw refusalFor(error, this.#place);
				}

				await this.#wait(error, waitMs);
				waitMs = Math.min(longestBackoffMs, waitMs * 2);
			}
		}
	}

	async #wait(error: unknown, waitMs: number): Promise<void> {
		const after = error instanceof Answered ? (error.retryAfter ?? 0) * 1000 : 0;
		const ms = Math.min(longestBackoffMs, Math.max(waitMs, after));
		const {what, why} = refusalFor(error, this.#place);
		this.#options.waits(`${what}: ${why}; next try in ${Math.ceil(ms / 1000)} s`);
		await pause(ms, this.#options.signal);
		this.#options.signal.throwIfAborted();
	}

	#throw(error: unknown): never {
		throw refusalFor(error, this.#place);
	}

	get #place(): {readonly name: string; readonly tenant: string | undefined} {
		return {name: this.name, tenant: this.#settings.tenant};
	}

	#nothing({from, to}: NsSpan): string {
		const {tenant} = this.#settings;
		const where = tenant === undefined ? '' : ` in tenant ${tenant}`;
		return `nothing between ${shownNs(from)} and ${shownNs(to)} for ${this.#query ?? 'no selector'}${where}`;
	}

	#notes(): readonly string[] {
		const clear = isInClear(this.#settings)
			? [`the login goes to ${this.#settings.base.host} in clear over http; use loki+https`]
			: [];
		const lookBackMs = this.#limits?.lookBackMs ?? 0;
		const askedMs = Number((this.#options.span.to - this.#options.span.from) / nsPerMs);
		const short =
			lookBackMs > 0 && askedMs > lookBackMs
				? [`${this.name} shows no more than the last ${Math.round(lookBackMs / 60_000)} minutes (max_query_lookback)`]
				: [];
		return [...clear, ...short];
	}
}

/** Loki was silent, or gave up, or the answer was larger than a message of its own may be. */
function isTooMuch(error: unknown): boolean {
	return (
		error instanceof Silent ||
		(error instanceof Answered && (error.status === 500 || error.status === 504)) ||
		(error as NodeJS.ErrnoException)?.code === 'ECONNRESET'
	);
}

/** `limit > max_entries_limit_per_query (300 > 50)`: the second number. */
function entriesLimit(error: unknown): number | undefined {
	const [, limit] =
		(error instanceof Answered && /max_entries_limit_per_query \(\d+ > (\d+)\)/.exec(error.message)) || [];
	return limit === undefined ? undefined : Number(limit);
}

function isCertificate(error: unknown): boolean {
	return error instanceof Refusal || /CERT|TLS|SSL|EPROTO/.test((error as NodeJS.ErrnoException)?.code ?? '');
}
