/**
The one owner of the terminal: raw mode, alternate screen, cursor, wrapping, bracketed paste, mouse and title. Whatever way
the program ends, stops or breaks, the terminal is what it was.

Ink only paints (`alternateScreen: false`, `exitOnCtrlC: false`, a stdin that nobody reads): two owners would undo each
other, and Ink knows neither F-keys nor SIGTSTP.
*/
import process from 'node:process';
import {type CrashFacts, crashExitCode, crashMessage, writeReport} from './crash-report.js';
import type {KeyEvent} from './decoder.js';
import {type KeySource, openKeys} from './input.js';
import {askGlyphWidth, clearScreen, enterModes, leaveModes, mouseOff, mouseOn} from './modes.js';
import type {TerminalOutput} from './output.js';
import {holdWarnings} from './warnings.js';

export type SessionOptions = {
	readonly output: TerminalOutput;
	readonly onKeys: (events: readonly KeyEvent[]) => void;
	/** The screen was cleared: paint everything again. */
	readonly onRepaint: () => void;
	/** Before the program ends by a signal, while the screen still is ours: close files. At most 500 ms are waited for it. */
	readonly onEnd?: (signal: NodeJS.Signals) => void | Promise<void>;
	/**
	The terminal draws `●` and its like two cells wide: go over to ASCII and paint again. Asked once, when the terminal is
	taken, and only with this callback; the answer may come at any time or never, and nothing waits for it.
	*/
	readonly onWideGlyphs?: () => void;
	readonly version: string;
	readonly environment?: NodeJS.ProcessEnv;
	readonly escapeDelayMs?: number;
};

export type Session = {
	/** False: no keys, since there is no terminal to read them from. */
	readonly hasKeys: boolean;
	/** Takes the terminal. A second call does nothing. */
	readonly enter: () => void;
	/** Gives the terminal back, at once. A second call does nothing. */
	readonly leave: () => void;
	/** Waits for what was written, gives the terminal back for good and forgets all signals. */
	readonly close: () => Promise<void>;
	/** As the key ctrl-z: gives the terminal back and stops the whole job until `fg`. */
	readonly suspend: () => void;
	/** Clears the screen and has it painted again. */
	readonly redraw: () => void;
	readonly setMouse: (isOn: boolean) => void;
	/** Keeps the name of what the user did for a crash report. */
	readonly remember: (action: string) => void;
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

export function createSession(options: SessionOptions): Session {
	const {output, onRepaint, environment = process.env} = options;
	const actions: string[] = [];
	let isEntered = false;
	let isMouseOn = false;
	let isEnding = false;
	let isGlyphWidthKnown = options.onWideGlyphs === undefined;

	function onKeys(events: readonly KeyEvent[]): void {
		const answer = events.find(event => event.type === 'position');
		if (!answer) {
			options.onKeys(events);
			return;
		}
		if (!isGlyphWidthKnown && answer.x > 1) {
			options.onWideGlyphs?.();
		}
		isGlyphWidthKnown = true;
		const others = events.filter(event => event.type !== 'position');
		if (others.length > 0) {
			options.onKeys(others);
		}
	}

	const keys: KeySource | undefined = openKeys({
		onKeys,
		...(options.escapeDelayMs === undefined ? {} : {escapeDelayMs: options.escapeDelayMs}),
		onEnd: () => void endBy('SIGHUP'),
	});

	function take(savesTitle: boolean): void {
		isEntered = true;
		keys?.start();
		output.restart();
		output.write(
			enterModes(environment, savesTitle) + (isMouseOn ? mouseOn : '') + (isGlyphWidthKnown ? '' : askGlyphWidth),
		);
	}

	function enter(): void {
		if (!isEntered) {
			take(true);
		}
	}

	function leave(): void {
		if (!isEntered) {
			return;
		}
		isEntered = false;
		output.stop();
		output.writeNow(leaveModes(environment));
		keys?.stop();
	}

	function redraw(): void {
		if (!isEntered) {
			return;
		}
		output.write(clearScreen);
		onRepaint();
	}

	/** `pid` 0 is the whole job, as the terminal itself does it, so that npx or a pipe stops with us. */
	function stop(pid: number): void {
		leave();
		process.off('SIGTSTP', onStop);
		process.kill(pid, 'SIGTSTP');
		// Where nobody has job control the signal is ignored, and no SIGCONT comes.
		setTimeout(onContinue, 20);
	}

	function onStop(): void {
		stop(process.pid);
	}

	function onContinue(): void {
		if (isEnding) {
			return;
		}
		process.off('SIGTSTP', onStop);
		process.on('SIGTSTP', onStop);
		// After a SIGSTOP from outside we have not left, but the shell has changed the modes; the title still is on the stack.
		take(!isEntered);
		redraw();
	}

	const printWarnings = holdWarnings();

	function forget(): void {
		printWarnings();
		for (const signal of endSignals) {
			process.off(signal, endBy);
		}
		process.off('SIGTSTP', onStop);
		process.off('SIGCONT', onContinue);
		process.off('exit', leave);
		process.off('uncaughtException', onException);
		process.off('unhandledRejection', onRejection);
	}

	/** Ends as the signal would have: the parent sees the same status. */
	async function endBy(signal: NodeJS.Signals): Promise<void> {
		if (isEnding) {
			return;
		}
		isEnding = true;
		try {
			await within(endMs, Promise.resolve(options.onEnd?.(signal)));
		} catch {
			// The way back to the shell comes first.
		}
		leave();
		forget();
		// With any listener left (Ink's signal-exit has one) the signal would only be queued, and the program, having nothing
		// more to wait for, would end with status 0 before it came.
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	}

	function crash(error: unknown, kind: CrashFacts['kind']): never {
		isEnding = true;
		leave();
		const {columns, rows} = output;
		const facts = {version: options.version, environment, columns, rows, actions, kind};
		process.stderr.write(crashMessage(error, facts, writeReport(error, facts)));
		process.exit(crashExitCode);
	}

	function onException(error: unknown): never {
		return crash(error, 'uncaughtException');
	}

	function onRejection(error: unknown): never {
		return crash(error, 'unhandledRejection');
	}

	for (const signal of endSignals) {
		process.on(signal, endBy);
	}
	process.on('SIGTSTP', onStop);
	process.on('SIGCONT', onContinue);
	process.on('exit', leave);
	process.on('uncaughtException', onException);
	process.on('unhandledRejection', onRejection);

	return {
		hasKeys: keys !== undefined,
		enter,
		leave,
		async close() {
			isEnding = true;
			await within(endMs, output.whenDrained());
			leave();
			forget();
			keys?.release();
			output.release();
		},
		suspend: () => stop(0),
		redraw,
		setMouse(isOn) {
			isMouseOn = isOn;
			if (isEntered) {
				output.write(isOn ? mouseOn : mouseOff);
			}
		},
		remember(action) {
			actions.push(action);
			if (actions.length > rememberedActions) {
				actions.shift();
			}
		},
	};
}
