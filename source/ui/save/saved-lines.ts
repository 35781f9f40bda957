/** The lines of a saved view: text, CSV or JSON lines, by the file's name. */
import type {RecordedPolicies} from '../../recording/policies.js';
import type {FeedRow} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import type {Event} from '../../tetragon/event/event.js';
import {podOrContainer} from '../../tetragon/event/facts.js';
import {inertJson} from '../../text/inert.js';
import {type SafeText, safe} from '../../text/safe.js';
import {type SavedEvent, savedColumns} from '../panes/feed/feed-columns.js';
import type {EventRow} from '../panes/feed/feed-words.js';
import type {Picture} from '../state/picture.js';
import {inOrder} from '../widgets/event-json.js';
import {SavedModes} from './saved-modes.js';

type Form = 'text' | 'csv' | 'jsonl';

export function formOf(path: string): Form {
	const name = path.toLowerCase().replace(/\.gz$/, '');
	if (name.endsWith('.csv')) {
		return 'csv';
	}

	return /\.(?:jsonl|json|ndjson|log)$/.test(name) ? 'jsonl' : 'text';
}

/** RFC 4180; a value that a spreadsheet would run as a formula gets an apostrophe. Some spreadsheets begin a cell at `;`. */
function cell(value: SafeText): string {
	const inert = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^\\[trn]/.test(value) ? `'${value}` : value;
	return /[",;]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** One line of a text file: what is empty is left out. */
function textOf({row, node, said, death}: SavedEvent): string {
	const facts = row.process?.facts;
	const name = facts === undefined ? '' : podOrContainer(facts);
	const pod = name === '' ? '' : `${facts?.namespace ?? ''}/${name}`;
	const state = row.process?.kills.find(({seq}) => seq === row.seq)?.state ?? death?.name;
	return [new Date(row.timeMs).toISOString(), node, pod, said.verb, said.detail, row.policy, state]
		.filter(Boolean)
		.join('  ');
}

function eventLine(picture: Picture, row: EventRow, event: Event, node: string, form: Form): string {
	if (form === 'jsonl') {
		return inertJson(JSON.stringify(inOrder(event)));
	}

	const death = row.kind === 'process_exit' && row.process ? picture.deathOf(row.process) : undefined;
	const saved = {row, node, said: describe(event), death};
	return form === 'csv' ? savedColumns.map(({value}) => cell(safe(value(saved) ?? ''))).join(',') : safe(textOf(saved));
}

/** Marks, gaps and days: in a text file alone. */
function ruleLine({timeMs, rule}: Extract<FeedRow, {readonly type: 'rule'}>, node: string): string {
	return safe(`${new Date(timeMs).toISOString()} ${node} -- ${JSON.stringify(rule)}`);
}

/**
Lines of all rows that the filter shows, oldest first. No foreign character in them acts on a terminal that prints the file.
`policies`: the newest list of each node, for JSON lines.
*/
export function* savedLines(
	picture: Picture,
	form: Form,
	policies: readonly RecordedPolicies[] = [],
): Generator<string> {
	const {unfolded} = picture.feed;
	const modes = form === 'jsonl' ? new SavedModes(policies) : undefined;
	if (form === 'csv') {
		yield savedColumns.map(({name}) => name).join(',');
	}

	yield* modes?.head(unfolded.at(0)?.timeMs ?? picture.nowMs) ?? [];
	const nodes = new Map(picture.nodes.map(({id, name}) => [id, name]));
	for (let index = 0; index < unfolded.length; index++) {
		const row = unfolded.at(index);
		const node = nodes.get(row?.node ?? -1) ?? '';
		const line = lineOf(picture, row, node, form);
		const enforcement = row?.type === 'event' ? row.process?.kills.find(({seq}) => seq === row.seq) : undefined;
		const list = enforcement && modes?.before(node, enforcement);
		if (list !== undefined) {
			yield list;
		}

		if (line !== undefined) {
			yield line;
		}
	}
}

function lineOf(picture: Picture, row: FeedRow | undefined, node: string, form: Form): string | undefined {
	if (row?.type === 'rule') {
		return form === 'text' ? ruleLine(row, node) : undefined;
	}

	const event = row && picture.event(row.seq);
	return event && eventLine(picture, row, event, node, form);
}
