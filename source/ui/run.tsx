/**
The live screen: keys in, frames out. State changes at once; a frame is painted when a key asks for it or, at most five
times a second, when the store has changed; and only when the terminal has taken the frame before.
*/
import type {Instance} from 'ink';
import type {Chip} from '../query/chip.js';
import type {Store} from '../store/store.js';
import {type Charset, setCharset} from '../text/charset.js';
import {own, type SafeText, safe} from '../text/safe.js';
import {version} from '../version.js';
import {createEffects, type Services} from './effects.js';
import type {Frame} from './frame/app.js';
import {frameText} from './frame/first-frame.js';
import {type Glyphs, glyphsFor} from './frame/glyphs.js';
import type {Theme} from './frame/theme.js';
import {react} from './keys/dispatch.js';
import {defaultKeymap, type Keymap} from './keys/keymap.js';
import {frameOf, type Look, panesOn, rowsOf, scrollLimit} from './screen.js';
import {initialState} from './state/initial.js';
import type {Scene} from './state/reaction.js';
import type {UiState} from './state/state.js';
import {View} from './state/view.js';
import {createBell} from './terminal/bell.js';
import type {KeyEvent} from './terminal/decoder.js';
import {createOutput} from './terminal/output.js';
import {createSession} from './terminal/session.js';
import {titleSequence} from './terminal/title.js';

/** A scrolling feed is read at this pace, and bytes to a slow terminal cost more than freshness is worth. */
const frameMs = 200;
/**
Between two frames of which each scans a slice of the buffer. Without a pause a flood, which no scan ever catches up with,
is painted as fast as the machine can: half of the CPU of a stream of 20 000 events/s.
*/
const searchPauseMs = 16;
const foldPauseMs = 200;

export type RunOptions = {
	readonly store: Store;
	readonly targetName: string;
	readonly mode: UiState['mode'];
	readonly chips?: readonly Chip[];
	readonly glyphs: Glyphs;
	readonly theme: Theme;
	readonly keymap?: Keymap;
	readonly insecure: boolean;
	readonly mouse: boolean;
	readonly services: Services;
	/** Called once the screen is up: the time to load what is heavy. */
	readonly onPainted?: () => void;
};

/** Resolves when the user quits, after the terminal was given back. */
export async function runScreen(options: RunOptions): Promise<void> {
	const {store, glyphs, keymap = defaultKeymap, services} = options;
	let end: () => void = () => {};
	const ended = new Promise<void>(resolve => {
		end = resolve;
	});
	const output = createOutput({onGone: () => end()});
	const view = new View(store);
	const bell = createBell(process.env);
	let look: Look = {glyphs, theme: options.theme, program: {version, insecure: options.insecure}};
	let ui = initialState({
		columns: output.columns,
		rows: output.rows,
		targetName: options.targetName,
		mode: options.mode,
		allowWrite: services.switchPolicy !== undefined,
		chips: options.chips ?? [],
	});
	let picture = view.picture(ui, Date.now());
	let frame: Frame = frameOf(ui, picture, look);
	let publish: () => void = () => {};
	let ink: Instance | undefined;
	let isDirty = false;
	let isScheduled = false;
	let scanTimer: NodeJS.Timeout | undefined;
	let paintedVersion = -1;
	let paintedSecond = -1;
	let alertedKills = 0;
	let today = new Date(services.now()).toDateString();
	let title: SafeText = own('');

	function paint(): void {
		isScheduled = false;
		if (!output.drained) {
			isScheduled = true;
			void output.whenDrained().then(paint);
			return;
		}

		isDirty = false;
		paintedVersion = store.version;
		const nowMs = services.now();
		paintedSecond = Math.floor(nowMs / 1000);
		ui = services.refresh(expireFlash(ui, nowMs));
		picture = view.picture(ui, nowMs);
		look = {...look, program: {...look.program, nowMs}};
		frame = frameOf(ui, picture, look);
		publish();
		announce();
		if (view.isScanning && scanTimer === undefined) {
			scanTimer = setTimeout(
				() => {
					scanTimer = undefined;
					schedule();
				},
				view.isSearching ? searchPauseMs : foldPauseMs,
			);
		}
	}

	function schedule(): void {
		isDirty = true;
		if (!isScheduled) {
			isScheduled = true;
			setImmediate(paint);
		}
	}

	/** Window title and bell: only when the number of alerts changed. */
	function announce(): void {
		// A pause freezes the picture, not the alarm.
		const {unacknowledged, killed, would, denied} = ui.pause ? store.kills() : picture.kills;
		const next =
			unacknowledged > 0 ? own`tetratop ${look.glyphs.killed}${safe(String(unacknowledged))}` : own('tetratop');
		if (next !== title) {
			title = next;
			output.write(titleSequence(title, process.env));
		}

		const all = killed + would + denied;
		if (ui.bell && all > alertedKills) {
			output.write(bell.ring(performance.now(), own`tetratop: ${safe(String(all - alertedKills))} new alerts`));
		}

		alertedKills = all;
	}

	function scene(): Scene {
		return {
			ui,
			picture,
			rowsOf: pane => rowsOf(ui, picture, look, pane),
			panes: panesOn(ui),
		};
	}

	function changeCharset(charset: Charset): void {
		setCharset(charset);
		look = {...look, glyphs: glyphsFor(charset)};
		session.redraw();
	}

	const effects = createEffects({
		store,
		services,
		output,
		session: () => session,
		scene,
		setUi(next) {
			ui = next;
			schedule();
		},
		setTheme(theme) {
			look = {...look, theme};
			schedule();
		},
		theme: () => look.theme,
		setCharset: changeCharset,
		glyphs: () => look.glyphs,
		mouse: options.mouse,
		end: () => end(),
	});

	/** Past its end a text must not go on scrolling unseen. */
	function clampScroll(next: UiState): UiState {
		if (next === ui) {
			return next;
		}

		const limit = scrollLimit(next, picture, look);
		return limit === undefined ? next : withScrollBelow(next, Math.max(0, limit));
	}

	function onKeys(events: readonly KeyEvent[]): void {
		view.touch(services.now());
		for (const event of events) {
			const reaction = react(scene(), event, keymap);
			if (reaction.id) {
				session.remember(reaction.id);
			}

			ui = clampScroll(reaction.ui);
			for (const effect of reaction.effects) {
				effects(effect);
			}
		}

		schedule();
	}

	function repaint(): void {
		ui = {...ui, columns: output.columns, rows: output.rows};
		// After a stop the shell's title stands there.
		title = own('');
		// Ink compares with the frame it believes is on screen; that one is gone.
		ink?.clear();
		frame = {...frame};
		schedule();
	}

	const session = createSession({
		output,
		onKeys,
		onRepaint: repaint,
		...(glyphs.charset === 'ascii' ? {} : {onWideGlyphs: () => changeCharset('ascii')}),
		onEnd: async () => services.close(),
		version,
	});
	session.enter();
	if (options.mouse) {
		session.setMouse(true);
	}

	const source = {
		subscribe(listener: () => void) {
			publish = listener;
			return () => {
				publish = () => {};
			};
		},
		current: () => frame,
	};
	output.on('resize', () => {
		ui = {...ui, columns: output.columns, rows: output.rows};
		picture = view.picture(ui, services.now());
		frame = frameOf(ui, picture, look);
		publish();
		setImmediate(() => session.redraw());
	});
	const first = frame;
	output.write(frameText(first));
	const {mount} = await import('./frame/mount.js');
	// A key, or a new size, may have made another frame meanwhile.
	ink = mount(source, output, frame === first);
	options.onPainted?.();

	const ticker = setInterval(() => {
		const nowMs = services.now();
		store.tick(nowMs);
		const day = new Date(nowMs).toDateString();
		if (day !== today) {
			today = day;
			// A replay's clock jumps to its first event; there is nothing above that the day would part it from.
			if (picture.feed.total > 0) {
				store.rule(-1, {type: 'day'}, nowMs);
			}
		}

		if (
			isDirty ||
			(ui.pause === undefined && store.version !== paintedVersion) ||
			Math.floor(nowMs / 1000) !== paintedSecond
		) {
			schedule();
		}
	}, frameMs);

	try {
		await ended;
	} finally {
		clearInterval(ticker);
		clearTimeout(scanTimer);
		publish = () => {};
		await session.close();
		ink.unmount();
		await services.close();
	}
}

function expireFlash(ui: UiState, nowMs: number): UiState {
	return ui.flash && ui.flash.untilMs < nowMs ? {...ui, flash: undefined} : ui;
}

function withScrollBelow(ui: UiState, limit: number): UiState {
	if (ui.overlay?.type === 'help') {
		return ui.overlay.scroll > limit ? {...ui, overlay: {...ui.overlay, scroll: limit}} : ui;
	}

	if (ui.view === 'policies') {
		return ui.policies.scroll > limit ? {...ui, policies: {...ui.policies, scroll: limit}} : ui;
	}

	return ui.detail.scroll > limit ? {...ui, detail: {...ui.detail, scroll: limit}} : ui;
}
