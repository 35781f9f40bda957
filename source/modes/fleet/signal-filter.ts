/**
With a target the agents send the events of its pods alone. A signal is an event of its sender, who may be in another pod or on
the host: these few events are asked for as well.
*/
import type {Widened} from '../../fleet/asked-request.js';
import type {EventsRequest, ServerFilter} from '../../tetragon/agent/link.js';

const functions = [
	'security_task_kill',
	...['x64', 'arm64'].flatMap(arch => ['kill', 'tkill', 'tgkill'].map(call => `__${arch}_sys_${call}`)),
];

const ofSignals: ServerFilter = {
	event_set: ['PROCESS_KPROBE', 'PROCESS_LSM'],
	cel_expression: [
		functions.map(name => `process_kprobe.function_name == '${name}'`).join(' || '),
		"process_lsm.function_name == 'task_kill'",
	],
};

/** The request, wide enough for the senders of signals; one without an allow filter has them already. */
export function withSignals(request: EventsRequest): EventsRequest {
	const {allow_list: allow = []} = request;
	return allow.length === 0 ? request : {...request, allow_list: [...allow, ofSignals]};
}

/** For a fleet; an agent that cannot do it is asked for the target alone. */
export const signals: Widened = {
	request: withSignals,
	lost: 'who sent a signal from outside of the target is not seen on this node',
};
