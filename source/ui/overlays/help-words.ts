/** The second page of the help: how to ask, what the marks mean, where things are kept. */
import {fieldWords} from '../../query/chip.js';
import {deathStateTable, killStates} from '../../store/enforcement-states.js';
import {own, type SafeText, safe} from '../../text/safe.js';
import type {HelpPage} from '../keys/key-help.js';
import {killWords} from '../widgets/kill-words.js';
import type {OverlayContext} from './boxed.js';
import {commandEntries} from './command-help.js';

const examples: ReadonlyArray<readonly [query: SafeText, meaning: SafeText]> = [
	[own('xwing'), own('pods that look like xwing, a letter may be missing')],
	[own('payments/api'), own('the same with its namespace')],
	[own('ns=payments'), own('exactly this namespace')],
	[own('bin:curl !ns=kube-system'), own('curl anywhere but in kube-system; a space is AND')],
	[own('ev:exec|exit'), own('one or the other; inside a word | is OR')],
	[own('ev:kill'), own('enforcements only')],
	[own('pol=egress-deny'), own('events of one policy')],
	[own('arg~shadow$'), own('a regular expression on the arguments')],
	[own('l:app=api'), own('pods with a label')],
	[own('t:12:03-12:05'), own('a range of time')],
];

function page(title: SafeText, entries: ReadonlyArray<readonly [SafeText, SafeText]>): HelpPage {
	return {
		title,
		entries: entries.map(([keys, help]) => ({keys, help})),
	};
}

export function secondPage({glyphs}: OverlayContext): HelpPage[] {
	return [
		page(own('ASK (after /)'), examples),
		page(
			own('FIELDS'),
			Object.entries(fieldWords).map(([field, words]) => [own`${safe(field)}:`, safe(words)] as const),
		),
		page(own('HOW'), [
			[own(': = ~'), own('like, exactly, regular expression')],
			[own(':> :>= :< :<='), own('of numbers and times')],
			[own('"some words'), own('a text in anything that the row or its detail says; so is a word that no pod has')],
			[own("'word ^word word$"), own('contains, begins with, ends with')],
			[own('!'), own('not')],
			[own('[S]'), own('on a chip: the agents filter; other events of this time are not here')],
		]),
		page(
			own('KILL STATES'),
			killStates.map(state => {
				const {glyph, name, meaning} = killWords[state];
				return [own`${glyphs[glyph]} ${name}`, meaning] as const;
			}),
		),
		page(
			own("DEATHS THAT ARE NO POLICY'S"),
			deathStateTable.map(({state}) => {
				const {glyph, name, meaning} = killWords[state];
				return [own`${glyphs[glyph]} ${name}`, meaning] as const;
			}),
		),
		page(own('COMMANDS (after :)'), commandEntries()),
		page(own('MARKS'), [
			[
				glyphs.charset === 'ascii' ? own('e [exec]') : glyphs.execBadge,
				own('not in the init tree of its container: kubectl exec, a probe, nsenter'),
			],
			[glyphs.pin, own('pinned: it stays here until U')],
			[own`${glyphs.times}14`, own('so many equal events that followed each other within 2 s; Enter opens them')],
			[own('probe'), own('a health probe that the kubelet runs in the container')],
			[own('runtime'), own('runc, crun, conmon or a shim on the host: it starts and enters containers')],
			[glyphs.warn, own('behind a number in the tree: alerts of any state')],
			[glyphs.subtree, own('belongs to the process chosen in the tree')],
			[own('~'), own('behind a time: arrived late or out of order')],
			[own('*'), own('behind a time: the event has none, this is when it arrived')],
			[
				own`${glyphs.nodeOk} ${glyphs.nodeRetry} ${glyphs.nodeBad}`,
				own('a node that streams, is tried again, is blocked'),
			],
			[glyphs.gap, own('in the timeline: events were lost')],
		]),
		page(own('FILES'), [
			[own('config'), own('~/.config/tetratop/config.yaml, or $XDG_CONFIG_HOME')],
			[own('records'), own('~/.local/state/tetratop, or $XDG_STATE_HOME')],
			[own('keys'), own('tetratop keys lists them; keys: in the config changes them')],
		]),
	];
}
