/** The pods that are known, for the candidates of the prompt. */
import type {Group} from './groups.js';
import type {Cells} from './rates.js';

export type PodSummary = {
	readonly namespace: string;
	readonly pod: string;
	readonly node: number;
	readonly events: number;
	readonly kills: number;
	/** Events of the last 5 to 10 s. */
	readonly recent: number;
};

export function podsBelow(namespaces: Group, cells: Cells): PodSummary[] {
	return namespaces.children.flatMap(namespace =>
		namespace.children.flatMap(workload =>
			workload.children.map(pod => ({
				namespace: namespace.name,
				pod: pod.name,
				node: pod.node ?? -1,
				events: pod.events,
				kills: pod.kills,
				recent: pod.recent.count(cells),
			})),
		),
	);
}
