/**
Looks for gRPC while a last resort carries a node: exec of tetra, or the exported log. An agent that restarts has no socket
for some seconds, and its tetra may answer before: without this search the node would stay on the last resort for good.
*/
import {Turns, type TurnsOptions} from '../../runtime/turns.js';
import type {Connection} from '../../tetragon/agent/link.js';

/** Every try is an exec on the node: it is repeated once a minute at most. */
const patience: TurnsOptions = {firstMs: 4000, maximumMs: 60_000, heldMs: Number.POSITIVE_INFINITY};

export type BetterWayOptions = {
	/** Resolves with undefined when no better way answers. */
	readonly dial: (signal: AbortSignal) => Promise<Connection | undefined>;
	/** Called once: the search is over. */
	readonly found: (connection: Connection) => void;
	/** It ends the search. */
	readonly signal: AbortSignal;
	readonly turns?: TurnsOptions | undefined;
};

/** Resolves when a better way is found, or the signal aborts; never rejects. */
export async function lookForBetterWay({dial, found, signal, turns = {}}: BetterWayOptions): Promise<void> {
	const waits = new Turns(signal, {...patience, ...turns});
	// The first turn begins at once: all better ways have failed a moment ago.
	await waits.next();
	while (await waits.next()) {
		const connection = await dial(signal).catch(() => undefined);
		if (connection === undefined) {
			continue;
		}

		if (signal.aborted) {
			connection.close();
		} else {
			found(connection);
		}

		return;
	}
}
