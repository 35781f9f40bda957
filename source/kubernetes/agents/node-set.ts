/** Which nodes are listened to: where the target's pods are, and where agents are. */
import type {NodeAgent} from './select.js';

export type NodeSetOptions = {
	/** --node: these and no others; empty: any. */
	readonly only: readonly string[];
	/** Milliseconds that a node is kept after the last reason for it went. */
	readonly lingerMs: number | undefined;
	/** All nodes of the cluster; undefined: we may not know. */
	readonly known: () => ReadonlySet<string> | undefined;
	/** Also called again for a node that is there, when its agent changed. */
	readonly add: (node: string) => void;
	readonly remove: (node: string, reason: string) => void;
};

export type NodeSet = {
	/** No target: every node that has an agent, or is known. */
	readonly everywhere: () => void;
	readonly target: (nodes: ReadonlySet<string>) => void;
	readonly agent: (node: string, state: NodeAgent['state']) => void;
	readonly refresh: () => void;
	readonly close: () => void;
};

/** The last exits of a pod arrive after it has gone: an agent keeps events back for its metadata. */
const defaultLingerMs = 5000;
/** Where nodes may not be listed: an agent that has been gone for this long was not just rolled out. */
const goneMs = 60_000;

export function createNodeSet(options: NodeSetOptions): NodeSet {
	const lingerMs = options.lingerMs ?? defaultLingerMs;
	const only = new Set(options.only);
	const present = new Set<string>();
	const leaving = new Map<string, NodeJS.Timeout>();
	const withAgent = new Set<string>();
	let wanted: ReadonlySet<string> | undefined;
	let all = false;

	function isWanted(node: string): boolean {
		if (only.size > 0 && !only.has(node)) {
			return false;
		}

		return all
			? withAgent.has(node) || only.has(node) || (options.known()?.has(node) ?? false)
			: (wanted?.has(node) ?? false);
	}

	function stay(node: string) {
		clearTimeout(leaving.get(node));
		leaving.delete(node);
	}

	function leave(node: string) {
		if (leaving.has(node)) {
			return;
		}

		const known = options.known();
		const gone = all && known !== undefined && !known.has(node);
		const reason = all ? 'the node is gone' : 'no pod of the target is on it any more';
		const wait = gone ? 0 : all ? goneMs : lingerMs;
		const timer = setTimeout(() => {
			leaving.delete(node);
			present.delete(node);
			options.remove(node, reason);
		}, wait);
		timer.unref();
		leaving.set(node, timer);
	}

	function look(node: string) {
		if (!isWanted(node)) {
			if (present.has(node)) {
				leave(node);
			}

			return;
		}

		stay(node);
		if (!present.has(node)) {
			present.add(node);
			options.add(node);
		}
	}

	function refresh() {
		const candidates = all ? [...withAgent, ...only, ...(options.known() ?? [])] : (wanted ?? []);
		for (const node of new Set([...present, ...candidates])) {
			look(node);
		}
	}

	return {
		everywhere() {
			all = true;
			refresh();
		},
		target(nodes) {
			wanted = nodes;
			refresh();
		},
		agent(node, state) {
			if (state === 'none') {
				withAgent.delete(node);
			} else {
				withAgent.add(node);
			}

			const before = present.has(node);
			look(node);
			// Its agent is another, or ready now: no reason to wait for the end of a back-off.
			if (before && present.has(node) && state !== 'none') {
				options.add(node);
			}
		},
		refresh,
		close() {
			for (const timer of leaving.values()) {
				clearTimeout(timer);
			}

			leaving.clear();
		},
	};
}
