/** What the row of a group or a process says, read when it is painted. */
import type {Group} from '../processes/lineage.js';
import {Lineage} from '../processes/lineage.js';
import type {Cells} from '../rates.js';
import type {TreeRow} from '../snapshot.js';
import {killsOf} from './tree-order.js';

export type Place = Pick<TreeRow, 'depth' | 'branch' | 'last' | 'folded' | 'leaf' | 'processes'>;

/** `hosts` is the group of all hosts: one row with the id `host`. */
export function treeRow(subject: Group | Lineage, place: Place, cells: Cells, hosts: Group): TreeRow {
	if (subject instanceof Lineage) {
		const process = subject.current;
		return {
			...place,
			id: subject.id,
			type: 'process',
			name: '',
			process,
			node: process.node,
			perSecond: process.recent / cells.seconds,
			kills: killsOf(subject),
			image: '',
		};
	}

	return {
		...place,
		id: subject === hosts ? 'host' : subject.id,
		type: subject.type === 'root' ? 'host' : subject.type,
		name: subject.name,
		process: undefined,
		node: subject.node,
		perSecond: subject.recent.count(cells) / cells.seconds,
		kills: subject.kills,
		image: subject.image,
	};
}
