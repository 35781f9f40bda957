/** What a session with an agent needs to know, and whom it tells. */
import type {Keep} from '../store/keep.js';
import type {EventsRequest} from '../tetragon/agent/link.js';
import type {EventSink} from './event-sink.js';
import type {Tap} from './event-stream.js';
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
	/** The agent answered, or more about it became known. */
	readonly identified: (identity: AgentIdentity) => void;
};

/**
One connection to an agent, from its start to its end. It subscribes first, so that no event is missed; then it fills the tree
from the cache dump; then it reads policies and losses and checks the agent's health periodically.
*/
