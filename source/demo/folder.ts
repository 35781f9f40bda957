/** The directory of the demo's sockets: for this user only; removed with the process, or else by the next demo. */
import {lstatSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

const prefix = 'tetratop-demo-';

/** A younger directory may be that of a demo that is just starting, unless its process is gone. */
const staleMs = 60_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Folder = {readonly path: string; readonly remove: () => void};

/** Makes the directory and registers its removal in one synchronous step, so that no exit can come between. Throws an Error in words. */
export function makeFolder(): Folder {
	for (const parent of parents()) {
		let made: string;
		try {
			// mkdtemp makes its directory with mode 0700.
			made = mkdtempSync(path.join(parent, `${prefix}${process.pid}-`));
		} catch {
			// XDG_RUNTIME_DIR may name a directory of another user (su) or none.
			continue;
		}

		return {path: made, remove: removeAtExit(made)};
	}

	throw new Error(`cannot make a directory for the sockets of the demo in ${tmpdir()}`);
}

/** Removes the directories of demos that were killed: those with no listener on their sockets. */
export async function removeStale(): Promise<void> {
	for (const parent of parents()) {
		for (const name of entries(parent).filter(entry => entry.startsWith(prefix))) {
			const folder = path.join(parent, name);
			if (isOurs(folder) && !(await isServed(folder))) {
				rmSync(folder, {recursive: true, force: true});
			}
		}
	}
}

function parents(): readonly string[] {
	const {XDG_RUNTIME_DIR: runtime} = process.env;
	return runtime ? [runtime, tmpdir()] : [tmpdir()];
}

function entries(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function isOurs(folder: string): boolean {
	try {
		const stats = lstatSync(folder);
		const isOld = Date.now() - stats.mtimeMs > staleMs;
		return stats.isDirectory() && stats.uid === process.getuid?.() && (isOld || isDead(folder));
	} catch {
		return false;
	}
}

/** The name of the directory begins with the id of its process. */
function isDead(folder: string): boolean {
	const [, pid] = /^(\d+)-/.exec(path.basename(folder).slice(prefix.length)) ?? [];
	if (pid === undefined) {
		return false;
	}

	try {
		process.kill(Number(pid), 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}

async function isServed(folder: string): Promise<boolean> {
	for (const name of entries(folder)) {
		if (await answers(path.join(folder, name))) {
			return true;
		}
	}

	return false;
}

function answers(socket: string): Promise<boolean> {
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const probe = connect(socket);
	probe.once('connect', () => {
		probe.destroy();
		resolve(true);
	});
	probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
	return promise;
}

function removeAtExit(folder: string): () => void {
	function onSignal(signal: NodeJS.Signals): void {
		remove();
		// With no other listener the signal acts as usual; a screen has one, which restores the terminal and exits.
		if (process.listenerCount(signal) === 0) {
			process.kill(process.pid, signal);
		}
	}

	function remove(): void {
		process.off('exit', remove);
		for (const signal of signals) {
			process.off(signal, onSignal);
		}

		rmSync(folder, {recursive: true, force: true});
	}

	process.once('exit', remove);
	for (const signal of signals) {
		process.on(signal, onSignal);
	}

	return remove;
}
