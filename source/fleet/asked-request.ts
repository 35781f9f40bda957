/** What a node's agent is asked for: the user's request, and beside it what tetratop adds, unless the agent rejects that. */
import type {Problem} from '../problem.js';
import type {EventsRequest} from '../tetragon/agent/link.js';

export type Widened = {
	readonly request: (asked: EventsRequest) => EventsRequest;
	/** What is not seen without it. */
	readonly lost: string;
};

type Asked = {
	readonly request: EventsRequest;
	/** The request for a stream that is opened now, if it is narrower than `request`. */
	readonly narrowed?: () => EventsRequest;
	/** What is asked for beside that, for tetratop's own sake; left out where an agent rejects it. */
	readonly widened?: Widened;
};

export class AskedRequest {
	readonly #asked: Asked;
	/** The agent rejected what is asked for beside the user's request. */
	#isPlain = false;

	constructor(asked: Asked) {
		this.#asked = asked;
	}

	now(): EventsRequest {
		const user = this.#ofUser();
		return this.#isPlain ? user : (this.#asked.widened?.request(user) ?? user);
	}

	/** Another agent may take it. */
	renew(): void {
		this.#isPlain = false;
	}

	/**
	The next stream asks for the user's request alone, at once: what tetratop adds must not cost the events. undefined: nothing was
	added, so that the rejection is of the user's own request.
	*/
	fallBack(node: string, text: string): Omit<Problem, 'id'> | undefined {
		const {widened} = this.#asked;
		if (widened === undefined || JSON.stringify(this.now()) === JSON.stringify(this.#ofUser())) {
			return undefined;
		}

		this.#isPlain = true;
		const what = `the agent of ${node} rejects a filter that tetratop adds`;
		return {severity: 'note', what, why: text.split('\n')[0] ?? text, fix: `the events go on; ${widened.lost}`};
	}

	#ofUser(): EventsRequest {
		return this.#asked.narrowed?.() ?? this.#asked.request;
	}
}
