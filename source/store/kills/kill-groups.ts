/** The rows of the kill pane: kills of one pod, binary, policy and state. They live apart from the ring and are bounded. */
import {podOrContainer} from '../../tetragon/event/facts.js';
import {type KillState, killStateRow} from '../enforcement-states.js';
import type {EnforcementRecord, GroupRecord} from './enforcement-record.js';

const mostGroups = 10_000;
const mostKillsOfGroup = 100;
const mostKills = 20_000;

export class KillGroups {
	readonly #groups = new Map<string, GroupRecord>();
	readonly byState: Partial<Record<KillState, number>> = {};
	/** Processes that policies killed, by node id. */
	readonly killedOnNode = new Map<number, number>();
	#kept = 0;
	/** Number of rows that were dropped without having been acknowledged. */
	overflowed = 0;
	#sorted: readonly GroupRecord[] | undefined;

	/** The row with the newest enforcement first. */
	all(): readonly GroupRecord[] {
		this.#sorted ??= [...this.#groups.values()].sort((a, b) => b.lastMs - a.lastMs || (a.id < b.id ? -1 : 1));
		return this.#sorted;
	}

	get unacknowledged(): number {
		let count = 0;
		for (const group of this.#groups.values()) {
			count += group.acknowledged ? 0 : 1;
		}

		return count;
	}

	add(kill: EnforcementRecord): void {
		this.#enter(kill, false);
	}

	/** Its state changed: it goes to the row of that state, and stays acknowledged if it was. */
	move(kill: EnforcementRecord, state: KillState): void {
		if (kill.isDropped) {
			return;
		}

		const seen = (kill.primary ?? kill).group?.acknowledged ?? false;
		this.#leave(kill);
		kill.state = state;
		this.#enter(kill, seen);
	}

	remove(kill: EnforcementRecord): void {
		if (!kill.isDropped) {
			this.#leave(kill);
		}
	}

	/** Takes enforcements out of an UNSEEN; its row goes with the last one. Returns how many it took. */
	takeBack(node: number, policy: string, timeMs: number, count: number): number {
		const group = this.#groups.get(idOf('UNSEEN', `${node}`, '', policy));
		const kill = group?.kills.find(kill => kill.timeMs === timeMs);
		if (group === undefined || kill === undefined) {
			return 0;
		}

		const taken = Math.min(count, kill.count);
		kill.count -= taken;
		group.count -= taken;
		this.byState.UNSEEN = Math.max(0, (this.byState.UNSEEN ?? 0) - taken);
		if (kill.count === 0) {
			this.#leave(kill);
		}

		return taken;
	}

	/** Returns whether anything changed. */
	acknowledge(id: string): boolean {
		const groups = id === 'all' ? [...this.#groups.values()] : [this.#groups.get(id)];
		let changed = false;
		for (const group of groups) {
			if (group !== undefined && !group.acknowledged) {
				group.acknowledged = true;
				changed = true;
			}
		}

		return changed;
	}

	/** A process dies once: further enforcements of its death join the row of the first. */
	#enter(kill: EnforcementRecord, seen: boolean): void {
		const death = kill.state === 'KILLED' ? deathOf(kill) : undefined;
		if (death === undefined) {
			kill.policies = [kill.policy];
			this.#enterRow(kill, seen);
			return;
		}

		kill.primary = death;
		death.others.push(kill);
		this.#namePolicies(death);
	}

	/** The row of a death names all policies that asked for it. */
	#namePolicies(death: EnforcementRecord): void {
		const policies = [...new Set([death, ...death.others].map(({policy}) => policy))];
		for (const kill of [death, ...death.others]) {
			kill.policies = policies;
		}

		if (death.group !== undefined && death.group.policy !== policies.join(', ')) {
			const seen = death.group.acknowledged;
			this.#leaveRow(death);
			this.#enterRow(death, seen);
		}
	}

	#enterRow(kill: EnforcementRecord, seen: boolean): void {
		this.#sorted = undefined;
		this.byState[kill.state] = (this.byState[kill.state] ?? 0) + kill.count;
		this.#countDeath(kill, 1);
		const facts = kill.process?.facts;
		const namespace = facts?.namespace ?? '';
		const pod = facts === undefined ? '' : podOrContainer(facts);
		const binary = facts?.binary ?? '';
		const where = pod === '' ? `${kill.node}` : `${namespace}/${pod}`;
		const policy = kill.policies.join(', ');
		const id = idOf(kill.state, where, binary, policy);
		let group = this.#groups.get(id);
		if (group === undefined) {
			group = {
				id,
				state: kill.state,
				namespace,
				pod,
				container: facts?.container ?? '',
				binary,
				policy,
				policies: kill.policies,
				node: kill.node,
				firstMs: kill.timeMs,
				lastMs: kill.timeMs,
				count: 0,
				acknowledged: seen,
				kills: [],
			};
			this.#groups.set(id, group);
		} else if (!seen) {
			group.acknowledged = false;
		}

		group.firstMs = Math.min(group.firstMs, kill.timeMs);
		group.lastMs = Math.max(group.lastMs, kill.timeMs);
		group.count += kill.count;
		group.kills.push(kill);
		kill.group = group;
		this.#kept++;
		if (group.kills.length > mostKillsOfGroup || (this.#kept > mostKills && group.kills.length > 1)) {
			this.#forget(group.kills.shift());
		}

		if (this.#groups.size > mostGroups) {
			this.#dropOldest(group);
		}
	}

	#leave(kill: EnforcementRecord): void {
		const {primary} = kill;
		if (primary !== undefined) {
			primary.others.splice(primary.others.indexOf(kill), 1);
			kill.primary = undefined;
			this.#namePolicies(primary);
			return;
		}

		const heirs = kill.others.splice(0);
		const seen = kill.group?.acknowledged ?? false;
		this.#leaveRow(kill);
		for (const heir of heirs) {
			heir.primary = undefined;
		}

		for (const heir of heirs) {
			this.#enter(heir, seen);
		}
	}

	#countDeath({state, node}: EnforcementRecord, by: number): void {
		if (killStateRow(state).isKill) {
			this.killedOnNode.set(node, Math.max(0, (this.killedOnNode.get(node) ?? 0) + by));
		}
	}

	#leaveRow(kill: EnforcementRecord): void {
		const {group} = kill;
		this.byState[kill.state] = Math.max(0, (this.byState[kill.state] ?? 0) - kill.count);
		this.#countDeath(kill, -1);
		if (group === undefined) {
			return;
		}

		this.#sorted = undefined;
		const index = group.kills.indexOf(kill);
		if (index >= 0) {
			group.kills.splice(index, 1);
			this.#kept--;
		}

		group.count -= kill.count;
		kill.group = undefined;
		if (group.count <= 0) {
			this.#groups.delete(group.id);
			return;
		}

		group.firstMs = group.kills.reduce(
			(first, {timeMs}) => Math.min(first, timeMs),
			group.kills[0]?.timeMs ?? group.firstMs,
		);
		group.lastMs = group.kills.reduce(
			(last, {timeMs}) => Math.max(last, timeMs),
			group.kills[0]?.timeMs ?? group.lastMs,
		);
	}

	/** The count stays; only the evidence of this one goes, and with it what it held in the process table. */
	#forget(kill: EnforcementRecord | undefined): void {
		if (kill === undefined) {
			return;
		}

		this.#kept--;
		for (const dropped of [kill, ...kill.others.splice(0)]) {
			dropped.group = undefined;
			dropped.isDropped = true;
			const kills = dropped.image?.kills;
			const index = kills?.indexOf(dropped) ?? -1;
			if (index >= 0) {
				kills?.splice(index, 1);
			}
		}
	}

	#dropOldest(newest: GroupRecord): void {
		let oldest: GroupRecord | undefined;
		for (const group of this.#groups.values()) {
			const better =
				oldest === undefined ||
				(group.acknowledged && !oldest.acknowledged) ||
				(group.acknowledged === oldest.acknowledged && group.lastMs < oldest.lastMs);
			if (group !== newest && better) {
				oldest = group;
			}
		}

		if (oldest === undefined) {
			return;
		}

		this.overflowed += oldest.acknowledged ? 0 : 1;
		this.#groups.delete(oldest.id);
		for (const kill of oldest.kills.splice(0)) {
			this.#forget(kill);
		}
	}
}

function idOf(state: KillState, where: string, binary: string, policy: string): string {
	return [state, where, binary, policy].join('\0');
}

/** The enforcement that already speaks for the death of this process. */
function deathOf(kill: EnforcementRecord): EnforcementRecord | undefined {
	const lineage = kill.image?.lineage;
	if (lineage === undefined) {
		return undefined;
	}

	for (const image of [...lineage.images, lineage.current]) {
		for (const other of image.kills as EnforcementRecord[]) {
			if (other !== kill && other.state === 'KILLED' && other.primary === undefined && other.group !== undefined) {
				return other;
			}
		}
	}

	return undefined;
}
