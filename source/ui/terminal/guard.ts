/**
The guard gives the terminal back when the program cannot: after SIGKILL, a crash of the runtime, the OOM killer. It is a
shell of its own session that waits at the end of a pipe and costs nothing meanwhile. While the program has the terminal there
is a guard, else there is none. Without /bin/sh, or when the guard is killed too, the user needs `reset`.
*/
import type {ChildProcess, SpawnOptions} from 'node:child_process';

type Terminal = {
	/** Takes the sequences. */
	readonly outputFd: number;
	/** Its modes are saved and set again. undefined: no keys are read, so no mode changes. */
	readonly keysFd: number | undefined;
	/** Ends the modes of the screen. */
	readonly leave: string;
};

/**
Standard input is the pipe, standard error the terminal. A line says that the modes of the screen come; the end of the pipe
says that the program is gone. Another program that has set modes since then, a shell with its prompt, keeps them.
*/
const script = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU USR1 USR2 PIPE ALRM
saved=$(stty -g <&3 2>/dev/null)
echo saved
read -r taken || exit
held=$(stty -g <&3 2>/dev/null)
while read -r again; do :; done
printf "$1" >&2 || { sleep 1; printf "$1" >&2; }
[ -z "$saved" ] || [ "$(stty -g <&3 2>/dev/null)" != "$held" ] || stty "$saved" <&3
`;

/** Longest wait for a shell, in milliseconds. A machine under load may need long to start one. */
const startMs = 1000;

/** The text as a format of printf. */
function asFormat(text: string): string {
	return text.replaceAll(
		// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is written
		/[\\%\u0000-\u001F]/g,
		character => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
	);
}

/** The guard of one span of time in which the program has the terminal. */
export class Guard {
	readonly #child: ChildProcess | undefined;
	/** Resolves when the modes of the terminal are saved, so that they may be changed now, or when there is no guard. */
	readonly ready: Promise<void>;

	constructor(terminal: Terminal) {
		const {promise, resolve} = Promise.withResolvers<void>();
		this.ready = promise;
		this.#child = start(terminal);
		if (this.#child === undefined) {
			resolve();
			return;
		}

		const timer = setTimeout(() => {
			// It would save modes that are changed by then.
			this.end();
			resolve();
		}, startMs);
		const settle: () => void = () => {
			clearTimeout(timer);
			this.#child?.stdout?.destroy();
			resolve();
		};
		this.#child.once('error', settle);
		this.#child.once('exit', settle);
		this.#child.stdin?.once('error', settle);
		this.#child.stdout?.once('error', settle);
		this.#child.stdout?.once('data', settle);
		this.#child.unref();
		(this.#child.stdin as {unref?: () => void} | null)?.unref?.();
	}

	/** From now on a death of the program gives the terminal back. The modes of the keys are set already. */
	hold(): void {
		this.#child?.stdin?.write('\n');
	}

	/** The program has given the terminal back itself. */
	end(): void {
		this.#child?.kill('SIGKILL');
		this.#child?.stdin?.destroy();
	}
}

function start({outputFd, keysFd, leave}: Terminal): ChildProcess | undefined {
	const options: SpawnOptions = {
		// A session of its own: what kills the job does not reach it.
		detached: true,
		cwd: '/',
		env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
		stdio: ['pipe', 'pipe', outputFd, keysFd ?? 'ignore'],
	};
	try {
		// Loaded only here: lines need no guard.
		const {spawn} = process.getBuiltinModule('node:child_process');
		return spawn('/bin/sh', ['-c', script, 'tetratop-guard', asFormat(leave)], options);
	} catch {
		// EAGAIN: the limit of processes is reached.
		return undefined;
	}
}
