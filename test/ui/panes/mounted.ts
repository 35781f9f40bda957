/** A pane as a component: the whole app drawn by Ink, keys in, and the rows of one pane out. */
import {test} from 'node:test';
import {unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import type {Area} from '../../../source/ui/frame/layout.js';
import {scrollClamped} from '../../../source/ui/screen.js';
import {layoutOf} from '../../../source/ui/state/screen-layout.js';
import {inkScreen} from '../ink.js';
import {User} from '../user.js';
import {enforcing, Scene} from './scene.js';

export type Size = readonly [columns: number, rows: number];

/** One pane at a time, the usual window, and a full screen. */
export const sizes: readonly Size[] = [
	[80, 24],
	[120, 40],
	[200, 60],
];

const look = {glyphs: unicodeGlyphs, program: {version: '0.1.0'}};

export class Mounted {
	readonly user: User;

	constructor([columns, rows]: Size, scene = new Scene()) {
		this.user = new User(columns, rows, scene);
	}

	/** Key names as the decoder gives them. */
	press(...keys: string[]): this {
		for (const key of keys) {
			this.user.press(key);
			this.user.ui = scrollClamped(this.user.ui, this.user.picture, look);
		}

		return this;
	}

	/** A line into the prompt that this key opens. */
	enter(key: string, line: string): this {
		this.user.press(key);
		this.user.type(line);
		this.user.press('enter');
		return this;
	}

	/** All rows, as Ink drew them. */
	screen(): readonly string[] {
		return inkScreen(this.user);
	}

	has(area: Area): boolean {
		return layoutOf(this.user.ui).boxes[area] !== undefined;
	}

	/** The rows of one pane, as Ink drew them. */
	pane(area: Area): readonly string[] {
		const box = layoutOf(this.user.ui).boxes[area];
		if (box === undefined) {
			throw new Error(`${area} is not on a screen of ${this.user.ui.columns}x${this.user.ui.rows}`);
		}
		const {x, y, width, height} = box.rect;
		return this.screen()
			.slice(y, y + height)
			.map(row => row.slice(x, x + width).trimEnd());
	}

	text(area: Area): string {
		return this.pane(area).join('\n');
	}

	/** The row that the cursor is on. */
	chosen(area: Area): string {
		return this.pane(area).find(row => row.includes('▸')) ?? '';
	}
}

/** The same promise at every size. */
export function atEachSize(promise: string, check: (size: Size) => void): void {
	for (const size of sizes) {
		test(`${promise}, ${size.join('x')}`, () => check(size));
	}
}

/** A node whose agent enforces: 78 events, three kills in two pods, and 26 processes of the host. */
export function enforced(): Scene {
	const scene = new Scene();
	const node = scene.node('minikube');
	scene.store.takePolicies(node, [enforcing('file-monitoring-filtered')], 1);
	scene.play(node, 'file-enforce');
	return scene;
}
