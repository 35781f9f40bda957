/**
A row of the screen before Ink sees it. Panes are pure functions that return lines of exactly the width they were given;
every text in one is already safe and already measured.
*/
import type {SafeText} from '../../text/safe.js';

/** What a piece of text means; theme.ts turns it into attributes. Colour never carries meaning alone. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'title'
	| 'focus'
	| 'cursor'
	| 'killed'
	/** A kill in the row under the cursor: it is known as one without colours, too. */
	| 'cursor-killed'
	| 'would'
	| 'denied'
	| 'good'
	| 'warn'
	| 'bad'
	| 'accent'
	| 'chip'
	| 'match'
	| 'node'
	| 'pod'
	| 'binary'
	| 'object'
	| 'time'
	| 'replay'
	| 'loss'
	/** The picture stands still: reverse, so that nobody takes it for live. */
	| 'paused'
	/** A count with something in it that nobody has acknowledged yet. */
	| 'unseen';

export type Segment = {readonly text: SafeText; readonly tone: Tone};

export type Line = readonly Segment[];

export type Rect = {readonly x: number; readonly y: number; readonly width: number; readonly height: number};
