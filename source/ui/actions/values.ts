/** What a row says, as values: to filter by, to leave out, to copy. Raw foreign text; who shows it makes it safe. */
import type {Process} from '../../store/processes/process.js';
import {cursorIndex} from '../state/cursor.js';
import type {Scene} from '../state/reaction.js';
import {killList, nodeList, policyList, subjectUnder, treeList} from './lists.js';

/** `field` is one of the query language; '' where a value can be copied but not filtered by. */
export type Value = {readonly field: string; readonly label: string; readonly value: string};

function ofProcess(process: Process | undefined): Value[] {
	const facts = process?.facts;
	if (!process || !facts) {
		return [];
	}

	return [
		{field: 'pod', label: 'pod', value: facts.pod},
		{field: 'ns', label: 'namespace', value: facts.namespace},
		{field: 'bin', label: 'binary', value: facts.binary},
		{field: 'c', label: 'container', value: facts.container},
		{field: 'w', label: 'workload', value: facts.workload},
		{field: 'pid', label: 'host pid', value: String(process.pid)},
		{field: 'arg', label: 'arguments', value: facts.arguments},
	].filter(({value}) => value !== '');
}

function nodeName({picture}: Scene, node: number | undefined): Value[] {
	const status = picture.nodes.find(({id}) => id === node);
	return status ? [{field: 'node', label: 'node', value: status.name}] : [];
}

function named(field: string, label: string, value: string): Value[] {
	return value === '' ? [] : [{field, label, value}];
}

/** Values of the row under the cursor, the most telling first. */
export function valuesUnder(scene: Scene): readonly Value[] {
	const {ui, picture} = scene;
	if (ui.view === 'nodes') {
		const node = picture.nodes[cursorIndex(nodeList(picture), ui.nodes.cursor)];
		return nodeName(scene, node?.id);
	}

	if (ui.view === 'policies') {
		const policy = picture.policies[cursorIndex(policyList(picture), ui.policies.cursor)];
		return policy ? named('pol', 'policy', policy.name) : [];
	}

	if (ui.focus === 'processes') {
		const row = picture.tree.at(cursorIndex(treeList(picture), ui.tree.cursor));
		return row?.process ? [...ofProcess(row.process), ...nodeName(scene, row.node)] : groupValues(scene);
	}

	if (ui.focus === 'kills') {
		const group = picture.killRows.at(cursorIndex(killList(picture), ui.kills.cursor));
		return group
			? [
					...named('pol', 'policy', group.policy),
					...named('pod', 'pod', group.pod),
					...named('ns', 'namespace', group.namespace),
					...named('bin', 'binary', group.binary),
					...named('c', 'container', group.container),
					...nodeName(scene, group.node),
				]
			: [];
	}

	const subject = ui.focus === 'detail' ? ui.detail.subject : subjectUnder(scene);
	return subject?.type === 'event' ? eventValues(scene, subject.seq) : subjectValues(scene);
}

function eventValues(scene: Scene, seq: number): Value[] {
	const row = scene.picture.feed.rowOf(seq);
	if (row?.type !== 'event') {
		return [];
	}

	return [
		...ofProcess(row.process),
		...named('pol', 'policy', row.policy),
		...nodeName(scene, row.node),
		...named('ev', 'event type', row.kind),
	];
}

function subjectValues(scene: Scene): Value[] {
	const {picture, ui} = scene;
	const {subject} = ui.detail;
	if (subject?.type === 'kill') {
		const group = picture.killRows.at(picture.killRows.indexOf(subject.groupId));
		const process = group?.kills.at(-1)?.process;
		return [...named('pol', 'policy', group?.policy ?? ''), ...ofProcess(process), ...nodeName(scene, group?.node)];
	}

	if (subject?.type === 'process') {
		const row = picture.tree.at(picture.tree.indexOf(subject.execId));
		return [...ofProcess(row?.process), ...nodeName(scene, subject.node)];
	}

	return [];
}

/** A namespace, workload, pod or container row of the tree, with the groups around it. */
export function groupValues(scene: Scene): Value[] {
	const {ui, picture} = scene;
	let index = cursorIndex(treeList(picture), ui.tree.cursor);
	let depth = Number.POSITIVE_INFINITY;
	const values: Value[] = [];
	const fields = {namespace: 'ns', workload: 'w', pod: 'pod', container: 'c'} as const;
	for (; index >= 0 && depth > 0; index--) {
		const row = picture.tree.at(index);
		if (!row || row.depth >= depth || row.type === 'process') {
			continue;
		}

		depth = row.depth;
		if (row.type === 'host') {
			values.push(...nodeName(scene, row.node), {field: 'ns', label: 'namespace', value: ''});
		} else {
			values.push({field: fields[row.type], label: row.type, value: row.name});
		}
	}

	return values;
}
