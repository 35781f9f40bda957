/** What is shown, as a file: text as on the screen, CSV, or JSON lines, by the file's name. */
import {describe} from '../../tetragon/describe/describe.js';
import type {Picture} from '../state/picture.js';
import {inOrder} from './json-order.js';

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

const columns = [
	'time',
	'node',
	'namespace',
	'pod',
	'container',
	'binary',
	'arguments',
	'event',
	'detail',
	'policy',
	'state',
] as const;

/** Lines of all rows that the filter shows, oldest first. Raw: files are no terminals; text files escape controls. */
export function* savedLines(picture: Picture, form: Form, escaped: (text: string) => string): Generator<string> {
	if (form === 'csv') {
		yield columns.join(',');
	}

	const nodes = new Map(picture.nodes.map(({id, name}) => [id, name]));
	const {unfolded} = picture.feed;
	for (let index = 0; index < unfolded.length; index++) {
		const row = unfolded.at(index);
		if (!row) {
			continue;
		}

		const time = new Date(row.timeMs).toISOString();
		const node = nodes.get(row.node) ?? '';
		if (row.type === 'rule') {
			if (form === 'text') {
				yield `${time} ${node} -- ${escaped(JSON.stringify(row.rule))}`;
			}

			continue;
		}

		const event = picture.event(row.seq);
		if (!event) {
			continue;
		}

		if (form === 'jsonl') {
			yield JSON.stringify(inOrder(event));
			continue;
		}

		const {verb, detail} = describe(event);
		const facts = row.process?.facts;
		const state = row.process?.kills.find(({seq}) => seq === row.seq)?.state ?? '';
		const values = [
			time,
			node,
			facts?.namespace,
			facts?.pod,
			facts?.container,
			facts?.binary,
			facts?.arguments,
			verb,
			detail,
			row.policy,
			state,
		].map(value => value ?? '');
		yield form === 'csv'
			? values.map(cell).join(',')
			: escaped(
					[time, node, facts?.pod === '' ? '' : `${facts?.namespace}/${facts?.pod}`, verb, detail, row.policy, state]
						.filter(Boolean)
						.join('  '),
				);
	}
}
