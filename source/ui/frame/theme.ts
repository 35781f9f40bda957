/**
From what a text means to the attributes of a terminal. The 16 colours obey the palette that the user has chosen for the
terminal; every tone also differs by an attribute or by the words it stands on, so that mono loses nothing.
*/
import type {TerminalEnvironment} from './glyphs.js';
import type {Line, Tone} from './line.js';

export type ThemeName = 'default' | 'light' | 'mono' | 'high-contrast';
export const themeNames: readonly ThemeName[] = ['default', 'light', 'mono', 'high-contrast'];

/** Parameters of CSI m, one each. */
type Attributes = readonly number[];

export type Theme = {
	readonly name: ThemeName;
	readonly tones: Readonly<Record<Tone, {readonly on: string; readonly off: string}>>;
};

const bold = 1;
const dim = 2;
const underline = 4;
const reverse = 7;
const red = 31;
const green = 32;
const yellow = 33;
const blue = 34;
const magenta = 35;
const cyan = 36;
const brightYellow = 93;
const brightBlue = 94;
const brightCyan = 96;

const mono: Record<Tone, Attributes> = {
	plain: [],
	dim: [dim],
	strong: [bold],
	title: [bold],
	focus: [bold, reverse],
	cursor: [reverse],
	killed: [reverse],
	'cursor-killed': [bold],
	would: [bold],
	denied: [bold],
	good: [],
	warn: [bold],
	bad: [bold, reverse],
	accent: [bold],
	chip: [underline],
	match: [bold, underline],
	node: [],
	pod: [],
	binary: [],
	object: [],
	time: [dim],
	replay: [bold],
	loss: [bold],
	paused: [reverse],
	unseen: [bold, reverse],
};

const standard: Record<Tone, Attributes> = {
	...mono,
	killed: [bold, red],
	'cursor-killed': [bold, reverse, red],
	would: [yellow],
	denied: [bold, magenta],
	good: [green],
	warn: [yellow],
	bad: [bold, red],
	accent: [cyan],
	chip: [cyan],
	match: [bold, underline, yellow],
	node: [cyan],
	pod: [green],
	binary: [bold],
	replay: [bold, blue],
	loss: [yellow],
	paused: [reverse, yellow],
	unseen: [bold, reverse, red],
};

/** Yellow and cyan cannot be read on white. */
const light: Record<Tone, Attributes> = {
	...standard,
	would: [bold, blue],
	warn: [magenta],
	accent: [blue],
	chip: [blue],
	match: [bold, underline, magenta],
	node: [blue],
	loss: [magenta],
	paused: [reverse, magenta],
};

/** Blue against yellow: told apart with any of the common colour blindnesses, and nothing is dim. */
const highContrast: Record<Tone, Attributes> = {
	...standard,
	dim: [],
	time: [],
	killed: [bold, reverse, brightYellow],
	'cursor-killed': [bold, reverse, brightYellow],
	would: [bold, brightYellow],
	denied: [bold, underline, brightYellow],
	good: [brightBlue],
	warn: [bold, brightYellow],
	bad: [bold, reverse, brightYellow],
	accent: [brightCyan],
	chip: [brightCyan],
	match: [bold, underline, brightYellow],
	node: [brightCyan],
	pod: [],
	replay: [bold, brightBlue],
	loss: [brightYellow],
	paused: [reverse, brightYellow],
	unseen: [bold, reverse, brightYellow],
};

/** The parameter that ends what `attribute` began. */
function ending(attribute: number): number {
	if (attribute === bold || attribute === dim) {
		return 22;
	}
	if (attribute === underline) {
		return 24;
	}
	return attribute === reverse ? 27 : 39;
}

function sequence(parameter: number): string {
	return `\u001B[${parameter}m`;
}

function themeOf(name: ThemeName, tones: Record<Tone, Attributes>): Theme {
	return {
		name,
		tones: Object.fromEntries(
			Object.entries(tones).map(([tone, attributes]) => [
				tone,
				{
					// One parameter a sequence: Ink's tokenizer knows the end of each only so.
					on: attributes.map(sequence).join(''),
					off: [...new Set(attributes.map(ending))].map(sequence).join(''),
				},
			]),
		) as Theme['tones'],
	};
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
	default: themeOf('default', standard),
	light: themeOf('light', light),
	mono: themeOf('mono', mono),
	'high-contrast': themeOf('high-contrast', highContrast),
};

export type ColorFlag = 'auto' | 'always' | 'never';

type Wish = {readonly color?: ColorFlag; readonly theme?: ThemeName};

/** True where colours are not to be used. `--color` is stronger than NO_COLOR (no-color.org), which is stronger than TERM. */
export function isColorless(environment: TerminalEnvironment, color: ColorFlag = 'auto'): boolean {
	if (color !== 'auto') {
		return color === 'never';
	}
	if (environment.NO_COLOR) {
		return true;
	}
	return environment.TERM === 'dumb' || /^vt\d/.test(environment.TERM ?? '');
}

/** Attributes only (reverse, bold, dim, underline) where colours are not wanted, else the theme asked for. */
export function chooseTheme(environment: TerminalEnvironment, {color = 'auto', theme = 'default'}: Wish = {}): Theme {
	return themes[isColorless(environment, color) ? 'mono' : theme];
}

type Painted = {readonly theme: Theme; readonly text: string};

const painted = new WeakMap<Line, Painted>();

/** One string with its attributes for a whole row. A line that comes again is not painted again. */
export function paintLine(line: Line, theme: Theme): string {
	const known = painted.get(line);
	if (known?.theme === theme) {
		return known.text;
	}
	let text = '';
	for (const segment of line) {
		const {on, off} = theme.tones[segment.tone];
		text += on + segment.text + off;
	}
	painted.set(line, {theme, text});
	return text;
}
