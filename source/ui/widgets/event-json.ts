/** An event with its own part first, as the agent's JSON has it; what it shares with all others follows. */
import type {Event} from '../../tetragon/event/event.js';

export function inOrder({node_name, time, cluster_name, node_labels, ...event}: Event): Event {
	return {
		...event,
		...(node_name === undefined ? {} : {node_name}),
		...(time === undefined ? {} : {time}),
		...(cluster_name === undefined ? {} : {cluster_name}),
		...(node_labels === undefined ? {} : {node_labels}),
	};
}
