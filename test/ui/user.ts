/** Somebody at the keyboard of the whole screen, over a real Store: keys in, lines out. No terminal, no clock. */
import {setCharset} from '../../source/text/charset.js';
import {react} from '../../source/ui/dispatch.js';
import {unicodeGlyphs} from '../../source/ui/frame/glyphs.js';
import {defaultKeymap} from '../../source/ui/keys/keymap.js';
import {plainRows} from '../../source/ui/plain-screen.js';
import {panesOn, rowsOf} from '../../source/ui/screen.js';
import {initialState} from '../../source/ui/state/initial.js';
import type {Picture} from '../../source/ui/state/picture.js';
import type {Scene as ActionScene, Effect} from '../../source/ui/state/reaction.js';
import type {UiState} from '../../source/ui/state/state.js';
import {View} from '../../source/ui/state/view.js';
import type {KeyEvent} from '../../source/ui/terminal/decoder.js';
import {Scene} from './panes/scene.js';

const look = {glyphs: unicodeGlyphs, program: {version: '0.1.0'}};

export class User {
	readonly scene: Scene;
	readonly view: View;
	readonly effects: Effect[] = [];
	ui: UiState;

	constructor(columns = 120, rows = 40, scene = new Scene()) {
		this.scene = scene;
		this.view = new View(scene.store);
		setCharset('unicode');
		this.ui = initialState({columns, rows, targetName: 'test', mode: 'live', allowWrite: false, chips: []});
	}

	get picture(): Picture {
		let picture = this.view.picture(this.ui, this.scene.nowMs);
		while (this.view.isScanning) {
			picture = this.view.picture(this.ui, this.scene.nowMs);
		}
		return picture;
	}

	/** Names as the decoder gives them, in order: `press('/', 'a', 'enter')`. */
	press(...keys: string[]): void {
		for (const name of keys) {
			const text = name === 'space' ? ' ' : [...name].length === 1 ? name : undefined;
			this.give(text === undefined ? {type: 'key', name} : {type: 'key', name, text});
		}
	}

	/** Each character is a key. */
	type(text: string): void {
		for (const character of text) {
			this.press(character === ' ' ? 'space' : character);
		}
	}

	/** What an action may look at. */
	get actionScene(): ActionScene {
		const {ui, picture} = this;
		return {ui, picture, rowsOf: pane => rowsOf(ui, picture, look, pane), panes: panesOn(ui)};
	}

	give(event: KeyEvent): void {
		const reaction = react(this.actionScene, event, defaultKeymap);
		this.ui = reaction.ui;
		this.effects.push(...reaction.effects);
	}

	/** The whole screen as text, each row without the blanks at its end. */
	screen(): readonly string[] {
		return plainRows(this.ui, this.picture, look);
	}
}
