/** A slice of a recording, made ready for one node: its names, its times, its processes. */
import type {Event, EventBody, Pod, ProcessMessage} from '../tetragon/event/event.js';
import {kindOf} from '../tetragon/event/event.js';
import {type Move, moveKtime, moveTime, nanosecondsOf, secondsOf, timeText} from './clockwork.js';
import type {Disguise} from './disguise.js';

type Mutable<T> = {-readonly [key in keyof T]: T[key]};

type Staged = {
	readonly event: Event;
	/** exec_ids and seconds that move with the loop. */
	readonly ids: ReadonlySet<string>;
	readonly seconds: ReadonlySet<number>;
};

/** A process that runs since this long after boot is older than what is played: it stays through all loops. */
const settling = 1_000_000_000n;

export class Stage {
	readonly #node: string;
	readonly #zone: string;
	readonly #bootNs: bigint;
	readonly #disguise: Disguise;
	readonly #move: Move;
	/** The parent that a process was first shown with, by its recorded exec_id. */
	readonly #parents = new Map<string, string>();
	#ids = new Set<string>();
	#seconds = new Set<number>();

	constructor(script: {node: string; zone: string}, disguise: Disguise, bootMs: number, move: Move) {
		this.#node = script.node;
		this.#zone = script.zone;
		this.#disguise = disguise;
		this.#bootNs = BigInt(Math.round(bootMs)) * 1_000_000n;
		this.#move = move;
	}

	event(recorded: Event): Staged {
		this.#ids = new Set();
		this.#seconds = new Set();
		const kind = kindOf(recorded);
		const event = {...recorded} as Mutable<Event> & Record<string, unknown>;
		event.node_name = this.#node;
		event.cluster_name = 'demo';
		event.node_labels = {'kubernetes.io/hostname': this.#node, 'topology.kubernetes.io/zone': this.#zone};
		if (recorded.time) {
			event.time = this.#time(recorded.time);
		}

		if (kind !== 'unknown') {
			event[kind] = this.#body(recorded[kind] ?? {});
		}

		return {event, ids: this.#ids, seconds: this.#seconds};
	}

	/** A long-lived process of the recorded cache, with its parent as shown here. */
	standing(process: ProcessMessage): ProcessMessage {
		const parent = this.#disguise.parentOf({binary: '/opt/tetragon/vmagent'}, process);
		return {...this.#process(process), parent_exec_id: parent.exec_id ?? ''};
	}

	#body(recorded: EventBody): EventBody {
		const body = {...recorded} as Mutable<EventBody> & Record<string, unknown>;
		const chain = [recorded.process, recorded.parent, ...(recorded.ancestors ?? [])].filter(link => link !== undefined);
		const staged = this.#chain(chain);
		if (recorded.process) {
			body.process = staged[0];
		}

		if (recorded.parent) {
			body.parent = staged[1];
		}

		if (recorded.ancestors) {
			body.ancestors = staged.slice(2);
		}

		if (recorded.time) {
			body.time = this.#time(recorded.time);
		}

		return body;
	}

	/** The process and those above it; ends with the first that runs since boot. */
	#chain(recorded: readonly ProcessMessage[]): ProcessMessage[] {
		const staged: ProcessMessage[] = [];
		for (const [index, process] of recorded.entries()) {
			const child = staged.at(-1);
			const shown = index === 0 ? this.#disguise.process(process) : this.#disguise.parentOf(process, child);
			const isStanding = shown.exec_id !== process.exec_id;
			const above = isStanding ? shown : this.#process(shown);
			staged.push(above);
			if (child) {
				staged[index - 1] = {...child, parent_exec_id: above.exec_id ?? ''};
				this.#parents.set(recorded[index - 1]?.exec_id ?? '', above.exec_id ?? '');
			}

			if (isStanding) {
				return staged;
			}
		}

		const last = staged.at(-1);
		const known = this.#parents.get(recorded.at(-1)?.exec_id ?? '');
		if (last && known !== undefined) {
			staged[staged.length - 1] = {...last, parent_exec_id: known};
		}

		return staged;
	}

	#process(recorded: ProcessMessage): ProcessMessage {
		const process = {...recorded} as Mutable<ProcessMessage> & Record<string, unknown>;
		const ktime = ktimeOf(recorded.exec_id);
		process.exec_id = this.#id(recorded.exec_id);
		process.parent_exec_id = this.#id(recorded.parent_exec_id);
		if (recorded.start_time) {
			process.start_time = this.#moves(ktime) ? this.#time(recorded.start_time) : timeText(this.#bootNs + ktime);
		}

		if (recorded.pod) {
			process.pod = this.#pod(recorded.pod);
		}

		return process;
	}

	#pod(pod: Pod): Pod {
		const started = timeText(this.#bootNs + 180_000_000_000n);
		return pod.container ? {...pod, container: {...pod.container, start_time: started}} : pod;
	}

	#id(recorded: string | undefined): string {
		if (!recorded) {
			return '';
		}

		const [, ktime = '0', pid = ''] = Buffer.from(recorded, 'base64').toString('latin1').split(':');
		const old = BigInt(ktime);
		const moves = this.#moves(old);
		const id = Buffer.from(`${this.#node}:${moves ? moveKtime(this.#move, old) : old}:${pid}`).toString('base64');
		if (moves) {
			this.#ids.add(id);
		}

		return id;
	}

	#time(recorded: string): string {
		const text = timeText(moveTime(this.#move, nanosecondsOf(recorded)));
		this.#seconds.add(secondsOf(text));
		return text;
	}

	#moves(ktime: bigint): boolean {
		return ktime + settling >= this.#move.recordedKtime;
	}
}

/** Nanoseconds since boot, from base64 of `node:ktime:pid`. */
export function ktimeOf(execId: string | undefined): bigint {
	const [, ktime = '0'] = Buffer.from(execId ?? '', 'base64')
		.toString('latin1')
		.split(':');
	return /^\d+$/.test(ktime) ? BigInt(ktime) : 0n;
}
