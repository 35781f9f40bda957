/**
What the screen is drawn with, and its ASCII twin. No emoji, no variation selectors, no private-use glyphs, no braille:
terminals and fonts disagree about them.
*/
import type {Charset} from '../../text/charset.js';
import {own, type SafeText, sliceSafe} from '../../text/safe.js';

const unicode = {
	killed: own('✖'),
	would: own('◌'),
	denied: own('×'),
	/** Not in the container's init tree: came by kubectl exec, a probe or nsenter. */
	execBadge: own('⇢'),
	folded: own('▸'),
	unfolded: own('▾'),
	branch: own('├─ '),
	branchLast: own('└─ '),
	branchSkip: own('│  '),
	branchNone: own('   '),
	/** The subtree of the chosen process, in the tree and in the feed. */
	subtree: own('┃'),
	cursor: own('▸'),
	pin: own('◆'),
	times: own('×'),
	ellipsis: own('…'),
	live: own('●'),
	recordOn: own('●'),
	recordOff: own('○'),
	nodeOk: own('●'),
	nodePartial: own('◐'),
	nodeOff: own('○'),
	nodeRetry: own('↻'),
	nodeBad: own('✖'),
	warn: own('▲'),
	close: own('✕'),
	prompt: own('›'),
	separator: own('│'),
	dot: own('·'),
	dash: own('–'),
	none: own('—'),
	arrow: own('→'),
	arrowLeft: own('←'),
	up: own('↑'),
	down: own('↓'),
	play: own('▶'),
	follow: own('▼'),
	enter: own('⏎'),
	gap: own('░'),
	horizontal: own('─'),
	vertical: own('│'),
	topLeft: own('┌'),
	topRight: own('┐'),
	bottomLeft: own('└'),
	bottomRight: own('┘'),
	teeDown: own('┬'),
	teeUp: own('┴'),
	teeRight: own('├'),
	teeLeft: own('┤'),
	cross: own('┼'),
} satisfies Record<string, SafeText>;

export type GlyphName = keyof typeof unicode;

export type Glyphs = Readonly<Record<GlyphName, SafeText>> & {
	readonly charset: Charset;
	/** Eight steps, lowest first; one cell each. */
	readonly spark: readonly SafeText[];
	/** One cell each, in turn; the only motion beside the sparkline. */
	readonly spinner: readonly SafeText[];
};

const ascii = {
	killed: own('!'),
	would: own('?'),
	denied: own('x'),
	execBadge: own('[exec]'),
	folded: own('+'),
	unfolded: own('-'),
	branch: own('|- '),
	branchLast: own('`- '),
	branchSkip: own('|  '),
	branchNone: own('   '),
	subtree: own('|'),
	cursor: own('>'),
	pin: own('*'),
	times: own('x'),
	ellipsis: own('..'),
	live: own('*'),
	recordOn: own('*'),
	recordOff: own('-'),
	nodeOk: own('o'),
	nodePartial: own('%'),
	nodeOff: own('-'),
	nodeRetry: own('~'),
	nodeBad: own('x'),
	warn: own('!'),
	close: own('x'),
	prompt: own('>'),
	separator: own('|'),
	dot: own('-'),
	dash: own('-'),
	none: own('-'),
	arrow: own('->'),
	arrowLeft: own('<-'),
	up: own('^'),
	down: own('v'),
	play: own('>'),
	follow: own('v'),
	enter: own('Enter'),
	gap: own(':'),
	horizontal: own('-'),
	vertical: own('|'),
	topLeft: own('+'),
	topRight: own('+'),
	bottomLeft: own('+'),
	bottomRight: own('+'),
	teeDown: own('+'),
	teeUp: own('+'),
	teeRight: own('+'),
	teeLeft: own('+'),
	cross: own('+'),
} satisfies Record<GlyphName, SafeText>;

function each(characters: SafeText): SafeText[] {
	return Array.from({length: characters.length}, (_, index) => sliceSafe(characters, index, index + 1));
}

export const unicodeGlyphs: Glyphs = {
	...unicode,
	charset: 'unicode',
	spark: each(own('▁▂▃▄▅▆▇█')),
	spinner: each(own('◐◓◑◒')),
};

export const asciiGlyphs: Glyphs = {
	...ascii,
	charset: 'ascii',
	spark: each(own('.:-=+*#%')),
	spinner: each(own('|/-\\')),
};

/** The variables that say what the terminal is; `process.env` fits. */
export type TerminalEnvironment = {
	readonly [name in 'TERM' | 'LC_ALL' | 'LC_CTYPE' | 'LANG' | 'NO_COLOR']?: string | undefined;
};

/** The Linux console has 512 glyphs, the VTs and `dumb` fewer. */
const plainTerminal = /^(?:linux|dumb|vt\d.*)$/;

/**
ASCII where it is asked for (`--ascii`), where the terminal is unknown or has few glyphs, and where the locale is not
UTF-8: LC_ALL before LC_CTYPE before LANG, as setlocale(3) reads them; none set is the C locale.
*/
export function chooseCharset(
	environment: TerminalEnvironment,
	{ascii = false}: {readonly ascii?: boolean} = {},
): Charset {
	if (ascii) {
		return 'ascii';
	}
	const terminal = environment.TERM;
	if (terminal === undefined || terminal === '' || plainTerminal.test(terminal)) {
		return 'ascii';
	}
	const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || 'C';
	return /utf-?8/i.test(locale) ? 'unicode' : 'ascii';
}

export function glyphsFor(charset: Charset): Glyphs {
	return charset === 'ascii' ? asciiGlyphs : unicodeGlyphs;
}
