/**
The demo: an agent for each of three nodes, in this process, each a real gRPC server on a unix socket in a directory that
only this user may enter. `tetra --server-address unix://…/worker-1.sock` works with it as tetratop does.
*/
import {rmSync} from 'node:fs';
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Link} from '../fleet/link.js';
import {agentLink} from '../tetragon/client.js';
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
	// XDG_RUNTIME_DIR is private to the user and in memory; mkdtemp makes its directory with mode 0700 in either place.
	const folder = await makeFolder();
	const epoch = {seconds: Math.floor(Date.now() / 1000)};
	const factor = Math.min(maximumSpeed, Math.max(1 / maximumSpeed, speed));
	// Frames move from loop to loop by whole seconds.
	const agents = nodes.map(script => new NodeAgent(script, epoch, Math.ceil(loopSeconds / factor)));
	let closed = false;
	const stopCleaning = removeAtExit(folder);
	const close = async (): Promise<void> => {
		closed = true;
		await Promise.all(agents.map(async agent => agent.close()));
		stopCleaning();
	};

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

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The directory goes when the process does, by whatever way. Returns what removes it now. */
function removeAtExit(folder: string): () => void {
	const remove = (): void => rmSync(folder, {recursive: true, force: true});
	const onSignal = (signal: NodeJS.Signals): void => {
		stop();
		// Where nobody else listens the signal does what it always does; with a screen to give back, its owner exits.
		if (process.listenerCount(signal) === 0) {
			process.kill(process.pid, signal);
		}
	};

	const stop = (): void => {
		process.off('exit', remove);
		for (const signal of signals) {
			process.off(signal, onSignal);
		}

		remove();
	};

	process.once('exit', remove);
	for (const signal of signals) {
		process.on(signal, onSignal);
	}

	return stop;
}

async function makeFolder(): Promise<string> {
	const {XDG_RUNTIME_DIR: runtime} = process.env;
	for (const parent of runtime ? [runtime, tmpdir()] : [tmpdir()]) {
		try {
			return await mkdtemp(path.join(parent, 'tetratop-demo-'));
		} catch {
			// XDG_RUNTIME_DIR may name a directory of another user (su) or none.
		}
	}

	throw new Error(`cannot make a directory for the sockets of the demo in ${tmpdir()}`);
}
