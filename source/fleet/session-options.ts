/** What a session with an agent needs to know, and whom it tells. */
import type {Keep} from '../store/keep.js';
import type {EventsRequest} from '../tetragon/agent/link.js';
import type {EventSink} from './event-sink.js';
import type {Tap} from './event-stream.js';
import type {Heal} from './past/past-joiner.js';
import type {AgentIdentity} from './restart.js';
import type {Timers} from './timers.js';

export type AgentSessionOptions = {
	readonly store: EventSink;
	readonly request: EventsRequest;
	readonly tap: (() => Tap | undefined) | undefined;
	readonly keep: Keep;
	readonly timers: Timers;
	readonly now: () => number;
	/** Events that the agent lost in earlier connections of this node. */
	readonly lostBefore: number;
	readonly problemId: string;
	readonly nodeName: string;
	/** Takes an event that is kept, in place of the store. */
	readonly take: EventSink['take'] | undefined;
	/** This process stood still, or the agent lost events: what is missing is asked for. Resolves with what was brought back. */
	readonly missed: (heal: Heal) => Promise<number | undefined>;
	/** The agent answered, or more about it became known. */
	readonly identified: (identity: AgentIdentity) => void;
};

/**
One connection to an agent, from its start to its end. It subscribes first, so that no event is missed; then it fills the tree
from the cache dump; then it reads policies and losses and checks the agent's health periodically.
*/
