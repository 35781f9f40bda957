/**
The groups of the tree: namespace → workload → pod → container, or the host of a node. A group lives as long as it has
processes.
*/
import {type ProcessFacts, podOrContainer} from '../../tetragon/event/facts.js';
import type {Cells} from '../rates.js';
import {Group, type GroupType} from './lineage.js';
import type {PodFact} from './pod-fact.js';

export class Groups {
	readonly hosts = new Group('root', '', '', undefined);
	readonly namespaces = new Group('root', '', '', undefined);
	pods = 0;
	readonly #byId = new Map<string, Group>();

	get(id: string): Group | undefined {
		return this.#byId.get(id);
	}

	groupFor(facts: ProcessFacts, node: number, nodeName: string): Group {
		if (facts.pod === '' && facts.containerId === '') {
			const host = this.#child(this.hosts, 'host', `host/${node}`, nodeName);
			host.node = node;
			return host;
		}

		// The agent may know the container and not the pod: such a process is shown below a namespace without a name.
		const podName = podOrContainer(facts);
		const containerId = `container/${facts.namespace}/${podName}/${facts.container}`;
		const known = this.#byId.get(containerId);
		if (known !== undefined) {
			return known;
		}

		const workloadName = facts.workload === '' ? podName : facts.workload;
		const podId = `pod/${facts.namespace}/${podName}`;
		let pod = this.#byId.get(podId);
		if (pod === undefined) {
			const namespace = this.#child(this.namespaces, 'namespace', `ns/${facts.namespace}`, facts.namespace);
			const workloadId = `workload/${facts.namespace}/${facts.workloadKind}/${workloadName}`;
			pod = this.#child(this.#child(namespace, 'workload', workloadId, workloadName), 'pod', podId, podName);
			pod.node = node;
		}

		const container = this.#child(pod, 'container', containerId, facts.container);
		container.image = facts.image;
		container.node = node;
		return container;
	}

	/** All pods, in the order of the tree. */
	podFacts(nodeName: (node: number) => string, cells: Cells): PodFact[] {
		return this.namespaces.children.flatMap(namespace =>
			namespace.children.flatMap(workload =>
				workload.children.map(({name, node, events, kills, recent}) => ({
					namespace: namespace.name,
					pod: name,
					node: node === undefined ? '' : nodeName(node),
					events,
					kills,
					recent: recent.count(cells),
				})),
			),
		);
	}

	renameHost(node: number, name: string): void {
		const host = this.#byId.get(`host/${node}`);
		if (host !== undefined) {
			host.name = name;
		}
	}

	enter(group: Group): void {
		for (let at: Group | undefined = group; at !== undefined; at = at.parent) {
			at.members++;
		}
	}

	leave(group: Group): void {
		for (let at: Group | undefined = group; at !== undefined; at = at.parent) {
			at.members--;
			if (at.members === 0 && at.parent !== undefined) {
				this.#drop(at, at.parent);
			}
		}
	}

	touch(group: Group, cells: Cells): void {
		for (let at: Group | undefined = group; at !== undefined; at = at.parent) {
			at.events++;
			at.recent.add(cells);
		}
	}

	kill(group: Group): void {
		for (let at: Group | undefined = group; at !== undefined; at = at.parent) {
			at.kills++;
		}
	}

	#child(parent: Group, type: GroupType, id: string, name: string): Group {
		const known = this.#byId.get(id);
		if (known !== undefined) {
			return known;
		}

		const group = new Group(type, id, name, parent);
		this.#byId.set(id, group);
		parent.children.splice(placeOf(parent.children, group), 0, group);
		if (type === 'pod') {
			this.pods++;
		}

		return group;
	}

	#drop(group: Group, parent: Group): void {
		this.#byId.delete(group.id);
		group.isGone = true;
		const index = parent.children.indexOf(group);
		if (index >= 0) {
			parent.children.splice(index, 1);
		}

		if (group.type === 'pod') {
			this.pods--;
		}
	}
}

function placeOf(groups: readonly Group[], group: Group): number {
	let low = 0;
	let high = groups.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const other = groups[middle]!;
		if (other.name < group.name || (other.name === group.name && other.id < group.id)) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
}
