/** Everything that the screen does to the world outside it, in one place. */
import {writeFile} from 'node:fs/promises';
import type {Store} from '../store/store.js';
import type {Charset} from '../text/charset.js';
import {own, safe} from '../text/safe.js';
import {formOf, savedLines} from './actions/save.js';
import {jumpToTime} from './actions/timeline.js';
import type {Glyphs} from './frame/glyphs.js';
import {type Theme, themeNames, themes} from './frame/theme.js';
import {screenLines} from './screen.js';
import type {Effect, Scene} from './state/reaction.js';
import {flash} from './state/reaction.js';
import type {UiState} from './state/state.js';
import {copySequence} from './terminal/clipboard.js';
import type {TerminalOutput} from './terminal/output.js';
import type {Session} from './terminal/session.js';

/** A policy's new mode and the nodes on which it is set. */
export type PolicySwitch = Extract<Effect, {type: 'switch-policy'}>;

/** What the mode behind the screen can do: the live fleet, the demo, a replay. Names and texts are raw. */
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
	/** Raw text; rejects, in words, where it cannot be had. */
	readonly policyYaml: (name: string, namespace: string) => Promise<string>;
	readonly agentLog: (node: string) => Promise<string>;
	/** Starts, or without a path stops, a recording; says in words how that went. */
	readonly record: (path: string | undefined) => Promise<string>;
	/** Whether what tetratop itself runs on the nodes is kept from now on; false: this mode runs nothing there. */
	readonly showOwn: (isShown: boolean) => boolean;
	readonly replay: (change: 'pause' | 'faster' | 'slower') => void;
	/** A clock time within a replay; false: this mode has no past but its buffer. */
	readonly seek: (timeMs: number) => boolean;
	/** Closes connections and files; may be called twice. */
	readonly close: () => Promise<void>;
};

type World = {
	readonly store: Store;
	readonly services: Services;
	readonly output: TerminalOutput;
	readonly session: () => Session;
	readonly scene: () => Scene;
	readonly setUi: (ui: UiState) => void;
	readonly setTheme: (theme: Theme) => void;
	readonly theme: () => Theme;
	readonly setCharset: (charset: Charset) => void;
	readonly glyphs: () => Glyphs;
	/** Whether it is on at the start. */
	readonly mouse: boolean;
	readonly end: () => void;
};

export function createEffects(world: World): (effect: Effect) => void {
	const {store, services, output, session, scene} = world;
	let isMouseOn = world.mouse;

	function say(text: string): void {
		world.setUi(flash(scene(), safe(text)));
	}

	function report(work: Promise<string>): void {
		work.then(say, (error: unknown) => say(error instanceof Error ? error.message : String(error)));
	}

	return effect => {
		switch (effect.type) {
			case 'quit':
				world.end();
				break;
			case 'suspend':
				session().suspend();
				break;
			case 'redraw':
				session().redraw();
				break;
			case 'reconnect':
				services.reconnect(effect.node);
				say('trying again');
				break;
			case 'copy': {
				const sequence = copySequence([safe(effect.text)], process.env);
				if (sequence === undefined) {
					say('too long for the clipboard of a terminal: save it with Ctrl-s');
				} else {
					output.write(sequence);
					world.setUi(flash(scene(), own`copied: ${effect.what}`));
				}

				break;
			}

			case 'acknowledge':
				store.acknowledge(effect.group);
				break;
			case 'mark': {
				const nowMs = services.now();
				store.rule(-1, {type: 'mark', text: new Date(nowMs).toTimeString().slice(0, 8)}, nowMs);
				break;
			}

			case 'record':
				report(services.record(effect.path));
				break;
			case 'save':
				report(save(effect.path));
				break;
			case 'mouse':
				isMouseOn = !isMouseOn;
				session().setMouse(isMouseOn);
				say(isMouseOn ? 'mouse on: select text with Shift' : 'mouse off');
				break;
			case 'theme': {
				const turned = themeNames[(themeNames.indexOf(world.theme().name) + 1) % themeNames.length];
				const next = effect.name ?? turned ?? 'default';
				world.setTheme(themes[next]);
				say(`theme ${next}`);
				break;
			}

			case 'ascii':
				world.setCharset(effect.isOn ? 'ascii' : 'unicode');
				break;
			case 'plain-screen':
				plainScreen();
				break;
			case 'replay':
				services.replay(effect.change);
				break;
			case 'seek':
				seek(effect.clock);
				break;
			case 'show-policy':
				show(`TracingPolicy ${effect.name}`, services.policyYaml(effect.name, effect.namespace));
				break;
			case 'show-log':
				show(`agent log of ${effect.node}`, services.agentLog(effect.node));
				break;
			case 'own':
				if (services.showOwn(effect.isShown)) {
					say(effect.isShown ? 'own execs are shown from now on' : 'own execs are hidden from now on');
				} else {
					say('tetratop runs nothing on the nodes here');
				}

				break;
			case 'clear':
				store.clear();
				break;
			case 'switch-policy':
				if (services.switchPolicy) {
					reportPolicy(services.switchPolicy(effect));
				} else {
					say('read-only: nothing was changed');
				}

				break;
		}
	};

	/** Where it did not go well on every node, the words need more than a line that passes. */
	function reportPolicy(work: Promise<string>): void {
		work.then(
			text => {
				if (text.includes('\n')) {
					world.setUi({
						...scene().ui,
						overlay: {type: 'text', title: 'policy switched, not everywhere', text, scroll: 0},
					});
				} else {
					say(text);
				}
			},
			(error: unknown) => say(error instanceof Error ? error.message : String(error)),
		);
	}

	function show(title: string, work: Promise<string>): void {
		work.then(
			text => world.setUi({...scene().ui, overlay: {type: 'text', title, text, scroll: 0}}),
			(error: unknown) => say(error instanceof Error ? error.message : String(error)),
		);
	}

	async function save(path: string): Promise<string> {
		const lines = [...savedLines(scene().picture, formOf(path), text => safe(text))];
		try {
			await writeFile(path, `${lines.join('\n')}\n`, {mode: 0o600, flag: 'wx'});
		} catch (error) {
			const {code, message} = error as NodeJS.ErrnoException;
			throw new Error(code === 'EEXIST' ? `not saved: ${path} exists; choose another name` : `not saved: ${message}`);
		}

		return `saved ${lines.length} lines to ${path}`;
	}

	/** The screen as plain text below the shell's own lines, where any terminal lets it be selected. */
	function plainScreen(): void {
		const {ui, picture} = scene();
		const rows: string[] = [];
		for (const {box, lines} of screenLines({...ui, overlay: undefined}, picture, {
			glyphs: world.glyphs(),
			program: {version: ''},
		})) {
			for (const [index, line] of lines.entries()) {
				const y = box.rect.y + index;
				rows[y] = (rows[y] ?? '').padEnd(box.rect.x) + line.map(({text}) => text).join('');
			}
		}

		session().leave();
		process.stdout.write(`${rows.map(row => row.trimEnd()).join('\n')}\n[Enter goes back to tetratop]\n`);
		process.stdin.resume();
		process.stdin.once('data', () => {
			session().enter();
			session().redraw();
		});
	}

	function seek(clock: string): void {
		const {ui, picture} = scene();
		const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
		const at = new Date(picture.nowMs);
		at.setHours(hours, minutes, Math.floor(seconds), Math.round((seconds % 1) * 1000));
		const today = at.getTime();
		const yesterday = today - 86_400_000;
		// Live, a time of day that is still to come was yesterday's; a replay can go there: the nearest is meant.
		const isAhead = ui.replay ? today - picture.nowMs > picture.nowMs - yesterday : today > picture.nowMs + 60_000;
		const timeMs = isAhead ? yesterday : today;
		if (!services.seek(timeMs)) {
			world.setUi(jumpToTime(scene(), timeMs).ui);
		} else {
			// What the cursor stood on may not have happened yet.
			world.setUi({...scene().ui, events: {...scene().ui.events, follow: true}});
		}
	}
}
