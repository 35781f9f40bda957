/**
The demo: an agent for each of three nodes, in this process, each a real gRPC server on a unix socket in a directory that
only this user may enter. `tetra --server-address unix://…/worker-1.sock` works with it as tetratop does.
*/

import {agentLink} from '../tetragon/agent/client.js';
import type {Link} from '../tetragon/agent/link.js';
import {makeFolder, removeStale} from './folder.js';
import {NodeAgent} from './node-agent.js';
import {loopSeconds, nodes, type Slice, slices} from './script.js';
import {type Epoch, stageSlice} from './track.js';

export type Demo = {
	/** One per node: hand them to a fleet. */
	readonly links: readonly Link[];
	/** Where the sockets are. */
	readonly folder: string;
	readonly close: () => Promise<void>;
};

/** The first slice must be ready at once; the others are staged while it plays, the far ones without haste. */
const hasteMs = 400;

/** Faster than this the loop would be a blur. */
const maximumSpeed = 32;

/** Rejects with an error in words when the sockets cannot be made or the recordings are missing. */
export async function startDemo({speed = 1}: {readonly speed?: number} = {}): Promise<Demo> {
	const {path: folder, remove} = makeFolder();
	const epoch = {seconds: Math.floor(Date.now() / 1000)};
	const factor = Math.min(maximumSpeed, Math.max(1 / maximumSpeed, speed));
	// Frames move from loop to loop by whole seconds.
	const agents = nodes.map(script => new NodeAgent(script, epoch, Math.ceil(loopSeconds / factor)));
	let closed = false;

	async function close(): Promise<void> {
		closed = true;
		await Promise.all(agents.map(async agent => agent.close()));
		remove();
	}

	const [first, ...later] = slices.map(slice => ({...slice, at: slice.at / factor, speed: slice.speed * factor}));
	try {
		if (first) {
			await stage(agents, first, epoch);
		}

		await Promise.all(agents.map(async agent => agent.listen(folder)));
	} catch (error) {
		await close();
		throw error;
	}

	// One clock for all: the first that is listened to starts the play everywhere.
	for (const agent of agents) {
		agent.onFirstSubscriber = () => {
			for (const other of agents) {
				other.play();
			}
		};
	}

	void stageLater(agents, later, epoch, () => closed);
	return {folder, close, links: agents.map(agent => agentLink(agent.reach(folder)))};
}

async function stage(agents: readonly NodeAgent[], slice: Slice, epoch: Epoch, idleMs = 0): Promise<void> {
	const tracks = await stageSlice(slice, epoch, idleMs);
	for (const agent of agents) {
		agent.add(tracks.get(agent.node) ?? []);
	}
}

async function stageLater(
	agents: readonly NodeAgent[],
	later: readonly Slice[],
	epoch: Epoch,
	isClosed: () => boolean,
): Promise<void> {
	await removeStale().catch(() => undefined);
	for (const [index, slice] of later.entries()) {
		// The screen's first frames have the processor first.
		await new Promise(resolve => setTimeout(resolve, hasteMs).unref());
		if (isClosed()) {
			return;
		}

		try {
			await stage(agents, slice, epoch, index === 0 ? 2 : 40);
		} catch {
			// A recording that is not there plays nothing; the others go on.
		}
	}
}
