/** The rows of the tree that a process hangs below. */
import type {Process} from '../../store/processes/process.js';
import {podOrContainer} from '../../tetragon/event/facts.js';

/** Ids of groups and processes, outermost first. */
export function pathOf({facts, node}: Process, chain: readonly Process[]): readonly string[] {
	if (!facts) {
		return [];
	}

	const ancestors = chain.map(({execId}) => execId);
	const pod = podOrContainer(facts);
	if (pod === '') {
		return ['host', `host/${node}`, ...ancestors];
	}

	const workload = facts.workload === '' ? pod : facts.workload;
	return [
		`ns/${facts.namespace}`,
		`workload/${facts.namespace}/${facts.workloadKind}/${workload}`,
		`pod/${facts.namespace}/${pod}`,
		`container/${facts.namespace}/${pod}/${facts.container}`,
		...ancestors,
	];
}
