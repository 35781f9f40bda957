/** Who ended a process or container: the answer, its proof, and where nothing says it, what would. */
import type {Death, Proof} from '../../../store/death.js';
import {own, safe} from '../../../text/safe.js';
import {type Field, text, value} from '../../widgets/fields.js';
import {killWords} from '../../widgets/kill-words.js';
import {momentMs} from '../../widgets/moments.js';
import {nodeNameOf} from '../../widgets/node-words.js';
import type {PaneContext} from '../pane.js';
import type {Known} from './subject.js';

export function headOfDeath(context: PaneContext, {timeMs, node, group}: Known, death: Death): Field[] {
	const {glyphs, picture} = context;
	const {glyph, tone} = killWords[death.state];
	const times = group && group.count > 1 ? own`, ${group.count} times` : own('');
	return [
		text(own`${glyphs[glyph]} ${safe(death.name, 128)} (${safe(death.cause, 128)})${times}`, tone),
		text(own`${momentMs(context, timeMs)}  ${nodeNameOf(picture.nodes, node)}`, 'time', 2),
		text(safe(death.sentence), 'plain', 2),
	];
}

function proofField(context: PaneContext, {atMs, text: words}: Proof, index: number): Field {
	const at = atMs === undefined || Number.isNaN(atMs) ? own('') : own`${momentMs(context, atMs)} `;
	return value(index === 0 ? own('proof') : own(''), own`${at}${safe(words)}`);
}

/** At the end: it is long. */
export function tellingPolicy({death}: Known): Field[] {
	return death === undefined || death.policy === ''
		? []
		: [
				text(own('this policy would tell who sends SIGKILL and SIGTERM (C copies it):'), 'dim'),
				...death.policy
					.trimEnd()
					.split('\n')
					.map(line => text(safe(line), 'dim', 2)),
			];
}

/** Below the head. Of a process that a policy hit as well, the answer is here too. */
export function deathFields(context: PaneContext, {death, kill}: Known): Field[] {
	if (death === undefined) {
		return [];
	}

	const {name, cause, sentence, proof, lookedAt} = death;
	return [
		...(kill ? [value(own('ended'), own`${safe(name, 128)} (${safe(cause, 128)}): ${safe(sentence)}`)] : []),
		...proof.map((one, index) => proofField(context, one, index)),
		...lookedAt.map((words, index) => value(index === 0 ? own('looked') : own(''), safe(words))),
	];
}
