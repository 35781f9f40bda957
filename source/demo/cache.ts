/** The process cache of a node of the demo: what runs since boot, and the long-lived processes of its pods. */

import type {ProcessInternal} from '../tetragon/agent/dump.js';
import {decodeMessage} from '../tetragon/wire/decode.js';
import {Disguise} from './disguise.js';
import {readBytes} from './recordings.js';
import type {NodeScript} from './script.js';
import {Stage} from './stage.js';
import {bootMs, type Epoch} from './track.js';

type Dump = {readonly processes?: {readonly processes?: readonly ProcessInternal[]}};

/** A process that started before the recorded plays began stays through all loops. */
const never = {recordedNs: 0n, recordedKtime: 1n << 62n, playedNs: 0n, playedKtime: 0n, speed: 1};

export async function standingCache(script: NodeScript, epoch: Epoch): Promise<readonly ProcessInternal[]> {
	const {processes} = decodeMessage('GetDebugResponse', await readBytes('rpc/GetDebug.bin')) as Dump;
	const boot = bootMs(epoch);
	const disguise = new Disguise(script.node, boot);
	const stage = new Stage(script, disguise, boot, never);
	const inPods = (processes?.processes ?? [])
		.map(({process}) => process)
		.filter(process => process !== undefined)
		.filter(process => script.pods.includes(process.pod?.name ?? '') && process.in_init_tree === true)
		.map(process => stage.standing(process));
	return [...disguise.standing(), ...inPods].map(process => ({
		process,
		color: 'inUse',
		refcnt: 1,
		refcnt_ops: {'process++': 1},
	}));
}
