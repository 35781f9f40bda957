/**
The guard gives the terminal back when the program cannot: after SIGKILL, a crash of the runtime, the OOM killer. It is a
shell of its own session that waits at the end of a pipe and costs nothing meanwhile. While the program has the terminal there
is a guard, else there is none. Without /bin/sh, or when the guard is killed too, the user needs `reset`.
*/
import type {ChildProcess, SpawnOptions} from 'node:child_process';

/**
Standard input is a pipe whose end says that the program is gone, standard error is the terminal. SIGUSR1 says that the modes
of the screen are set from now on; a signal is there at once, and what is written to a pipe may wait in the program when it
dies. Another program that has changed the modes since then, a shell with its prompt, keeps them.
*/
const script = `
trap '' HUP INT QUIT TERM TSTP TTIN TTOU USR2 PIPE ALRM
count=0
trap 'count=$((count + 1)); held=$(stty -g <&2 2>/dev/null)' USR1
saved=$(stty -g <&2 2>/dev/null)
echo saved
while :; do
	before=$count
	read -r line && continue
	[ "$count" = "$before" ] && break
done
[ $count != 0 ] || exit
printf "$1" >&2 || { sleep 1; printf "$1" >&2; }
[ -z "$saved" ] || [ "$(stty -g <&2 2>/dev/null)" != "$held" ] || stty "$saved" <&2
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

	/** `outputFd` is the terminal, `leave` the sequences that end the modes of the screen. */
	constructor(outputFd: number, leave: string) {
		const {promise, resolve} = Promise.withResolvers<void>();
		this.ready = promise;
		this.#child = start(outputFd, leave);
		if (this.#child === undefined) {
			resolve();
			return;
		}

		const timer = setTimeout(() => {
			// The guard would save the modes after they were changed.
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
		this.#child?.kill('SIGUSR1');
	}

	/** The program has given the terminal back itself. */
	end(): void {
		this.#child?.kill('SIGKILL');
		this.#child?.stdin?.destroy();
	}
}

function start(outputFd: number, leave: string): ChildProcess | undefined {
	const options: SpawnOptions = {
		// A session of its own: what kills the job does not reach it.
		detached: true,
		cwd: '/',
		env: {PATH: process.env['PATH'] ?? '/usr/bin:/bin'},
		stdio: ['pipe', 'pipe', outputFd],
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
