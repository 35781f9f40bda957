/**
The process cache of an agent, merged into the table. Subscribe first, dump then: what an event has said already is newer
than the dump and wins.
*/
import type {DumpedProcess} from '../../tetragon/agent/link.js';
import type {ProcessFacts} from '../../tetragon/event/facts.js';
import {processFactsOf} from '../../tetragon/wire/process-message.js';
import {exitNotSeen} from './lineage.js';
import type {Processes} from './processes.js';

/**
@param connectedMs when the stream of this node began: what was silent since then and is not in the dump ended while nobody
listened. NaN: unknown, then nothing is taken for ended.
*/
export function mergeDump(
	processes: Processes,
	node: number,
	dump: readonly DumpedProcess[],
	nowMs: number,
	connectedMs: number,
): void {
	const living = new Set<string>();
	const met: Array<{readonly facts: ProcessFacts; readonly alive: boolean}> = [];
	for (const {process, alive} of dump) {
		const facts = processFactsOf(process);
		if (facts.execId === '') {
			continue;
		}

		if (alive) {
			living.add(facts.execId);
		}

		met.push({facts, alive});
	}

	// A dump without one living process is no dump: the cache is switched off.
	if (living.size > 0) {
		for (const image of [...processes.ofNode(node)]) {
			const silent = image.lastMs < connectedMs && (image.state === 'alive' || image.state === 'mentioned');
			if (silent && !living.has(image.execId)) {
				processes.end(image, nowMs, nowMs, '', exitNotSeen);
			}
		}
	}

	// Parents before children, so that every row finds its place at once.
	met.sort((a, b) => a.facts.startMs - b.facts.startMs);
	for (const {facts, alive} of met) {
		const known = processes.get(facts.execId, node);
		if (known === undefined) {
			processes.add(facts, node, alive ? 'alive' : 'exited', nowMs, nowMs).asOfDump = true;
		} else if (!known.isKnown) {
			processes.learn(known, facts);
		}
	}
}
