/**
The live screen: keys in, frames out. State changes at once; a frame is painted when a key asks for it or, at most five
times a second, when the store has changed; and only when the terminal has taken the frame before.
*/
import type {Instance} from 'ink';
import type {Chip} from '../query/chip.js';
import type {Narrowing} from '../query/narrowing.js';
import type {Store} from '../store/store.js';
import {type Charset, setCharset} from '../text/charset.js';
import {version} from '../version.js';
import {react} from './dispatch.js';
import {type EffectScreen, Effects, type Services} from './effects.js';
import type {Frame, FrameSource} from './frame/app.js';
import {frameText} from './frame/first-frame.js';
import {type Glyphs, glyphsFor} from './frame/glyphs.js';
import type {Theme} from './frame/theme.js';
import {defaultKeymap, type Keymap} from './keys/keymap.js';
import {frameOf, type Look, panesOn, rowsOf, scrollClamped} from './screen.js';
import {initialState} from './state/initial.js';
import type {Picture} from './state/picture.js';
import type {Scene} from './state/reaction.js';
import type {UiState} from './state/state.js';
import {View} from './state/view.js';
import {Announcer} from './terminal/announcer.js';
import type {KeyEvent} from './terminal/decoder.js';
import {TerminalOutput} from './terminal/output.js';
import {Session} from './terminal/session.js';

/** Five frames a second: a scrolling feed is read no faster, and a slow terminal gets fewer bytes. */
const frameMs = 200;
/**
The pause between two frames of which each scans a slice of the buffer. Without it a stream that is faster than the scan is
painted as fast as the machine can: half of the CPU at 20 000 events/s.
*/
const searchPauseMs = 16;
const foldPauseMs = 200;

export type RunOptions = {
	readonly store: Store;
	readonly targetName: string;
	readonly mode: UiState['mode'];
	readonly chips?: readonly Chip[];
	/** What flags and configuration hide. */
	readonly given: readonly Narrowing[];
	readonly glyphs: Glyphs;
	readonly theme: Theme;
	readonly keymap?: Keymap;
	readonly insecure: boolean;
	readonly mouse: boolean;
	readonly services: Services;
	/** Called once the screen is painted: now heavy modules may be loaded. */
	readonly onPainted?: () => void;
};

/** Opens the screen; resolves when the user has quit and the terminal was given back. */
export async function runScreen(options: RunOptions): Promise<void> {
	await new LiveScreen(options).run();
}

class LiveScreen {
	readonly #store: Store;
	readonly #services: Services;
	readonly #keymap: Keymap;
	readonly #options: RunOptions;
	readonly #ended = Promise.withResolvers<void>();
	readonly #output: TerminalOutput;
	readonly #session: Session;
	readonly #effects: Effects;
	readonly #announcer: Announcer;
	readonly #view: View;
	#look: Look;
	#ui: UiState;
	#picture: Picture;
	#frame: Frame;
	/** Tells Ink that there is another frame. */
	#publish: () => void = () => {};
	#ink: Instance | undefined;
	#isDirty = false;
	#isScheduled = false;
	#scanTimer: NodeJS.Timeout | undefined;
	#paintedVersion = -1;
	#paintedSecond = -1;
	#today: string;

	constructor(options: RunOptions) {
		const {store, services, glyphs, theme, insecure} = options;
		this.#options = options;
		this.#store = store;
		this.#services = services;
		this.#keymap = options.keymap ?? defaultKeymap;
		this.#output = new TerminalOutput({onGone: () => this.#ended.resolve()});
		// Before the first frame is made, since its guard starts meanwhile.
		this.#session = new Session({
			output: this.#output,
			onKeys: events => this.#onKeys(events),
			onRepaint: () => this.#repaint(),
			...(glyphs.charset === 'ascii' ? {} : {onWideGlyphs: () => this.#setCharset('ascii')}),
			onEnd: async () => services.close(),
			version,
		});
		this.#announcer = new Announcer(this.#output, process.env);
		this.#view = new View(store);
		this.#look = {glyphs, theme, program: {version, insecure}};
		this.#ui = initialState({
			columns: this.#output.columns,
			rows: this.#output.rows,
			targetName: options.targetName,
			mode: options.mode,
			allowWrite: services.switchPolicy !== undefined,
			chips: options.chips ?? [],
			given: options.given,
		});
		this.#picture = this.#view.picture(this.#ui, Date.now());
		this.#frame = frameOf(this.#ui, this.#picture, this.#look);
		this.#today = new Date(services.now()).toDateString();
		this.#effects = new Effects({
			store,
			services,
			output: this.#output,
			screen: this.#effectScreen(),
			mouse: options.mouse,
		});
	}

	async run(): Promise<void> {
		await this.#session.enter();
		if (this.#options.mouse) {
			this.#session.setMouse(true);
		}

		this.#output.on('resize', () => this.#onResize());
		await this.#mountInk();
		this.#options.onPainted?.();
		const ticker = setInterval(() => this.#tick(), frameMs);
		try {
			await this.#ended.promise;
		} finally {
			clearInterval(ticker);
			clearTimeout(this.#scanTimer);
			this.#publish = () => {};
			await this.#session.close();
			this.#ink?.unmount();
			await this.#services.close();
		}
	}

	/** Writes the first frame, then loads Ink, so that nobody waits for that. */
	async #mountInk(): Promise<void> {
		const source: FrameSource = {
			subscribe: listener => {
				this.#publish = listener;
				return () => {
					this.#publish = () => {};
				};
			},
			current: () => this.#frame,
		};
		const first = this.#frame;
		this.#output.write(frameText(first));
		const {mount} = await import('./frame/mount.js');
		// A key, or a new size, may have made another frame meanwhile.
		this.#ink = mount(source, this.#output, this.#frame === first);
	}

	#effectScreen(): EffectScreen {
		return {
			scene: () => this.#scene(),
			setUi: ui => {
				this.#ui = ui;
				this.#schedule();
			},
			look: () => this.#look,
			setTheme: theme => {
				this.#look = {...this.#look, theme};
				this.#schedule();
			},
			setCharset: charset => this.#setCharset(charset),
			session: () => this.#session,
			end: () => this.#ended.resolve(),
		};
	}

	#scene(): Scene {
		const [ui, picture, look] = [this.#ui, this.#picture, this.#look];
		return {
			ui,
			picture,
			rowsOf: pane => rowsOf(ui, picture, look, pane),
			panes: panesOn(ui),
		};
	}

	#schedule(): void {
		this.#isDirty = true;
		if (!this.#isScheduled) {
			this.#isScheduled = true;
			setImmediate(() => this.#paint());
		}
	}

	#paint(): void {
		this.#isScheduled = false;
		if (!this.#output.drained) {
			this.#isScheduled = true;
			void this.#output.whenDrained().then(() => this.#paint());
			return;
		}

		this.#isDirty = false;
		this.#paintedVersion = this.#store.version;
		const nowMs = this.#services.now();
		this.#paintedSecond = Math.floor(nowMs / 1000);
		this.#ui = this.#services.refresh(expireFlash(this.#ui, nowMs));
		this.#picture = this.#view.picture(this.#ui, nowMs);
		this.#look = {...this.#look, program: {...this.#look.program, nowMs}};
		this.#frame = frameOf(this.#ui, this.#picture, this.#look);
		this.#publish();
		this.#announce();
		this.#goOnScanning();
	}

	/** Paints again after a pause while a scan of the buffer goes on. */
	#goOnScanning(): void {
		if (!this.#view.isScanning || this.#scanTimer !== undefined) {
			return;
		}

		this.#scanTimer = setTimeout(
			() => {
				this.#scanTimer = undefined;
				this.#schedule();
			},
			this.#view.isSearching ? searchPauseMs : foldPauseMs,
		);
	}

	#announce(): void {
		// A pause freezes the picture, not the alarm.
		const {unacknowledged, killed, would, denied} = this.#ui.pause ? this.#store.kills() : this.#picture.kills;
		this.#announcer.announce({
			unacknowledged,
			all: killed + would + denied,
			mark: this.#look.glyphs.killed,
			rings: this.#ui.bell,
		});
	}

	#onKeys(events: readonly KeyEvent[]): void {
		this.#view.touch(this.#services.now());
		for (const event of events) {
			const reaction = react(this.#scene(), event, this.#keymap);
			if (reaction.id) {
				this.#session.remember(reaction.id);
			}

			this.#ui = reaction.ui === this.#ui ? this.#ui : scrollClamped(reaction.ui, this.#picture, this.#look);
			for (const effect of reaction.effects) {
				this.#effects.run(effect);
			}
		}

		this.#schedule();
	}

	#setCharset(charset: Charset): void {
		setCharset(charset);
		this.#look = {...this.#look, glyphs: glyphsFor(charset)};
		this.#session.redraw();
	}

	#repaint(): void {
		this.#ui = {...this.#ui, columns: this.#output.columns, rows: this.#output.rows};
		// After a stop the terminal shows the shell's title.
		this.#announcer.forgetTitle();
		// Ink compares with the frame it believes is on screen; that one is gone.
		this.#ink?.clear();
		this.#frame = {...this.#frame};
		this.#schedule();
	}

	#onResize(): void {
		this.#ui = {...this.#ui, columns: this.#output.columns, rows: this.#output.rows};
		this.#picture = this.#view.picture(this.#ui, this.#services.now());
		this.#frame = frameOf(this.#ui, this.#picture, this.#look);
		this.#publish();
		setImmediate(() => this.#session.redraw());
	}

	#tick(): void {
		const nowMs = this.#services.now();
		this.#store.tick(nowMs);
		this.#markNewDay(nowMs);
		const isChanged = this.#ui.pause === undefined && this.#store.version !== this.#paintedVersion;
		if (this.#isDirty || isChanged || Math.floor(nowMs / 1000) !== this.#paintedSecond) {
			this.#schedule();
		}
	}

	#markNewDay(nowMs: number): void {
		const day = new Date(nowMs).toDateString();
		if (day === this.#today) {
			return;
		}

		this.#today = day;
		// A replay's clock jumps to its first event: an empty feed has no day to end.
		if (this.#picture.feed.total > 0) {
			this.#store.rule(-1, {type: 'day'}, nowMs);
		}
	}
}

function expireFlash(ui: UiState, nowMs: number): UiState {
	return ui.flash && ui.flash.untilMs < nowMs ? {...ui, flash: undefined} : ui;
}
