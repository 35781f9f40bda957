/**
Makes a stream reachable for grpc-js, which connects to addresses only: through a unix socket in a directory that only this
user can enter (0700). Socket and directory are removed as soon as the one connection is made. TCP is never used: agents
require no login, and every user of a bastion host can connect to its loopback address.
*/
import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Duplex} from 'node:stream';

/** Bytes. Linux allows 108 for the path of a unix socket, with the final NUL. */
const longestPath = 107;
const prefix = 'tetratop-';
const socketName = 's';
/** Directories of sockets that no connection was made to yet. */
const live = new Set<string>();

export class Bridge {
	/** Path of the socket, for one connection. */
	readonly path: string;
	readonly #directory: string;
	readonly #stream: Duplex;
	readonly #server: Server;
	#connected: Socket | undefined;

	private constructor(directory: string, stream: Duplex) {
		this.path = path.join(directory, socketName);
		this.#directory = directory;
		this.#stream = stream;
		this.#server = createServer({pauseOnConnect: false}, socket => this.#connect(socket));
		this.#server.maxConnections = 1;
		stream.on('error', () => undefined);
		stream.once('close', () => {
			this.#forget();
			this.#connected?.end();
		});
	}

	/** Resolves when the socket accepts a connection. The stream is destroyed together with the bridge. */
	static async open(stream: Duplex): Promise<Bridge> {
		sweepOnce();
		const directory = mkdtempSync(path.join(privateRoot(), `${prefix}${process.pid}-`));
		live.add(directory);
		const bridge = new Bridge(directory, stream);
		await bridge.#listen();
		return bridge;
	}

	/** Ends the stream and the connection. */
	close(): void {
		this.#forget();
		this.#connected?.destroy();
		this.#stream.destroy();
	}

	async #listen(): Promise<void> {
		const {promise, resolve, reject} = Promise.withResolvers<void>();
		this.#server.once('error', reject);
		this.#server.listen(this.path, resolve);
		try {
			await promise;
		} catch (error) {
			this.close();
			throw error;
		}

		if (this.#stream.destroyed) {
			this.#forget();
		}
	}

	#connect(socket: Socket): void {
		this.#connected = socket;
		this.#forget();
		// pipe() and not pipeline(), which adds five listeners to each of 500 streams. The end of one side ends the other. An
		// error is followed by `close`, and the tunnel keeps the reason.
		socket.on('error', () => undefined);
		this.#stream.pipe(socket);
		socket.pipe(this.#stream);
		socket.once('close', () => this.#stream.destroy());
	}

	#forget(): void {
		// close() of a listening unix socket removes its file.
		this.#server.close();
		remove(this.#directory);
	}
}

/** For a program that ends without closing its bridges. */
function removeBridges(): void {
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

/** The directory that the system makes for each user and that only this user can enter; '': none. */
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

/** SIGKILL in the few milliseconds before a connection is made leaves a directory behind: the next start removes it. */
function sweepOnce() {
	if (swept) {
		return;
	}

	swept = true;
	sweepBridges(privateRoot());
}

/** Removes tetratop's directories whose process has ended. */
export function sweepBridges(root: string): void {
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
			// It was removed in between, or belongs to another user.
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
