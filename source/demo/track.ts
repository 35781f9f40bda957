/** What each node plays in one loop, made from the script and the recordings. */

import {setTimeout as delay} from 'node:timers/promises';
import {table} from '../runtime/table.js';
import {type Event, type EventBody, kindOf} from '../tetragon/event/event.js';
import {decodeEvent} from '../tetragon/wire/decode.js';
import {encodeMessage} from '../tetragon/wire/encode.js';
import {nanosecondsOf} from './clockwork.js';
import {Disguise} from './disguise.js';
import {readFrames} from './recordings.js';
import {type NodeScript, nodes, type Slice} from './script.js';
import {ktimeOf, Stage} from './stage.js';
import {makeTemplate, type Template} from './template.js';

/** Milliseconds of work before the event loop gets a turn, for the screen. */
const turnMs = 8;

/** A node of the demo runs since 2 days and 8 hours: its exec_ids then have as many digits in the loops to come. */
const uptimeNs = 200_000_000_000_000n;

/** The lab's names of pods in its commands. */
const podsByAlias: Readonly<Record<string, string>> = table<string>({
	deathstar1: 'deathstar-6fb5694d48-5hmds',
	deathstar2: 'deathstar-6fb5694d48-8xk2p',
	job: 'nightly-report-29399999-tq8wz',
	coredns: 'coredns-668d6bf9bc-x7lqv',
});

/** When a loop begins (whole seconds since 1970), as the templates are first made; fillTemplate moves them on. */
export type Epoch = {readonly seconds: number};

export function bootMs({seconds}: Epoch): number {
	return seconds * 1000 - Number(uptimeNs / 1_000_000n);
}

/** Node → frames, in the order of their time. Idles `idleMs` after every few milliseconds of work. */
export async function stageSlice(
	slice: Slice,
	epoch: Epoch,
	idleMs = 0,
): Promise<ReadonlyMap<string, readonly Template[]>> {
	const frames = (await readFrames(slice.recording, slice.to)).slice(slice.from, slice.to);
	const first = decodeEvent(frames[0] ?? Buffer.alloc(0));
	const atNs = BigInt(Math.round(slice.at * 1000)) * 1_000_000n;
	const move = {
		recordedNs: nanosecondsOf(first.time ?? ''),
		recordedKtime: ktimeOf(bodyOf(first).process?.exec_id),
		playedNs: BigInt(epoch.seconds) * 1_000_000_000n + atNs,
		playedKtime: uptimeNs + atNs,
		speed: slice.speed,
	};
	const stages = new Map(
		nodes.map(script => {
			const boot = bootMs(epoch);
			return [script.node, {script, stage: new Stage(script, new Disguise(script.node, boot), boot, move)}];
		}),
	);
	const tracks = new Map(nodes.map(({node}) => [node, [] as Template[]]));
	const disguise = new Disguise('', 0);
	let until = performance.now() + turnMs;
	for (const frame of frames) {
		const recorded = monitored(decodeEvent(frame), slice.monitoredBy);
		if (!disguise.isLabOnly(recorded)) {
			for (const node of placesOf(recorded, slice)) {
				const staged = stages.get(node)?.stage.event(recorded);
				if (staged) {
					tracks.get(node)?.push(toTemplate(staged, epoch));
				}
			}
		}

		if (performance.now() > until) {
			// What is staged while the play runs must not keep the program from ending.
			await delay(idleMs, undefined, {ref: idleMs === 0});
			until = performance.now() + turnMs;
		}
	}

	return tracks;
}

function toTemplate({event, ids, seconds}: ReturnType<Stage['event']>, epoch: Epoch): Template {
	const {policy_name: policy = '', action} = bodyOf(event);
	const atMs = Number(nanosecondsOf(event.time ?? '') / 1_000_000n) - epoch.seconds * 1000;
	const bytes = Buffer.from(encodeMessage('GetEventsResponse', event));
	return makeTemplate(bytes, atMs, {ids, seconds}, {policy, enforced: action === 'KPROBE_ACTION_SIGKILL'});
}

/** The node of its pod; for a host process that enters a pod, the node of that; else where the slice puts its host. */
function placesOf(event: Event, slice: Slice): readonly string[] {
	const {process} = bodyOf(event);
	const pod = process?.pod?.name ?? enteredPod(process);
	if (pod !== undefined) {
		return nodesOf(pod);
	}

	return slice.hostOn ?? [];
}

/** An event has the policy's action in monitor mode too; only the exit, without a signal, shows that nothing was done. */
function monitored(event: Event, policy: string | undefined): Event {
	if (policy === undefined) {
		return event;
	}

	if (event.process_kprobe) {
		return {...event, process_kprobe: {...event.process_kprobe, policy_name: policy}};
	}

	if (event.process_exit?.signal) {
		const {signal, ...exit} = event.process_exit;
		return {...event, process_exit: exit};
	}

	return event;
}

function enteredPod(process: EventBody['process']): string | undefined {
	if (!process?.binary?.endsWith('/podrun')) {
		return undefined;
	}

	const [alias = ''] = (process.arguments ?? '').split(' ');
	return podsByAlias[alias] ?? alias;
}

function nodesOf(pod: string): readonly string[] {
	return nodes.filter((script: NodeScript) => script.pods.includes(pod)).map(({node}) => node);
}

function bodyOf(event: Event): EventBody {
	const kind = kindOf(event);
	return (kind === 'unknown' ? undefined : event[kind]) ?? {};
}
