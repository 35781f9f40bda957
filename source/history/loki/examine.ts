/** What `tetratop doctor loki…` finds out, a line a step. */

import {WrittenForms} from '../../recording/written.js';
import {BadLine, readLine} from '../../tetragon/json/json-lines.js';
import {type NsSpan, nsPerMs, shownNs} from '../store-record.js';
import {Loki, type LokiOptions} from './loki.js';
import {isInClear, type LokiSettings} from './settings.js';

export type Step = {readonly isWell: boolean; readonly text: string};

/** Throws the Refusal of the step that failed; the lines before it were given. */
export async function* examineLoki(settings: LokiSettings, options: LokiOptions): AsyncGenerator<Step> {
	const loki = new Loki(settings, options);
	const record = loki.record();
	try {
		const version = await loki.version();
		yield step(`${loki.name}: ${version === undefined ? 'a Loki that hides its version' : `version ${version}`}`);
		yield step(settings.tenant === undefined ? 'no tenant (--org-id names one)' : `tenant ${settings.tenant}`);
		if (isInClear(settings)) {
			yield {isWell: false, text: `the login goes to ${settings.base.host} in clear over http; use loki+https`};
		}

		await record.open();
		yield step(`selector ${loki.query ?? ''}${settings.query === undefined ? ', found by its labels' : ''}`);
		yield step(loki.limits === undefined ? 'limits: it does not tell them' : `limits: ${loki.limits.shown}`);
		const count = await loki.count(options.span);
		yield step(`${count === undefined ? 'an unknown number of' : count} lines in the last hour`);
		yield* newest(loki, options.span, record.words.nothing(options.span));
	} finally {
		record.close();
	}
}

async function* newest(loki: Loki, {from, to}: NsSpan, nothing: string): AsyncGenerator<Step> {
	const windows = loki.record().windows({from, to}).toReversed();
	for (const window of windows) {
		const {entries} = await loki.page({span: window, isBackward: true});
		const last = entries.at(-1);
		if (last !== undefined) {
			const seconds = Number((to - last.ns) / nsPerMs) / 1000;
			yield step(`the newest line is of ${shownNs(last.ns)}, ${Math.max(0, Math.round(seconds))} s ago`);
			yield formOf(entries.map(({stream, line}) => [stream, line]));
			return;
		}
	}

	yield {isWell: false, text: nothing};
}

/** How the events of the newest page are wrapped. */
function formOf(lines: ReadonlyArray<readonly [string, string]>): Step {
	const seen = {events: 0, bad: 0};
	const forms = new WrittenForms({
		event: () => void seen.events++,
		own: () => {},
		bad: () => void seen.bad++,
	});
	const isPlain = lines.every(([, line]) => !(readLine(line) instanceof BadLine));
	for (const [stream, line] of lines) {
		forms.push(stream, line);
	}

	forms.end();
	const names = [...forms.forms.keys()].join(', ');
	const text = `${seen.events} events in ${lines.length} lines: ${isPlain || names === '' ? 'plain JSON of Tetragon' : names}`;
	return {isWell: seen.events > 0, text: seen.bad === 0 ? text : `${text}; ${seen.bad} lines are no whole events`};
}

function step(text: string): Step {
	return {isWell: true, text};
}
