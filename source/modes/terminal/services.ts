/** The services that every mode has; a mode replaces those that it can do. None of them changes a cluster. */
import type {Services} from '../../ui/effects.js';

export const baseServices: Services = {
	now: () => Date.now(),
	refresh: ui => ui,
	reconnect() {},
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
