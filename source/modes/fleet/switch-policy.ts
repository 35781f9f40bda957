/** Switching a policy in the agents of a fleet: only with --allow-write, see read-only.ts. */
import type {Fleet} from '../../fleet/fleet.js';
import type {Store} from '../../store/store.js';
import type {PolicySwitch} from '../../ui/effects.js';

/** Switches a policy on the chosen nodes. Returns one line, and one more for each node on which it failed. */
export async function switchOnNodes(
	fleet: Fleet,
	store: Store,
	{name, namespace, mode, nodes}: PolicySwitch,
): Promise<string> {
	const row = store.policyRows().find(policy => policy.name === name && policy.namespace === namespace);
	const results = await Promise.all(
		(row?.perNode ?? [])
			.filter(({nodeName}) => nodes.includes(nodeName))
			.map(async ({node, nodeName, domain}) => {
				const connection = fleet.node(node)?.connection;
				if (!connection?.configurePolicy) {
					return `${nodeName}: not connected, or not possible this way`;
				}

				try {
					// Agents from v1.8 on look a policy up by its domain and would not find it without.
					await connection.configurePolicy({name, namespace, domain, mode});
					store.takePolicies(node, await connection.policies(), Date.now());
					return undefined;
				} catch (error) {
					return `${nodeName}: ${error instanceof Error ? error.message : String(error)}`;
				}
			}),
	);
	const failed = results.filter(result => result !== undefined);
	const word = mode === 'TP_MODE_ENFORCE' ? 'enforced' : 'monitored';
	const done = `${name} is now ${word} on ${results.length - failed.length} of ${results.length} nodes`;
	return failed.length === 0 ? done : [`${done}.`, ...failed].join('\n');
}
