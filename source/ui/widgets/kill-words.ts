/** The word, the mark and the tone of each kill state: the same in the tree, the feed, the alerts and the detail. */
import type {KillState} from '../../store/enforcement-states.js';
import type {Enforcement, Process} from '../../store/processes/process.js';
import {own, type SafeText} from '../../text/safe.js';
import type {GlyphName} from '../frame/glyphs.js';
import type {Tone} from '../frame/line.js';

type KillWords = {
	/** Short enough for the feed's EVENT column. */
	readonly verb: SafeText;
	/** For the tree. */
	readonly word: SafeText;
	/** For the alerts and the detail: the state's own name. */
	readonly name: SafeText;
	readonly glyph: GlyphName;
	readonly tone: Tone;
	/** The higher, the more it matters which one is shown where there is room for one. */
	readonly weight: number;
	/** What it means, in one sentence. */
	readonly meaning: SafeText;
};

export const killWords: Readonly<Record<KillState, KillWords>> = {
	KILLED: {
		verb: own('KILL'),
		word: own('KILLED'),
		name: own('KILLED'),
		glyph: 'killed',
		tone: 'killed',
		weight: 8,
		meaning: own('the policy enforces, and the process ended by this signal'),
	},
	'KILL-SENT': {
		verb: own('KILL..'),
		word: own('KILL-SENT'),
		name: own('KILL-SENT'),
		glyph: 'killed',
		tone: 'killed',
		weight: 7,
		meaning: own('the policy enforces; exit not seen: a lost event, or the process survives (uninterruptible)'),
	},
	'KILL (mode ?)': {
		verb: own('KILL?'),
		word: own('KILL ?'),
		name: own('KILL (mode ?)'),
		glyph: 'killed',
		tone: 'would',
		weight: 6,
		meaning: own('the mode of the policy on this node is not known: it may have killed, or only have said so'),
	},
	UNSEEN: {
		verb: own('UNSEEN'),
		word: own('UNSEEN'),
		name: own('UNSEEN'),
		glyph: 'killed',
		tone: 'killed',
		weight: 5,
		meaning: own('a counter of the policy went up, but no event came'),
	},
	DENIED: {
		verb: own('DENY'),
		word: own('DENIED'),
		name: own('DENIED'),
		glyph: 'denied',
		tone: 'denied',
		weight: 4,
		meaning: own('the call got an error; the process lives'),
	},
	SIGNALLED: {
		verb: own('SIGNAL'),
		word: own('SIGNALLED'),
		name: own('SIGNALLED'),
		glyph: 'denied',
		tone: 'denied',
		weight: 3,
		meaning: own('the policy enforces, and sent a signal that need not end the process'),
	},
	'WOULD-KILL': {
		verb: own('would'),
		word: own('would-kill'),
		name: own('WOULD-KILL'),
		glyph: 'would',
		tone: 'would',
		weight: 2,
		meaning: own('the policy only monitors: nothing was killed'),
	},
	'WOULD-DENY': {
		verb: own('would'),
		word: own('would-deny'),
		name: own('WOULD-DENY'),
		glyph: 'would',
		tone: 'would',
		weight: 1,
		meaning: own('the policy only monitors: nothing was denied'),
	},
};

/** The enforcement that matters most of those that hit a process; the newest of equals. */
export function worstKill(process: Process): Enforcement | undefined {
	let worst: Enforcement | undefined;
	for (const kill of process.kills) {
		if (!worst || killWords[kill.state].weight >= killWords[worst.state].weight) {
			worst = kill;
		}
	}
	return worst;
}

/** The enforcement that one event of the feed was; its state may have changed since. */
export function killOf(process: Process | undefined, seq: number): Enforcement | undefined {
	return process?.kills.find(kill => kill.seq === seq);
}
