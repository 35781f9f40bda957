/** What every mode's screen can do, and the words for what this mode cannot. */
import type {Services} from '../../ui/effects.js';

export const baseServices: Services = {
	now: () => Date.now(),
	refresh: ui => ui,
	reconnect() {},
	switchPolicy: async () => 'there is no agent to ask here',
	policyYaml: async () => Promise.reject(new Error('the YAML stands in the cluster, and none is watched here')),
	agentLog: async () => Promise.reject(new Error('the log is read through the cluster, and none is watched here')),
	record: async () => 'nothing arrives here that could be recorded',
	showOwn: () => false,
	replay() {},
	seek: () => false,
	async close() {},
};
