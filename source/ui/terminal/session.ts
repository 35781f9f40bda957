/**
The session owns the terminal: raw mode, alternate screen, cursor, wrapping, bracketed paste, mouse and title. However the
program ends, stops or breaks, the terminal gets its old state back; the guard gives it back where the program cannot.

Ink only paints (`alternateScreen: false`, `exitOnCtrlC: false`, a stdin that nobody reads): two owners would undo each
other's modes, and Ink knows neither F-keys nor SIGTSTP.
*/
import process from 'node:process';
import {type CrashFacts, crashExitCode, crashMessage, writeReport} from './crash-report.js';
import type {KeyEvent} from './decoder.js';
import {Guard} from './guard.js';
import {type KeySource, openKeys} from './input.js';
import {askGlyphWidth, clearScreen, enterModes, leaveModes, mouseOff, mouseOn} from './modes.js';
import type {TerminalOutput} from './output.js';
import {holdWarnings} from './warnings.js';

export type SessionOptions = {
	readonly output: TerminalOutput;
	readonly onKeys: (events: readonly KeyEvent[]) => void;
	/** The screen was cleared: paint everything again. */
	readonly onRepaint: () => void;
	/** Called before the program ends by a signal, while it still has the screen: close files. It waits 500 ms at most. */
	readonly onEnd?: (signal: NodeJS.Signals) => void | Promise<void>;
	/**
	The terminal draws `●` and its like two cells wide: change to ASCII and paint again. The session asks once, when it takes
	the terminal, and only with this callback; the answer may come at any time or never, and nothing waits for it.
	*/
	readonly onWideGlyphs?: () => void;
	readonly version: string;
	readonly environment?: NodeJS.ProcessEnv;
	readonly escapeDelayMs?: number;
};

const endSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
const rememberedActions = 20;
const endMs = 500;

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<void>(resolve => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([work, late]);
	clearTimeout(timer);
}

/** The terminal while the program has it. There is one at a time: it listens to the process's signals. */
export class Session {
	readonly #options: SessionOptions;
	readonly #output: TerminalOutput;
	readonly #environment: NodeJS.ProcessEnv;
	readonly #keys: KeySource | undefined;
	/** Names of the last actions, for a crash report. */
	readonly #actions: string[] = [];
	readonly #printWarnings: () => void;
	#guard: Guard | undefined;
	#isEntered = false;
	#isMouseOn = false;
	#isEnding = false;
	#isGlyphWidthKnown: boolean;

	constructor(options: SessionOptions) {
		this.#options = options;
		this.#output = options.output;
		this.#environment = options.environment ?? process.env;
		this.#isGlyphWidthKnown = options.onWideGlyphs === undefined;
		this.#keys = openKeys({
			onKeys: events => this.#onKeys(events),
			...(options.escapeDelayMs === undefined ? {} : {escapeDelayMs: options.escapeDelayMs}),
			onEnd: () => void this.#endBy('SIGHUP'),
		});
		this.#guard = this.#startGuard();
		this.#printWarnings = holdWarnings();
		for (const signal of endSignals) {
			process.on(signal, this.#endBy);
		}

		process.on('SIGTSTP', this.#onStop);
		process.on('SIGCONT', this.#onContinue);
		process.on('exit', this.#onExit);
		process.on('uncaughtException', this.#onException);
		process.on('unhandledRejection', this.#onRejection);
	}

	/** False: no keys, since there is no terminal to read them from. */
	get hasKeys(): boolean {
		return this.#keys !== undefined;
	}

	/** Takes the terminal, once its modes are saved. A second call does nothing. */
	async enter(): Promise<void> {
		if ((await this.#isGuarded()) && !this.#isEntered) {
			this.#take(true);
		}
	}

	/** Gives the terminal back, at once. A second call does nothing. */
	leave(): void {
		if (!this.#isEntered) {
			this.#endGuard();
			return;
		}

		this.#isEntered = false;
		this.#output.stop();
		const isGivenBack = this.#output.writeNow(leaveModes(this.#environment));
		this.#keys?.stop();
		if (isGivenBack) {
			this.#endGuard();
		} else {
			// A terminal that takes nothing now (ctrl-s) takes the same from the guard later.
			this.#guard = undefined;
		}
	}

	/** Waits for what was written, gives the terminal back for good and forgets all signals. */
	async close(): Promise<void> {
		this.#isEnding = true;
		await within(endMs, this.#output.whenDrained());
		this.leave();
		this.#forget();
		this.#keys?.release();
		this.#output.release();
	}

	/** As the key ctrl-z: gives the terminal back and stops the whole job until `fg`. */
	suspend(): void {
		this.#stop(0);
	}

	/** Clears the screen and has it painted again. */
	redraw(): void {
		if (this.#isEntered) {
			this.#output.write(clearScreen);
			this.#options.onRepaint();
		}
	}

	setMouse(isOn: boolean): void {
		this.#isMouseOn = isOn;
		if (this.#isEntered) {
			this.#output.write(isOn ? mouseOn : mouseOff);
		}
	}

	/** Keeps the name of what the user did for a crash report. */
	remember(action: string): void {
		this.#actions.push(action);
		if (this.#actions.length > rememberedActions) {
			this.#actions.shift();
		}
	}

	/** Waits until the modes of the terminal are saved: another program may have changed them since the last time. False: the program ends. */
	async #isGuarded(): Promise<boolean> {
		this.#guard ??= this.#startGuard();
		await this.#guard.ready;
		return !this.#isEnding;
	}

	#startGuard(): Guard {
		return new Guard(this.#output.fd, leaveModes(this.#environment));
	}

	#endGuard(): void {
		this.#guard?.end();
		this.#guard = undefined;
	}

	#take(savesTitle: boolean): void {
		this.#isEntered = true;
		this.#keys?.start();
		this.#guard?.hold();
		this.#output.restart();
		this.#output.write(
			enterModes(this.#environment, savesTitle) +
				(this.#isMouseOn ? mouseOn : '') +
				(this.#isGlyphWidthKnown ? '' : askGlyphWidth),
		);
	}

	/** Passes keys on; the terminal's answer to `askGlyphWidth` is none. */
	#onKeys(events: readonly KeyEvent[]): void {
		const answer = events.find(event => event.type === 'position');
		if (answer && !this.#isGlyphWidthKnown) {
			this.#isGlyphWidthKnown = true;
			if (answer.x > 1) {
				this.#options.onWideGlyphs?.();
			}
		}

		const others = events.filter(event => event.type !== 'position');
		if (others.length > 0) {
			this.#options.onKeys(others);
		}
	}

	/** `pid` 0 is the whole job, as the terminal itself does it, so that npx or a pipe stops too. */
	#stop(pid: number): void {
		this.leave();
		process.off('SIGTSTP', this.#onStop);
		process.kill(pid, 'SIGTSTP');
		// Without a shell with job control the signal is ignored, and no SIGCONT comes.
		setTimeout(this.#onContinue, 20);
	}

	readonly #onStop = (): void => this.#stop(process.pid);

	readonly #onContinue = async (): Promise<void> => {
		if (!(await this.#isGuarded())) {
			return;
		}

		process.off('SIGTSTP', this.#onStop);
		process.on('SIGTSTP', this.#onStop);
		// A SIGSTOP from outside leaves no time to leave; the shell has changed the modes, the title is still on the stack.
		this.#take(!this.#isEntered);
		this.redraw();
	};

	readonly #onExit = (): void => this.leave();

	readonly #onException = (error: unknown): never => this.#crash(error, 'uncaughtException');

	readonly #onRejection = (error: unknown): never => this.#crash(error, 'unhandledRejection');

	/** Ends as the signal would have: the parent sees the same status. */
	readonly #endBy = async (signal: NodeJS.Signals): Promise<void> => {
		if (this.#isEnding) {
			return;
		}

		this.#isEnding = true;
		try {
			await within(endMs, Promise.resolve(this.#options.onEnd?.(signal)));
		} catch {
			// Giving the terminal back comes first.
		}

		this.leave();
		this.#forget();
		// With any listener left (Ink's signal-exit has one) the signal would only be queued, and the program, having nothing
		// more to wait for, would end with status 0 before it came.
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	};

	#crash(error: unknown, kind: CrashFacts['kind']): never {
		this.#isEnding = true;
		this.leave();
		const {columns, rows} = this.#output;
		const {version} = this.#options;
		const facts = {version, environment: this.#environment, columns, rows, actions: this.#actions, kind};
		process.stderr.write(crashMessage(error, facts, writeReport(error, facts)));
		process.exit(crashExitCode);
	}

	#forget(): void {
		this.#printWarnings();
		for (const signal of endSignals) {
			process.off(signal, this.#endBy);
		}

		process.off('SIGTSTP', this.#onStop);
		process.off('SIGCONT', this.#onContinue);
		process.off('exit', this.#onExit);
		process.off('uncaughtException', this.#onException);
		process.off('unhandledRejection', this.#onRejection);
	}
}
