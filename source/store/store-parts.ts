/** The parts of a store that are filled by events. They are made together, and made again by Store.reset(). */
import type {Event} from '../tetragon/event/event.js';
import type {Format} from '../tetragon/event/facts.js';
import {Deaths} from './deaths/deaths.js';
import {Intake} from './intake.js';
import type {EnforcementRecord} from './kills/enforcement-record.js';
import {chainLinks} from './kills/hit.js';
import {Kills} from './kills/kills.js';
import {AgentLoss} from './nodes/agent-loss.js';
import {Loss} from './nodes/loss.js';
import type {Nodes} from './nodes/nodes.js';
import {Timeline} from './nodes/timeline.js';
import {Policies} from './policies/policies.js';
import {Processes} from './processes/processes.js';
import {Cells, Rate} from './rates.js';
import {DecodedCache} from './ring/decoded-cache.js';
import {RingFilterRow} from './ring/filter-row.js';
import {NameTable} from './ring/name-table.js';
import {Ring} from './ring/ring.js';

export type StoreOptions = {
	/** Bound of the ring in bytes: frames and their columns. Default 128 MiB. */
	readonly bufferBytes?: number;
	/** How long an exited process stays in the table. Default 30 s. */
	readonly keepDeadMs?: number;
	readonly maxProcesses?: number;
};

export type Parts = ReturnType<typeof makeParts>;

/** The parts with the nodes, which outlive them. */
export type AllParts = Parts & {readonly nodes: Nodes};

type PartsCallbacks = {
	readonly event: (seq: number) => Event | undefined;
	readonly offer: (seq: number) => void;
	readonly lossAnnounced: (seq: number, node: number, timeMs: number, nowMs: number) => void;
};

/** `firstSeq`: of the first row, so that no number is given twice. */
export function makeParts(
	{bufferBytes = 128 * 1024 * 1024, keepDeadMs = 30_000, maxProcesses = 65_536}: StoreOptions,
	firstSeq: number,
	nodes: Nodes,
	{event, offer, lossAnnounced}: PartsCallbacks,
) {
	function nodeName(node: number) {
		return nodes.nameOf(node);
	}

	const cells = new Cells();
	const ring = new Ring(bufferBytes, firstSeq);
	const processes = new Processes({
		keepDeadMs,
		maxProcesses,
		cells,
		nodeName,
		held: process => (process.kills as EnforcementRecord[]).some(kill => kill.group?.acknowledged === false),
	});
	const kills = new Kills(process => processes.chainOf(process));
	const deaths = new Deaths({
		nodeName,
		nodeOf: name => nodes.all().find(node => node.name === name)?.id ?? -1,
		chainOf: process => chainLinks(process, of => processes.chainOf(of)),
		killsVersion: () => kills.version,
		unseenOf: process => kills.unseenPolicies(process),
	});
	const policyNames = new NameTable();
	const functionNames = new NameTable();
	const common = {
		ring,
		processes,
		kills,
		deaths,
		policyNames,
		functionNames,
		policies: new Policies(),
		loss: new Loss(),
		rate: new Rate(),
		timeline: new Timeline(),
	};
	return {
		...common,
		cells,
		agentLoss: new AgentLoss(),
		decoded: new DecodedCache(),
		candidate: new RingFilterRow({policies: policyNames, functions: functionNames, nodeName, event}),
		intake: new Intake({...common, nodes, offer, lossAnnounced}),
	};
}

/** The bytes of an event. Those of an enforcement are kept when the ring has dropped them. */
export function frameOf(
	{ring, kills}: Pick<Parts, 'ring' | 'kills'>,
	seq: number,
): {bytes: Uint8Array; format: Format} | undefined {
	const frame = ring.frameOf(seq);
	if (frame !== undefined) {
		return frame;
	}

	const kill = kills.find(seq);
	return kill?.frame === undefined ? undefined : {bytes: kill.frame, format: kill.format};
}
