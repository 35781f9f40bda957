/** The decision whether an event is kept. It is made here and nowhere else, once for each event. */
import type {EventsRequest, ServerFilter} from '../tetragon/agent/link.js';
import type {Facts} from '../tetragon/event/facts.js';
import {clientFilter} from '../tetragon/filter/filter-match.js';
import type {Arrival} from './arrival.js';

/** `filtered`: outside of the filter flags or of the target. `own`: of a process that tetratop itself runs on the node. */
type Verdict = 'kept' | 'filtered' | 'own';

export type KeepOptions = {
	/** The filter flags. Older agents ignore some of their fields, so they are applied here once more. */
	readonly request?: EventsRequest;
	/** What the target of the command line means for events, as it is known now: they pass one of the filters; undefined: all pass. */
	readonly scope?: (() => readonly ServerFilter[] | undefined) | undefined;
	/** Recognises tetratop's own processes on a node, and learns their children: it is called for every event of the filter. */
	readonly isOwn?: ((nodeName: string, facts: Facts) => boolean) | undefined;
	/** Of a node id. */
	readonly nodeName?: (node: number) => string;
};

export class Keep {
	/** Keeps the events of tetratop's own processes, too. */
	isOwnShown = false;
	readonly #options: KeepOptions;
	readonly #isWanted: ((facts: Facts) => boolean) | undefined;
	#scope: readonly ServerFilter[] | undefined;
	#isInScope: ((facts: Facts) => boolean) | undefined;

	/** Throws for a filter that cannot be built; buildRequest() refuses such a filter before. */
	constructor(options: KeepOptions = {}) {
		this.#options = options;
		this.#isWanted = options.request && clientFilter(options.request);
	}

	/** Reads the facts only where there is a filter: without one, an event is not scanned here. */
	judge(node: number, arrival: Arrival): Verdict {
		if (this.#isWanted?.(arrival.facts) === false) {
			return 'filtered';
		}

		const {isOwn, nodeName} = this.#options;
		if (isOwn?.(nodeName?.(node) ?? '', arrival.facts) === true && !this.isOwnShown) {
			return 'own';
		}

		return this.#scopeTest()?.(arrival.facts) === false ? 'filtered' : 'kept';
	}

	/** The target may turn out to be another kind of thing than its name suggested. */
	#scopeTest(): ((facts: Facts) => boolean) | undefined {
		const scope = this.#options.scope?.();
		if (scope !== this.#scope) {
			this.#scope = scope;
			this.#isInScope = scope && clientFilter({allow_list: scope});
		}

		return this.#isInScope;
	}
}
