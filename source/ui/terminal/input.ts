/**
Where keys come from: stdin when it is a terminal, else /dev/tty, since stdin may be the data (`tetra getevents -o json |
tetratop replay -`).
*/
import {openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {createDecoder, type KeyEvent} from './decoder.js';

export type KeySource = {
	/** Raw mode on, and keys come. */
	readonly start: () => void;
	/** Raw mode off; nothing is read, so that a suspended tetratop takes no key from the shell. */
	readonly stop: () => void;
	/** Stops, and closes what was opened. */
	readonly release: () => void;
};

type InputOptions = {
	readonly onKeys: (events: readonly KeyEvent[]) => void;
	/** The terminal was closed. */
	readonly onEnd?: () => void;
	/** Milliseconds after which an ESC is the Esc key. */
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

/** For the message line where `openKeys` gives nothing. */
export const noKeys = {
	what: 'no keys: stdin is not a terminal and /dev/tty cannot be opened',
	fix: 'start tetratop from a terminal (ssh -t, docker run -it, kubectl exec -it), or use -o compact; SIGTERM ends it',
} as const;

/** undefined: there is no terminal to take keys from; signals still end the program. */
export function openKeys({onKeys, onEnd, escapeDelayMs = 50}: InputOptions): KeySource | undefined {
	const stream = openTerminal();
	return stream && keysFrom(stream, {onKeys, onEnd, escapeDelayMs});
}

function keysFrom(
	stream: ReadStream,
	{onKeys, onEnd, escapeDelayMs}: Required<Omit<InputOptions, 'onEnd'>> & InputOptions,
): KeySource {
	const decoder = createDecoder();
	let timer: NodeJS.Timeout | undefined;

	function give(events: readonly KeyEvent[]): void {
		if (events.length > 0) {
			onKeys(events);
		}
	}

	function onData(chunk: Buffer | string): void {
		clearTimeout(timer);
		give(decoder.push(chunk));
		if (decoder.pending) {
			timer = setTimeout(() => give(decoder.flush()), escapeDelayMs);
		}
	}

	function raw(isOn: boolean): void {
		try {
			stream.setRawMode(isOn);
		} catch {
			// EIO: the terminal is gone, and with it its modes.
		}
	}

	stream.on('end', () => onEnd?.());
	stream.on('error', () => onEnd?.());

	function stop(): void {
		clearTimeout(timer);
		stream.off('data', onData);
		stream.pause();
		raw(false);
	}

	return {
		start() {
			raw(true);
			stream.off('data', onData);
			stream.on('data', onData);
			stream.ref();
			stream.resume();
		},
		stop,
		release() {
			stop();
			if (stream === process.stdin) {
				stream.unref();
			} else {
				stream.destroy();
			}
		},
	};
}
