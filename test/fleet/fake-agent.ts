/** A Connection without a network: the test answers its calls and sends its events. For tests with a fake clock. */
import assert from 'node:assert/strict';
import type {TestContext} from 'node:test';
import {Fleet, type FleetOptions} from '../../source/fleet/fleet.js';
import type {FeedMarker} from '../../source/store/snapshot.js';
import {Store} from '../../source/store/store.js';
import type {Connection, EventsSink, Link} from '../../source/tetragon/agent/link.js';

export class FakeAgent implements Connection {
	readonly agent = 'tetragon-a';
	readonly via = 'exec';
	/** Names of all calls, in order. */
	readonly calls: string[] = [];
	/** Set to make a call fail with this text. */
	readonly failures: Partial<Record<'open' | 'health' | 'dump' | 'metrics', string>> = {};
	/** Where the newest subscription sends its events. */
	sink: EventsSink | undefined;

	readonly link: Link = {
		node: 'n',
		open: async () => {
			this.#call('open');
			return this;
		},
	};

	count(name: string): number {
		return this.calls.filter(call => call === name).length;
	}

	async version(): Promise<string> {
		return 'v1.7.0';
	}

	async health(): Promise<void> {
		this.#call('health');
	}

	events(_request: unknown, sink: EventsSink): {readonly cancel: () => void} {
		this.#call('events');
		this.sink = sink;
		return {cancel: () => undefined};
	}

	async policies(): Promise<[]> {
		this.#call('policies');
		return [];
	}

	async dump(): Promise<[]> {
		this.#call('dump');
		return [];
	}

	async metrics(): Promise<string> {
		this.#call('metrics');
		return 'tetragon_notify_overflowed_events_total 0\n';
	}

	missing(): readonly string[] {
		return [];
	}

	close(): void {
		this.calls.push('close');
	}

	#call(name: string): void {
		this.calls.push(name);
		const failure = (this.failures as Readonly<Record<string, string | undefined>>)[name];
		if (failure !== undefined) {
			throw new Error(failure);
		}
	}
}

/** Lets everything run that waits for no timer. */
export async function turn(): Promise<void> {
	for (let index = 0; index < 5; index++) {
		await new Promise<void>(resolve => {
			setImmediate(resolve);
		});
	}
}

/** The real fleet and store over a fake agent; `pass` moves the fake clock, at most a second at a time. */
export async function startFake(t: TestContext, options: Partial<FleetOptions> = {}, agent = new FakeAgent()) {
	t.mock.timers.enable({apis: ['setTimeout', 'setInterval', 'Date', 'AbortSignal.timeout' as never], now: 1_000_000});
	const store = new Store();
	const markers: FeedMarker[] = [];
	const rule = store.rule.bind(store);
	store.rule = (node, marker, nowMs) => {
		markers.push(marker);
		return rule(node, marker, nowMs);
	};

	const fleet = new Fleet({store, request: {}, backoff: {random: () => 1}, clock: Date.now, ...options});
	t.after(() => fleet.close());
	fleet.add(agent.link);
	await turn();

	async function pass(ms: number) {
		for (let left = ms; left > 0; left -= 1000) {
			t.mock.timers.tick(Math.min(1000, left));
			await turn();
		}
	}

	function node() {
		return store.nodes(Date.now())[0] ?? assert.fail('no node');
	}

	return {agent, store, fleet, markers, pass, node};
}
