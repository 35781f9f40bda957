/**
Actions change the state and say what must follow; they never draw and never do. Effects are done in one place, effects.ts.
*/
import type {SafeText} from '../../text/safe.js';
import type {KindId, PaneId} from '../frame/pane-ids.js';
import type {ThemeName} from '../frame/theme.js';
import type {Picture} from './picture.js';
import type {UiState} from './state.js';

export type Effect =
	| {readonly type: 'quit'}
	| {readonly type: 'suspend'}
	| {readonly type: 'redraw'}
	| {readonly type: 'reconnect'; readonly node: string | undefined}
	/** Raw foreign text: the clipboard module makes it safe. */
	| {readonly type: 'copy'; readonly text: string; readonly what: SafeText}
	| {readonly type: 'acknowledge'; readonly group: string | 'all'}
	| {readonly type: 'mark'}
	| {readonly type: 'record'; readonly path: string | undefined}
	| {readonly type: 'save'; readonly path: string}
	| {readonly type: 'mouse'}
	/** Without a name: the next one. */
	| {readonly type: 'theme'; readonly name?: ThemeName}
	| {readonly type: 'ascii'; readonly isOn: boolean}
	| {readonly type: 'plain-screen'}
	| {readonly type: 'replay'; readonly change: 'pause' | 'faster' | 'slower'}
	| {readonly type: 'seek'; readonly clock: string}
	| {readonly type: 'own'; readonly isShown: boolean}
	| {readonly type: 'clear'}
	| {readonly type: 'show-policy'; readonly name: string; readonly namespace: string}
	| {readonly type: 'show-log'; readonly node: string}
	| {
			readonly type: 'switch-policy';
			/** Names of the nodes that are meant. */
			readonly nodes: readonly string[];
			readonly name: string;
			readonly namespace: string;
			readonly mode: 'TP_MODE_ENFORCE' | 'TP_MODE_MONITOR';
	  };

export type Reaction = {readonly ui: UiState; readonly effects: readonly Effect[]};

/** The state and what is on screen of the store. */
export type Seen = {readonly ui: UiState; readonly picture: Picture};

/** What an action may look at. */
export type Scene = Seen & {
	/** Rows that the list of a pane or view has room for now; 0 where it is not on screen. */
	readonly rowsOf: (id: KindId) => number;
	/** Panes on screen, in the order of Tab. */
	readonly panes: readonly PaneId[];
};

export function stay(ui: UiState, ...effects: Effect[]): Reaction {
	return {ui, effects};
}

const flashMs = 6000;

export function flash(scene: Scene, text: SafeText, ui: UiState = scene.ui): UiState {
	return {
		...ui,
		flash: {text, untilMs: scene.picture.nowMs + flashMs},
	};
}
