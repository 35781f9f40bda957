/** The rows of the pane of alerts for deaths that are no policy's: those of one pod, container, binary and cause. */
import type {Death} from '../death.js';
import type {DeathAlert, DeathGroup} from '../snapshot.js';
import {isMain} from './death-words.js';
import type {EndRecord} from './end-record.js';

/** Newest first. `isAll`: also SIGTERM and exit codes that look like a signal; else ends of containers and SIGKILL alone. */
export function deathGroups(
	ends: readonly EndRecord[],
	deathOf: (end: EndRecord) => Death,
	isAll: boolean,
): readonly DeathGroup[] {
	const groups = new Map<
		string,
		{-readonly [Name in keyof DeathGroup]: DeathGroup[Name]} & {kills: DeathAlert[]; ends: string[]}
	>();
	for (const end of ends) {
		const {exit, process} = end;
		if (!isAll && !isMain(exit) && exit.signal !== 'SIGKILL') {
			continue;
		}

		const death = deathOf(end);
		if (death.isEcho || process.execProbe) {
			continue;
		}

		const alert = alertOf(end, death);
		const key = ['death', death.state, `${exit.namespace}/${exit.pod}`, exit.container, exit.binary, death.cause].join(
			'\0',
		);
		const group = groups.get(key);
		if (group === undefined) {
			groups.set(key, {
				// The row stays the same one when the answer changes.
				id: end.id,
				state: death.state,
				namespace: exit.namespace,
				pod: exit.pod,
				container: exit.container,
				binary: exit.binary,
				policy: death.cause,
				policies: [],
				node: end.node,
				firstMs: exit.timeMs,
				lastMs: exit.timeMs,
				count: 1,
				acknowledged: end.acknowledged,
				kills: [alert],
				ends: [end.id],
			});
			continue;
		}

		group.firstMs = Math.min(group.firstMs, exit.timeMs);
		group.lastMs = Math.max(group.lastMs, exit.timeMs);
		group.count++;
		group.acknowledged &&= end.acknowledged;
		group.kills.push(alert);
		group.ends.push(end.id);
	}

	for (const {kills} of groups.values()) {
		kills.sort((a, b) => a.timeMs - b.timeMs);
	}

	return [...groups.values()].sort((a, b) => b.lastMs - a.lastMs || (a.id < b.id ? -1 : 1));
}

function alertOf({exit, node, seq, process, chain}: EndRecord, death: Death): DeathAlert {
	return {
		seq,
		node,
		timeMs: exit.timeMs,
		kind: 'process_exit',
		action: '',
		policy: '',
		functionName: '',
		mode: 'unknown',
		state: death.state,
		reason: 'exit',
		policies: [],
		candidates: [],
		process,
		chain,
		exitMs: exit.timeMs,
		exitSignal: exit.signal,
		exitStatus: exit.status,
		frame: undefined,
		format: 'protobuf',
		count: 1,
		death,
	};
}
