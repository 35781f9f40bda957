/**
A narrowing is whatever hides events: a flag, an entry of the configuration, a chip, a key. The second line of the screen, the
filter of the feed and the sentence about what is shown are made from one list of them, so that none is without a chip.
*/
import type {Chip} from './chip.js';

export type Narrowing = {
	/** As it was written: `--pod ^tie`, `pod: ^tie (config)`, `ev:exec`. Raw. */
	readonly text: string;
	/** The agents apply it: they do not send what it hides. */
	readonly isAtAgent: boolean;
	readonly hides: Hiding;
};

export type Hiding =
	/** Applied before the store, for as long as the program runs. */
	| {readonly by: 'start'}
	| {readonly by: 'chip'; readonly chip: Chip}
	/** All events but those of a process and of what it started. */
	| {readonly by: 'process'; readonly execId: string}
	/** All events but those of alerts. */
	| {readonly by: 'alerts'}
	/** Health probes. */
	| {readonly by: 'probes'};
