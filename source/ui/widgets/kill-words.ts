/** The word, the mark and the tone of each kill state: the same in the tree, the feed, the alerts and the detail. */
import {type AlertState, alertStateTable, type KillStateRow, type Reason} from '../../store/enforcement-states.js';
import type {Enforcement, Process} from '../../store/processes/process.js';
import {type SafeText, safe} from '../../text/safe.js';
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

/** How each state looks; its words come from the table of states. */
const looks: Readonly<Record<AlertState, readonly [GlyphName, Tone]>> = {
	KILLED: ['killed', 'killed'],
	'KILL-SENT': ['killed', 'killed'],
	'KILL ?': ['killed', 'would'],
	UNSEEN: ['killed', 'killed'],
	DENIED: ['denied', 'denied'],
	'DENY ?': ['denied', 'would'],
	SIGNALLED: ['denied', 'denied'],
	'NOT KILLED': ['would', 'would'],
	'WOULD-KILL': ['would', 'would'],
	'WOULD-SIGNAL': ['would', 'would'],
	'WOULD-DENY': ['would', 'would'],
	OOM: ['killed', 'bad'],
	EVICTED: ['killed', 'warn'],
	PREEMPTED: ['killed', 'warn'],
	PROBE: ['killed', 'bad'],
	BY: ['killed', 'bad'],
	OUTSIDE: ['killed', 'bad'],
	UNKNOWN: ['killed', 'would'],
	SHUTDOWN: ['killed', 'warn'],
	RESTARTED: ['killed', 'warn'],
	DELETED: ['killed', 'warn'],
	SELF: ['denied', 'warn'],
};

function wordsOf(row: KillStateRow, [glyph, tone]: readonly [GlyphName, Tone]): KillWords {
	const word = row.state.startsWith('WOULD') ? row.state.toLowerCase() : row.state;
	return {
		verb: safe(row.short),
		word: safe(word),
		name: safe(row.state),
		glyph,
		tone,
		weight: row.weight,
		meaning: safe(row.meaning),
	};
}

export const killWords = Object.fromEntries(
	alertStateTable.map(row => [row.state, wordsOf(row, looks[row.state])]),
) as Readonly<Record<AlertState, KillWords>>;

/** Why a verdict is what it is, in one sentence; '' where its state says it. */
export const reasonSentences: Readonly<Record<Reason, string>> = {
	counters: '',
	mode: '',
	exit: 'the mode was not recorded; the exit proves it',
	error: 'the mode is not known; the value that the call returned shows it',
	'went-on': 'the process went on, or ended by itself, after the call',
	'not-read':
		'the counters of the policy were not read after it (the agent restarted, or did not answer), so its mode is not certain',
	'awaits-counters': 'the listed mode and the end of the process disagree; the next poll of the counters decides',
	mixed: 'enforced and monitored calls of this policy lie between the same two polls, and nothing tells them apart',
	'mode-changed': 'the mode of the policy changed between two polls, and this agent has no counters',
	'mode-unknown': 'the mode of the policy at that moment is not known',
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
