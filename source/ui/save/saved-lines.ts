/** The lines of a saved view: text, CSV or JSON lines, by the file's name. */
import type {FeedRow} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import type {Event} from '../../tetragon/event/event.js';
import {type SavedEvent, savedColumns} from '../panes/feed/feed-columns.js';
import type {EventRow} from '../panes/feed/feed-words.js';
import type {Picture} from '../state/picture.js';
import {inOrder} from '../widgets/event-json.js';

type Form = 'text' | 'csv' | 'jsonl';

export function formOf(path: string): Form {
	const name = path.toLowerCase().replace(/\.gz$/, '');
	if (name.endsWith('.csv')) {
		return 'csv';
	}

	return /\.(?:jsonl|json|ndjson|log)$/.test(name) ? 'jsonl' : 'text';
}

/** RFC 4180; a value that a spreadsheet would run as a formula gets an apostrophe. */
function cell(value: string): string {
	const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** One line of a text file: what is empty is left out. */
function textOf({row, node, said}: SavedEvent): string {
	const facts = row.process?.facts;
	const pod = facts?.pod === '' ? '' : `${facts?.namespace ?? ''}/${facts?.pod ?? ''}`;
	const state = row.process?.kills.find(({seq}) => seq === row.seq)?.state;
	return [new Date(row.timeMs).toISOString(), node, pod, said.verb, said.detail, row.policy, state]
		.filter(Boolean)
		.join('  ');
}

function eventLine(row: EventRow, event: Event, node: string, form: Form): string {
	if (form === 'jsonl') {
		return JSON.stringify(inOrder(event));
	}

	const saved = {row, node, said: describe(event)};
	return form === 'csv' ? savedColumns.map(({value}) => cell(value(saved) ?? '')).join(',') : textOf(saved);
}

/** Marks, gaps and days: in a text file alone. */
function ruleLine({timeMs, rule}: Extract<FeedRow, {readonly type: 'rule'}>, node: string): string {
	return `${new Date(timeMs).toISOString()} ${node} -- ${JSON.stringify(rule)}`;
}

/** Lines of all rows that the filter shows, oldest first. Raw, but for text files, which may be printed: `escaped` makes them safe. */
export function* savedLines(picture: Picture, form: Form, escaped: (text: string) => string): Generator<string> {
	if (form === 'csv') {
		yield savedColumns.map(({name}) => name).join(',');
	}

	const nodes = new Map(picture.nodes.map(({id, name}) => [id, name]));
	const {unfolded} = picture.feed;
	for (let index = 0; index < unfolded.length; index++) {
		const line = lineOf(picture, unfolded.at(index), nodes, form);
		if (line !== undefined) {
			yield form === 'text' ? escaped(line) : line;
		}
	}
}

function lineOf(
	picture: Picture,
	row: FeedRow | undefined,
	nodes: ReadonlyMap<number, string>,
	form: Form,
): string | undefined {
	const node = nodes.get(row?.node ?? -1) ?? '';
	if (row?.type === 'rule') {
		return form === 'text' ? ruleLine(row, node) : undefined;
	}

	const event = row && picture.event(row.seq);
	return event && eventLine(row, event, node, form);
}
