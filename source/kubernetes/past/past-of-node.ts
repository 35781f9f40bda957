/** Where the past of a node comes from: the first place that works. */
import {Refusal} from '../../problem.js';
import type {FindPast, NodePast} from '../../tetragon/agent/node-past.js';
import type {Settings} from '../../tetragon/past/export-settings.js';
import type {Agents} from '../agents/agents.js';
import type {AgentPod} from '../agents/select.js';
import {type Api, paths} from '../api/api.js';
import {asConfigMap} from '../api/objects.js';
import type {Dialler} from '../transport/dial.js';
import {runnerOf} from '../transport/dial.js';
import {ExportIsOff, execPast} from './exec-past.js';
import {logPast} from './log-past.js';

/** Finds the past by the pod that is the node's agent when it is asked for. */
export function pastOf(
	dialler: Pick<Dialler, 'api' | 'kubectl' | 'own' | 'tunnel'>,
	agents: Agents,
	node: string,
): FindPast {
	return async signal => {
		await agents.looked;
		const found = agents.at(node);
		if (found.state !== 'ready') {
			throw new Refusal(
				`no past on ${node}`,
				'there is no agent that is ready',
				'tetratop asks again when there is',
				true,
			);
		}

		return firstOf(dialler, found.agent, signal);
	};
}

/** Rejects with a Refusal that has the reason of each place. */
export async function firstOf(
	dialler: Pick<Dialler, 'api' | 'kubectl' | 'own' | 'tunnel'>,
	agent: AgentPod,
	signal: AbortSignal,
): Promise<NodePast> {
	let read: Promise<Settings | undefined> | undefined;

	function settings() {
		read ??= configMapOf(dialler.api, agent, signal);
		return read;
	}

	const reasons: string[] = [];
	for (const place of [
		() => execPast(runnerOf(dialler, agent), agent, settings, signal),
		() => logPast(dialler.api, agent, settings, signal),
	]) {
		try {
			return await place();
		} catch (error) {
			signal.throwIfAborted();
			if (error instanceof ExportIsOff) {
				throw error;
			}

			reasons.push(error instanceof Refusal ? error.why : (error as Error).message);
		}
	}

	const fix = 'see export.mode of the Helm chart, and tetratop rbac for the rights';
	throw new Refusal(`no past on ${agent.node}`, [...new Set(reasons)].join('; '), fix, false);
}

/** Never rejects; undefined: no ConfigMap can be read. */
async function configMapOf(api: Api, agent: AgentPod, signal: AbortSignal): Promise<Settings | undefined> {
	for (const name of agent.configMaps) {
		try {
			const {data} = await api.get(paths.configMap(agent.namespace, name), asConfigMap, {signal});
			if (data?.['export-filename'] !== undefined) {
				return new Map(Object.entries(data));
			}
		} catch {
			// Forbidden or missing: the file is looked for.
		}
	}

	return undefined;
}
