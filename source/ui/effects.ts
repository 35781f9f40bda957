/** Everything that the screen does outside itself: in the terminal, in files, in the store and by the services of its mode. */
import {writeFile} from 'node:fs/promises';
import {gzipSync} from 'node:zlib';
import type {Store} from '../store/store.js';
import type {Charset} from '../text/charset.js';
import {own, safe} from '../text/safe.js';
import {jumpToTime, timeOfClock} from './actions/timeline.js';
import {type Theme, themeNames, themes} from './frame/theme.js';
import {plainRows} from './plain-screen.js';
import {formOf, savedLines} from './save/saved-lines.js';
import type {Look} from './screen.js';
import {type Effect, flash, type Scene} from './state/reaction.js';
import type {UiState} from './state/state.js';
import {copySequence} from './terminal/clipboard.js';
import type {TerminalOutput} from './terminal/output.js';
import type {Session} from './terminal/session.js';

type EffectOf<Type extends Effect['type']> = Extract<Effect, {readonly type: Type}>;

/** A policy's new mode and the nodes on which it is set. */
export type PolicySwitch = EffectOf<'switch-policy'>;

/** What the mode of the program can do: the live fleet, the demo, a replay. Names and texts are raw. */
export type Services = {
	/** Milliseconds since 1970 on the clock that the events follow; a replay has its own. */
	readonly now: () => number;
	/** Brings what only the mode knows (recording, offline, replay) into the state before a frame. */
	readonly refresh: (ui: UiState) => UiState;
	readonly reconnect: (node: string | undefined) => void;
	/**
	Resolves with one line, and one more for each node on which it failed. undefined: the screen is read-only and has no
	function that changes a cluster.
	*/
	readonly switchPolicy?: (change: PolicySwitch) => Promise<string>;
	/** Raw text; rejects with the reason in words. */
	readonly policyYaml: (name: string, namespace: string) => Promise<string>;
	/** Raw text; rejects with the reason in words. */
	readonly agentLog: (node: string) => Promise<string>;
	/** Starts, or without a path stops, a recording; resolves with the result in words. */
	readonly record: (path: string | undefined) => Promise<string>;
	/** Whether events of tetratop's own processes on the nodes are kept from now on; false: this mode has none there. */
	readonly showOwn: (isShown: boolean) => boolean;
	readonly replay: (change: 'pause' | 'faster' | 'slower') => void;
	/** Goes to a time of a replay, in milliseconds since 1970; false: this mode has no past but its buffer. */
	readonly seek: (timeMs: number) => boolean;
	/** Closes connections and files; may be called twice. */
	readonly close: () => Promise<void>;
};

/** The screen, as effects see and change it. */
export type EffectScreen = {
	readonly scene: () => Scene;
	readonly setUi: (ui: UiState) => void;
	readonly look: () => Look;
	readonly setTheme: (theme: Theme) => void;
	readonly setCharset: (charset: Charset) => void;
	readonly session: () => Session;
	/** Ends the program. */
	readonly end: () => void;
};

type EffectParts = {
	readonly store: Store;
	readonly services: Services;
	readonly output: TerminalOutput;
	readonly screen: EffectScreen;
	/** Whether the mouse is on at the start. */
	readonly mouse: boolean;
};

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

export class Effects {
	readonly #store: Store;
	readonly #services: Services;
	readonly #output: TerminalOutput;
	readonly #screen: EffectScreen;
	#isMouseOn: boolean;

	/** One function for each kind of effect; the compiler checks that none is missing. */
	readonly #doers: {readonly [Type in Effect['type']]: (effect: EffectOf<Type>) => void} = {
		quit: () => this.#screen.end(),
		suspend: () => this.#screen.session().suspend(),
		redraw: () => this.#screen.session().redraw(),
		reconnect: ({node}) => this.#reconnect(node),
		copy: effect => this.#copy(effect),
		acknowledge: ({group}) => this.#store.acknowledge(group),
		mark: () => this.#mark(),
		record: ({path}) => this.#report(this.#services.record(path)),
		save: ({path}) => this.#report(this.#save(path)),
		mouse: () => this.#turnMouse(),
		theme: effect => this.#setTheme(effect),
		ascii: ({isOn}) => this.#screen.setCharset(isOn ? 'ascii' : 'unicode'),
		'plain-screen': () => this.#showPlainScreen(),
		replay: ({change}) => this.#services.replay(change),
		seek: ({clock}) => this.#seek(clock),
		own: ({isShown}) => this.#showOwn(isShown),
		clear: () => this.#store.clear(),
		'show-policy': ({name, namespace}) =>
			this.#show(`TracingPolicy ${name}`, this.#services.policyYaml(name, namespace)),
		'show-log': ({node}) => this.#show(`agent log of ${node}`, this.#services.agentLog(node)),
		'switch-policy': change => this.#switchPolicy(change),
	};

	constructor({store, services, output, screen, mouse}: EffectParts) {
		this.#store = store;
		this.#services = services;
		this.#output = output;
		this.#screen = screen;
		this.#isMouseOn = mouse;
	}

	run(effect: Effect): void {
		const run = this.#doers[effect.type] as (effect: Effect) => void;
		run(effect);
	}

	#say(text: string): void {
		this.#screen.setUi(flash(this.#screen.scene(), safe(text)));
	}

	/** Says how the work ended, when it has. */
	#report(work: Promise<string>): void {
		work.then(
			text => this.#say(text),
			error => this.#say(messageOf(error)),
		);
	}

	#open(title: string, text: string): void {
		this.#screen.setUi({...this.#screen.scene().ui, overlay: {type: 'text', title, text, scroll: 0}});
	}

	#show(title: string, work: Promise<string>): void {
		work.then(
			text => this.#open(title, text),
			error => this.#say(messageOf(error)),
		);
	}

	#reconnect(node: string | undefined): void {
		this.#services.reconnect(node);
		this.#say('trying again');
	}

	#copy({text, what}: EffectOf<'copy'>): void {
		const sequence = copySequence([safe(text)], process.env);
		if (sequence === undefined) {
			this.#say('too long for the clipboard of a terminal: save it with Ctrl-s');
			return;
		}

		this.#output.write(sequence);
		this.#screen.setUi(flash(this.#screen.scene(), own`copied: ${what}`));
	}

	#mark(): void {
		const nowMs = this.#services.now();
		this.#store.rule(-1, {type: 'mark', text: new Date(nowMs).toTimeString().slice(0, 8)}, nowMs);
	}

	#turnMouse(): void {
		this.#isMouseOn = !this.#isMouseOn;
		this.#screen.session().setMouse(this.#isMouseOn);
		this.#say(this.#isMouseOn ? 'mouse on: select text with Shift' : 'mouse off');
	}

	#setTheme({name}: EffectOf<'theme'>): void {
		const at = themeNames.indexOf(this.#screen.look().theme.name);
		const next = name ?? themeNames[(at + 1) % themeNames.length] ?? 'default';
		this.#screen.setTheme(themes[next]);
		this.#say(`theme ${next}`);
	}

	#showOwn(isShown: boolean): void {
		const isPossible = this.#services.showOwn(isShown);
		const words = isShown ? 'own execs are shown from now on' : 'own execs are hidden from now on';
		this.#say(isPossible ? words : 'tetratop runs nothing on the nodes here');
	}

	/** A result of several lines, for nodes on which it failed, opens as a text. */
	#switchPolicy(change: PolicySwitch): void {
		const {switchPolicy} = this.#services;
		if (!switchPolicy) {
			this.#say('read-only: nothing was changed');
			return;
		}

		switchPolicy(change).then(
			text => (text.includes('\n') ? this.#open('policy switched, not everywhere', text) : this.#say(text)),
			error => this.#say(messageOf(error)),
		);
	}

	async #save(path: string): Promise<string> {
		const lines = [...savedLines(this.#screen.scene().picture, formOf(path), this.#store.policyLists())];
		try {
			const text = `${lines.join('\n')}\n`;
			await writeFile(path, path.endsWith('.gz') ? gzipSync(text) : text, {mode: 0o600, flag: 'wx'});
		} catch (error) {
			const {code, message} = error as NodeJS.ErrnoException;
			throw new Error(code === 'EEXIST' ? `not saved: ${path} exists; choose another name` : `not saved: ${message}`);
		}

		return `saved ${lines.length} lines to ${path}`;
	}

	/** Prints the screen below the shell's own lines, where any terminal lets its text be selected. */
	#showPlainScreen(): void {
		const {ui, picture} = this.#screen.scene();
		const rows = plainRows({...ui, overlay: undefined}, picture, {
			glyphs: this.#screen.look().glyphs,
			program: {version: ''},
		});
		const session = this.#screen.session();
		session.leave();
		process.stdout.write(`${rows.join('\n')}\n[Enter goes back to tetratop]\n`);
		process.stdin.resume();
		process.stdin.once('data', () => {
			void session.enter().then(() => session.redraw());
		});
	}

	#seek(clock: string): void {
		const {ui, picture} = this.#screen.scene();
		const timeMs = timeOfClock(clock, picture.nowMs, ui.replay !== undefined);
		if (this.#services.seek(timeMs)) {
			// The event under the cursor may not have happened yet.
			this.#screen.setUi({...ui, events: {...ui.events, follow: true}});
		} else {
			this.#screen.setUi(jumpToTime(this.#screen.scene(), timeMs).ui);
		}
	}
}
