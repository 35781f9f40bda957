import type {ProcessMessage} from '../event/event.js';
import type {ProcessFacts} from '../event/facts.js';
import {instantMs} from './timestamp.js';

/**
ProcessFacts of a Process in JSON shape: an event's `process` or `parent`, or an entry of the process cache dump. A JSON line is
foreign, so a value of another type than proto/ has counts as absent.
*/
export function processFactsOf(message: ProcessMessage): ProcessFacts {
	const pod = object(message.pod);
	const container = object(pod?.['container']);
	const labels = object(pod?.['pod_labels']);
	return {
		execId: text(message.exec_id),
		parentExecId: text(message.parent_exec_id),
		pid: number(message.pid),
		uid: number(message.uid),
		binary: text(message.binary),
		arguments: text(message.arguments),
		cwd: text(message.cwd),
		flags: text(message.flags),
		startMs: instantMs(message.start_time),
		namespace: text(pod?.['namespace']),
		pod: text(pod?.['name']),
		container: text(container?.['name']),
		containerId: text(container?.['id']) || text(message.docker),
		containerPid: number(container?.['pid']),
		image: text(object(container?.['image'])?.['name']),
		workload: text(pod?.['workload']),
		workloadKind: text(pod?.['workload_kind']),
		podLabels:
			labels !== undefined && Object.values(labels).every(isText) ? (labels as Record<string, string>) : undefined,
		inInitTree: typeof message.in_init_tree === 'boolean' ? message.in_init_tree : undefined,
		execProbe: container?.['maybe_exec_probe'] === true,
	};
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}

function text(value: unknown): string {
	return isText(value) ? value : '';
}

function number(value: unknown): number {
	return typeof value === 'number' ? value : 0;
}

function object(value: unknown): Readonly<Record<string, unknown>> | undefined {
	return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
