/**
gRPC's library connects to addresses only. So: a unix socket in a directory that only we can enter (0700), for as long as
one connection takes to come in; then socket and directory are gone, and the connection is all there is. Never TCP:
an agent asks nobody for a password, and every user of a bastion can reach its loopback.
*/
import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Duplex} from 'node:stream';

export type Bridge = {
	/** Path of the socket, good for one connection. */
	readonly path: string;
	/** Ends the stream and whatever is connected. */
	readonly close: () => void;
};

/** Linux keeps 108 bytes for the path of a unix socket, one of them for the final NUL. */
const longestPath = 107;
const prefix = 'tetratop-';
const socketName = 's';
const live = new Set<string>();

/** Resolves when the socket can be connected to. `stream` is closed with the bridge. */
export async function openBridge(stream: Duplex): Promise<Bridge> {
	sweepOnce();
	const directory = mkdtempSync(path.join(privateRoot(), `${prefix}${process.pid}-`));
	live.add(directory);
	const socketPath = path.join(directory, socketName);
	let connected: Socket | undefined;
	const server: Server = createServer({pauseOnConnect: false}, socket => {
		connected = socket;
		forget();
		// Plain pipes and not pipeline(): five listeners less a stream, for 500 of them. Ends of one side end the other;
		// an error is told by its close, and the reason stays with the tunnel.
		socket.on('error', () => undefined);
		stream.pipe(socket);
		socket.pipe(stream);
		socket.once('close', () => stream.destroy());
	});
	server.maxConnections = 1;

	function forget() {
		// Closing a listening unix socket removes its file.
		server.close();
		remove(directory);
	}

	function close() {
		forget();
		connected?.destroy();
		stream.destroy();
	}

	stream.on('error', () => undefined);
	stream.once('close', () => {
		forget();
		connected?.end();
	});
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	server.once('error', reject);
	server.listen(socketPath, resolve);
	try {
		await promise;
	} catch (error) {
		close();
		throw error;
	}

	if (stream.destroyed) {
		forget();
	}

	return {path: socketPath, close};
}

/** For a program that ends without closing: process.on('exit'). */
export function removeBridges() {
	for (const directory of live) {
		remove(directory);
	}
}

process.once('exit', removeBridges);

function remove(directory: string) {
	if (live.delete(directory)) {
		rmSync(directory, {recursive: true, force: true});
	}
}

function privateRoot(): string {
	const room = `/${prefix}${process.pid}-XXXXXX/${socketName}`.length;
	const candidates = [runtimeDirectory(), tmpdir(), '/tmp'];
	return candidates.find(root => root !== '' && root.length + room <= longestPath && isDirectory(root)) ?? '/tmp';
}

/** Where the system keeps a directory for each user that only that user can enter. */
function runtimeDirectory(): string {
	const {XDG_RUNTIME_DIR: directory}: {readonly XDG_RUNTIME_DIR?: string} = process.env;
	return directory ?? '';
}

function isDirectory(file: string): boolean {
	try {
		return statSync(file).isDirectory();
	} catch {
		return false;
	}
}

let swept = false;

/** A kill -9 in the few milliseconds before a connection came in leaves a directory: the next start removes it. */
function sweepOnce() {
	if (swept) {
		return;
	}

	swept = true;
	sweepBridges(privateRoot());
}

/** Removes directories of ours whose process is no more. */
export function sweepBridges(root: string) {
	let names: readonly string[] = [];
	try {
		names = readdirSync(root);
	} catch {
		return;
	}

	for (const name of names) {
		const [, pid] = new RegExp(`^${prefix}(\\d+)-\\w{6}$`).exec(name) ?? [];
		if (pid === undefined || isRunning(Number(pid))) {
			continue;
		}

		const directory = path.join(root, name);
		try {
			if (statSync(directory).uid === process.getuid?.()) {
				rmSync(directory, {recursive: true, force: true});
			}
		} catch {
			// Gone already, or not ours.
		}
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
