/**
Keys come from stdin when it is a terminal, else from /dev/tty, since stdin may be the data (`tetra getevents -o json |
tetratop replay -`).
*/
import {openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {Decoder, type KeyEvent} from './decoder.js';

type InputOptions = {
	readonly onKeys: (events: readonly KeyEvent[]) => void;
	/** The terminal was closed. */
	readonly onEnd?: () => void;
	/** Milliseconds after which an ESC is the Esc key. Default 50. */
	readonly escapeDelayMs?: number;
};

function openTerminal(): ReadStream | undefined {
	if (process.stdin.isTTY) {
		return process.stdin;
	}
	try {
		return new ReadStream(openSync('/dev/tty', 'r'));
	} catch {
		return undefined;
	}
}

const defaultEscapeDelayMs = 50;

/** Period of the ticks of the event loop; a longer gap means that nothing was read meanwhile. */
const turnMs = 100;
/** Bytes that came with this much time between them are two keys. */
const apartMs = 400;

/** undefined: there is no terminal to take keys from; signals still end the program. */
export function openKeys(options: InputOptions): KeySource | undefined {
	const stream = openTerminal();
	return stream && new KeySource(stream, options);
}

/** The keys of a terminal, in raw mode. */
export class KeySource {
	readonly #stream: ReadStream;
	readonly #options: InputOptions;
	readonly #decoder = new Decoder();
	#timer: NodeJS.Timeout | undefined;
	#ticker: NodeJS.Timeout | undefined;
	#turnedAt = 0;
	/** When the last long gap ended. */
	#lateAt = Number.NEGATIVE_INFINITY;

	constructor(stream: ReadStream, options: InputOptions) {
		this.#stream = stream;
		this.#options = options;
		stream.on('end', () => options.onEnd?.());
		stream.on('error', () => options.onEnd?.());
	}

	/** Raw mode on, and keys come. */
	start(): void {
		this.#setRaw(true);
		this.#stream.off('data', this.#onData);
		this.#stream.on('data', this.#onData);
		this.#turnedAt = performance.now();
		clearInterval(this.#ticker);
		this.#ticker = setInterval(() => this.#turn(), turnMs).unref();
		this.#stream.ref();
		this.#stream.resume();
	}

	/** Raw mode off; nothing is read, so that a suspended tetratop takes no key from the shell. */
	stop(): void {
		clearTimeout(this.#timer);
		clearInterval(this.#ticker);
		this.#stream.off('data', this.#onData);
		this.#stream.pause();
		this.#setRaw(false);
	}

	/** Stops, and closes what was opened. */
	release(): void {
		this.stop();
		if (this.#stream === process.stdin) {
			this.#stream.unref();
		} else {
			this.#stream.destroy();
		}
	}

	readonly #onData = (chunk: Buffer | string): void => {
		clearTimeout(this.#timer);
		this.#turn();
		this.#give(this.#decoder.push(chunk, this.#turnedAt - this.#lateAt < turnMs / 2));
		if (this.#decoder.pending) {
			this.#timer = setTimeout(
				() => this.#give(this.#decoder.flush()),
				this.#options.escapeDelayMs ?? defaultEscapeDelayMs,
			);
		}
	};

	#turn(): void {
		const now = performance.now();
		if (now - this.#turnedAt > apartMs) {
			this.#lateAt = now;
		}

		this.#turnedAt = now;
	}

	#give(events: readonly KeyEvent[]): void {
		if (events.length > 0) {
			this.#options.onKeys(events);
		}
	}

	#setRaw(isOn: boolean): void {
		try {
			this.#stream.setRawMode(isOn);
		} catch {
			// EIO: the terminal is gone, and with it its modes.
		}
	}
}
