import type {Intake} from './intake.js';
import type {Loss} from './nodes/loss.js';
import type {Nodes} from './nodes/nodes.js';
import type {Processes} from './processes/processes.js';
import type {Rate} from './rates.js';
import {kindList} from './ring/kind-codes.js';
import type {Ring} from './ring/ring.js';
import type {Totals} from './snapshot.js';

type Parts = {
	readonly intake: Intake;
	readonly ring: Ring;
	readonly nodes: Nodes;
	readonly loss: Loss;
	readonly rate: Rate;
	readonly processes: Processes;
};

export function totalsOf({intake, ring, nodes, loss, rate, processes}: Parts, nowMs: number): Totals {
	const {firstSeq} = ring;
	const oldest = ring.slabOf(firstSeq);
	const lost = nodes.all().map(record => record.lostServer);
	return {
		events: intake.events,
		byKind: Object.fromEntries(kindList.map((kind, code) => [kind, intake.byKind[code]!]).filter(([, count]) => count)),
		shed: Object.fromEntries(loss.shed),
		malformed: loss.malformed,
		malformedLine: loss.malformedLine,
		lostServer:
			lost.length === 0 || lost.includes(undefined)
				? undefined
				: lost.reduce<number>((sum, count) => sum + (count ?? 0), 0),
		lostAnnounced: loss.announced,
		// While a stream is away its events are missed already; the gap is drawn when it is back.
		isLossUnknown: loss.isUnknown || nodes.all().some(({patch, events}) => patch.state === 'retrying' && events > 0),
		perSecond: rate.perSecond(nowMs),
		peakPerSecond: rate.peak(nowMs),
		spark: rate.spark(nowMs, 24),
		bufferedEvents: ring.events,
		bufferedBytes: ring.bytes,
		bufferBytes: ring.bufferBytes,
		oldestMs: oldest?.time[firstSeq - oldest.firstSeq],
		processes: processes.alive,
		pods: processes.forest.groups.pods,
	};
}
