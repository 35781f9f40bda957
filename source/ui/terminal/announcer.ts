/** Alerts outside of the screen: the window title and the bell of the terminal. */
import {own, type SafeText, safe} from '../../text/safe.js';
import {Bell} from './bell.js';
import type {TerminalOutput} from './output.js';
import {titleSequence} from './title.js';

export type Alerts = {
	readonly unacknowledged: number;
	/** Enforcements of any kind since the start. */
	readonly all: number;
	/** What the title shows before the count. */
	readonly mark: SafeText;
	/** Whether new alerts ring. */
	readonly rings: boolean;
};

export class Announcer {
	readonly #output: TerminalOutput;
	readonly #environment: NodeJS.ProcessEnv;
	readonly #bell: Bell;
	#title: SafeText = own('');
	#known = 0;

	constructor(output: TerminalOutput, environment: NodeJS.ProcessEnv) {
		this.#output = output;
		this.#environment = environment;
		this.#bell = new Bell(environment);
	}

	/** Writes the title when its text changed, and rings for alerts that the last call did not have. */
	announce({unacknowledged, all, mark, rings}: Alerts): void {
		const title = unacknowledged > 0 ? own`tetratop ${mark}${safe(String(unacknowledged))}` : own('tetratop');
		if (title !== this.#title) {
			this.#title = title;
			this.#output.write(titleSequence(title, this.#environment));
		}

		if (rings && all > this.#known) {
			this.#output.write(
				this.#bell.ring(performance.now(), own`tetratop: ${safe(String(all - this.#known))} new alerts`),
			);
		}

		this.#known = all;
	}

	/** The terminal shows another title now, as after a stop: write it again. */
	forgetTitle(): void {
		this.#title = own('');
	}
}
