/**
The rows of the kill pane: the enforcements of one pod, binary, policy and state. They are kept apart from the ring
and are bounded.
*/
import type {KillState} from '../enforcement-states.js';
import type {EnforcementRecord, GroupRecord} from './enforcement-record.js';

const mostGroups = 10_000;
const mostKillsOfGroup = 100;
const mostKills = 20_000;

export class KillGroups {
	readonly #groups = new Map<string, GroupRecord>();
	readonly byState: Partial<Record<KillState, number>> = {};
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

	/** Moves an enforcement to the row of its new state. It stays acknowledged. */
	move(kill: EnforcementRecord, state: KillState): void {
		const seen = kill.group?.acknowledged ?? false;
		this.#leave(kill);
		kill.state = state;
		this.#enter(kill, seen);
	}

	/** Takes one enforcement from an UNSEEN alert; the row goes with the last one. Returns false when the alert is gone. */
	takeBack(node: number, policy: string, timeMs: number): boolean {
		const group = this.#groups.get(idOf('UNSEEN', `${node}`, '', policy));
		const kill = group?.kills.find(kill => kill.timeMs === timeMs);
		if (group === undefined || kill === undefined) {
			return false;
		}

		kill.count--;
		group.count--;
		this.byState.UNSEEN = Math.max(0, (this.byState.UNSEEN ?? 0) - 1);
		if (kill.count === 0) {
			this.#leave(kill);
		}

		return true;
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

	#enter(kill: EnforcementRecord, seen: boolean): void {
		this.#sorted = undefined;
		this.byState[kill.state] = (this.byState[kill.state] ?? 0) + kill.count;
		const facts = kill.process?.facts;
		const namespace = facts?.namespace ?? '';
		const pod = facts?.pod ?? '';
		const binary = facts?.binary ?? '';
		const where = pod === '' ? `${kill.node}` : `${namespace}/${pod}`;
		const id = idOf(kill.state, where, binary, kill.policy);
		let group = this.#groups.get(id);
		if (group === undefined) {
			group = {
				id,
				state: kill.state,
				namespace,
				pod,
				container: facts?.container ?? '',
				binary,
				policy: kill.policy,
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
		const {group} = kill;
		this.byState[kill.state] = Math.max(0, (this.byState[kill.state] ?? 0) - kill.count);
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

	/** Drops the record of an enforcement, and with it what it kept in the process table. The count stays. */
	#forget(kill: EnforcementRecord | undefined): void {
		if (kill === undefined) {
			return;
		}

		this.#kept--;
		kill.group = undefined;
		const kills = kill.image?.kills;
		const index = kills?.indexOf(kill) ?? -1;
		if (index >= 0) {
			kills?.splice(index, 1);
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
