/** Everything that the answer about one end may rest on. */
import type {Exit, OomKill, Sight, SignalSent} from '../death.js';
import type {PodRecord} from './pod-record.js';
import type {Deleter} from './stops.js';

export type Evidence = {
	readonly exit: Exit;
	/** Signals that policies saw on this node. */
	readonly signals: readonly SignalSent[];
	/** A policy that sees signals is at work on this node. */
	readonly seesSignals: boolean;
	readonly pod: PodRecord | undefined;
	readonly deleter: Deleter;
	/** Ends of the processes of its container, its own too. */
	readonly neighbours: readonly Exit[];
	readonly ooms: readonly OomKill[];
	/** Policies whose counters say that they killed something at that time, and no event says what. */
	readonly unseen: readonly string[];
	readonly sight: Sight;
	/** Whatever the API says of it has come. */
	readonly isSettled: boolean;
};
