/** What a row says, as values: to filter by, to leave out, to copy. Raw foreign text; the menus that show it make it safe. */

import type {Process} from '../../store/processes/process.js';
import {podOrContainer} from '../../tetragon/event/facts.js';
import type {Seen} from '../state/reaction.js';

/** `field` is one of the query language; '' where a value can be copied but not filtered by. */
export type Value = {readonly field: string; readonly label: string; readonly value: string};

export function processValues(process: Process | undefined): Value[] {
	const facts = process?.facts;
	if (!process || !facts) {
		return [];
	}

	return [
		...namedValue('pod', 'pod', podOrContainer(facts)),
		...namedValue('ns', 'namespace', facts.namespace),
		...namedValue('bin', 'binary', facts.binary),
		...namedValue('c', 'container', facts.container),
		...namedValue('w', 'workload', facts.workload),
		...namedValue('pid', 'host pid', String(process.pid)),
		...namedValue('arg', 'arguments', facts.arguments),
	];
}

export function nodeValues({picture}: Seen, node: number | undefined): Value[] {
	const status = picture.nodes.find(({id}) => id === node);
	return status ? [{field: 'node', label: 'node', value: status.name}] : [];
}

/** No value where the text is empty. */
export function namedValue(field: string, label: string, value: string): Value[] {
	return value === '' ? [] : [{field, label, value}];
}

export function eventValues(seen: Seen, seq: number): readonly Value[] {
	const row = seen.picture.feed.rowOf(seq);
	if (row?.type !== 'event') {
		return [];
	}

	return [
		...processValues(row.process),
		...namedValue('pol', 'policy', row.policy),
		...nodeValues(seen, row.node),
		...namedValue('ev', 'event type', row.kind),
	];
}
