/** The ways to an agent, as `--transport` names them. */
export const transports = ['port-forward', 'exec', 'exec-json', 'logs', 'kubectl'] as const;
export type Transport = (typeof transports)[number];
export type TransportChoice = 'auto' | Transport;

/** What `auto` tries. The rest are for those who ask: logs leave out the host, kubectl is a process for each node. */
export const automatic: readonly Transport[] = ['port-forward', 'exec', 'exec-json'];

export function waysOf(choice: TransportChoice): readonly Transport[] {
	return choice === 'auto' ? automatic : [choice];
}
