import type {Connection, EventsRequest, EventsSink, Subscription} from '../../tetragon/agent/link.js';

/** A Connection that passes every call on to another one. A subclass overrides single calls. */
export class DelegatedConnection implements Connection {
	readonly agent: string;
	readonly via: string;
	/** Present only when the inner connection can do it: callers ask by `connection.metrics === undefined`. */
	readonly configurePolicy?: NonNullable<Connection['configurePolicy']>;
	readonly metrics?: NonNullable<Connection['metrics']>;
	readonly #inner: Connection;

	constructor(inner: Connection) {
		this.#inner = inner;
		this.agent = inner.agent;
		this.via = inner.via;
		const {configurePolicy, metrics} = inner;
		if (configurePolicy !== undefined) {
			this.configurePolicy = change => configurePolicy.call(inner, change);
		}

		if (metrics !== undefined) {
			this.metrics = () => metrics.call(inner);
		}
	}

	/** Asked of the inner connection each time: it may know only later where its version comes from. */
	get isVersionOfImage(): boolean {
		return this.#inner.isVersionOfImage ?? false;
	}

	version(): ReturnType<Connection['version']> {
		return this.#inner.version();
	}

	health(): ReturnType<Connection['health']> {
		return this.#inner.health();
	}

	events(request: EventsRequest, sink: EventsSink): Subscription {
		return this.#inner.events(request, sink);
	}

	policies(): ReturnType<Connection['policies']> {
		return this.#inner.policies();
	}

	dump(): ReturnType<Connection['dump']> {
		return this.#inner.dump();
	}

	missing(): readonly string[] {
		return this.#inner.missing();
	}

	close(): void {
		this.#inner.close();
	}
}
