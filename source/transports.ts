/**
The ways to an agent, as `--transport` names them. The options, the roles of `tetratop rbac`, the checked rights and the
order of the tries are made from this table.
*/

type Row = {
	/** `--transport auto` uses it. */
	readonly isAutomatic: boolean;
	/** The subresource of pods that the API server checks. */
	readonly subresource: 'portforward' | 'exec' | 'log';
	readonly verbs: ReadonlyArray<'get' | 'create'>;
	/** The tries that it consists of, in their order: nc to the unix socket, nc to the TCP port, the agent's own tetra, … */
	readonly steps: readonly string[];
};

// A WebSocket upgrade is an HTTP GET: every API server checks `get`, servers from v1.35 on check `create` as well.
const webSocket = ['get', 'create'] as const;

// biome-ignore format: a table reads by its rows
export const transportTable = {
	'port-forward': {isAutomatic: true, subresource: 'portforward', verbs: webSocket, steps: ['port-forward']},
	exec: {isAutomatic: true, subresource: 'exec', verbs: webSocket, steps: ['nc-unix', 'nc-tcp']},
	'exec-json': {isAutomatic: true, subresource: 'exec', verbs: webSocket, steps: ['tetra']},
	// Not automatic, but where the rights allow nothing else: the exported log leaves out the host.
	logs: {isAutomatic: false, subresource: 'log', verbs: ['get'], steps: ['logs']},
	// Not automatic: one kubectl process for each node. kubectl falls back to a POST when `get` is missing.
	kubectl: {isAutomatic: false, subresource: 'exec', verbs: ['create'], steps: ['nc-unix', 'nc-tcp', 'tetra']},
} as const satisfies Readonly<Record<string, Row>>;

export type Transport = keyof typeof transportTable;
export type TransportChoice = 'auto' | Transport;
/** One try to reach an agent. */
export type Step = (typeof transportTable)[Transport]['steps'][number];

export const transports = Object.keys(transportTable) as readonly Transport[];

/** The values of `--transport`. */
export const transportChoices: readonly TransportChoice[] = ['auto', ...transports];

/** The transports that a value of `--transport` allows, in the order in which they are tried. */
export function transportsOf(choice: TransportChoice): readonly Transport[] {
	return choice === 'auto' ? transports.filter(name => transportTable[name].isAutomatic) : [choice];
}

/**
The transport that is tried when the API server forbids all of `ways`; undefined: the user chose the way. It shows the least,
and `pods/log` is a right that many have who have no other.
*/
export function wayWithoutRights(ways: readonly Transport[]): Transport | undefined {
	return ways.length > 1 ? 'logs' : undefined;
}

/** These show less than gRPC: they are left as soon as a better one answers. */
export const lastResorts: ReadonlySet<Step> = new Set<Step>(['tetra', 'logs']);

/** One transport for each subresource: together their roles cover all transports. */
export function transportsByRight(): readonly Transport[] {
	const firstOf = new Map<string, Transport>();
	for (const name of transports) {
		const {subresource} = transportTable[name];
		if (!firstOf.has(subresource)) {
			firstOf.set(subresource, name);
		}
	}

	return [...firstOf.values()];
}

/** The transport whose name a connection by this step shows; `kubectl` reuses the steps of others. */
export function transportOf(step: Step): Transport {
	return transports.find(name => (transportTable[name].steps as readonly Step[]).includes(step)) ?? 'kubectl';
}
