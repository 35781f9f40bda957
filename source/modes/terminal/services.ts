/** What every mode's screen can do, and the words for what this mode cannot. */
import type {Services} from '../../ui/effects.js';

export const baseServices: Services = {
	now: () => Date.now(),
	refresh: ui => ui,
	reconnect() {},
	switchPolicy: async () => 'there is no agent to ask here',
	policyYaml: async () =>
		Promise.reject(new Error('the YAML is read from the API server of a cluster; there is none here')),
	agentLog: async () =>
		Promise.reject(new Error('the log is read through the API server of a cluster; there is none here')),
	record: async () => 'recording is not available here',
	showOwn: () => false,
	replay() {},
	seek: () => false,
	async close() {},
};
