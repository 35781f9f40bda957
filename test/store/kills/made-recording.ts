/**
Recordings that are made up by a seed: a kernel that counts and reports as Tetragon does, policies whose modes somebody
switches, kills without an event, and processes that others kill. What became of each process is known.
*/
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import type {Recording} from './oracle.js';

export type Fate = {
	readonly policy: string;
	readonly what: string;
	/** States that are right, and that leave it open. */
	readonly right: readonly string[];
	readonly open: readonly string[];
};

export type MadeRecording = Recording & {
	/** By the arguments of the process. */
	readonly fates: ReadonlyMap<string, Fate>;
	/** Kills without an event. */
	readonly hidden: number;
};

type Kind = 'kill' | 'post' | 'deny';

type Policy = {
	readonly name: string;
	readonly kind: Kind;
	isEnforced: boolean;
	readonly counts: Record<string, number>;
};

export type Chances = {
	/** Of 100 kills, those without an event. */
	readonly hidden: number;
	/** Of 100 survivors, those that somebody else kills. */
	readonly killedByHand: number;
	readonly kinds: readonly Kind[];
};

export class Random {
	#seed: number;

	constructor(seed: number) {
		this.#seed = Math.imul(seed + 1, 2_654_435_761) >>> 0;
	}

	below(limit: number): number {
		this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((this.#seed / 2 ** 32) * limit);
	}
}

const startMs = Date.parse('2026-01-02T03:04:05Z');

/** Milliseconds between two states of the counters that a poll may see. */
const stateMs = 25;

export function makeRecording(seed: number, chances: Chances, acts = 60): MadeRecording {
	return new Maker(seed, chances).make(acts);
}

class Maker {
	readonly #random: Random;
	readonly #chances: Chances;
	readonly #policies: readonly Policy[];
	/** Things that happen, at their times. */
	readonly #deeds: Array<{readonly atMs: number; readonly run: () => void}> = [];
	readonly #frames: Array<{readonly atMs: number; readonly bytes: Buffer}> = [];
	readonly #fates = new Map<string, Fate>();
	#hidden = 0;
	#number = 0;
	#nowMs = startMs;

	constructor(seed: number, chances: Chances) {
		this.#random = new Random(seed);
		this.#chances = chances;
		this.#policies = chances.kinds.map((kind, index) => ({
			name: `${kind}-${index}`,
			kind,
			isEnforced: index % 2 === 0,
			counts: {},
		}));
	}

	make(acts: number): MadeRecording {
		let atMs = startMs + 500;
		for (let act = 0; act < acts; act++) {
			atMs += 20 + this.#random.below(1500);
			const policy = this.#policies[this.#random.below(this.#policies.length)]!;
			if (this.#random.below(10) < 2) {
				this.#at(atMs, () => {
					policy.isEnforced = !policy.isEnforced;
				});
			}

			this.#at(atMs + this.#random.below(300), () => this.#hit(policy));
		}

		const lists: Array<{readonly atMs: number; readonly list: readonly PolicyStatus[]}> = [];
		for (; this.#nowMs < atMs + 1000; this.#nowMs++) {
			const due = this.#deeds.filter(deed => deed.atMs === this.#nowMs);
			for (const {run} of due) {
				run();
			}

			if (this.#nowMs % stateMs === 0 || due.length > 0) {
				lists.push({atMs: this.#nowMs, list: this.#list()});
			}
		}

		return {frames: this.#frames, lists, commands: [], fates: this.#fates, hidden: this.#hidden};
	}

	#at(atMs: number, run: () => void): void {
		this.#deeds.push({atMs, run});
	}

	#after(ms: number, run: () => void): void {
		this.#at(this.#nowMs + Math.max(1, ms), run);
	}

	#list(): readonly PolicyStatus[] {
		return this.#policies.map(({name, isEnforced, counts}) => ({
			name,
			state: 'TP_STATE_ENABLED',
			mode: isEnforced ? 'TP_MODE_ENFORCE' : 'TP_MODE_MONITOR',
			stats: {action_counters: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, String(count)]))},
		}));
	}

	#send(event: object): void {
		const time = new Date(this.#nowMs).toISOString();
		const bytes = Buffer.from(encodeMessage('GetEventsResponse', {...event, node_name: 'minikube', time}));
		this.#frames.push({atMs: this.#nowMs, bytes});
	}

	#process(words: string): object {
		const number = ++this.#number;
		return {
			exec_id: Buffer.from(`made:${number}:${1000 + number}`).toString('base64'),
			pid: 1000 + number,
			binary: `/usr/bin/tool-${number % 5}`,
			arguments: words,
			flags: 'execve clone',
			start_time: new Date(this.#nowMs).toISOString(),
		};
	}

	#hit(policy: Policy): void {
		const words = `act-${this.#number}`;
		const process = this.#process(words);
		this.#send({process_exec: {process}});
		const {isEnforced, kind, counts} = policy;
		const name = kind === 'deny' ? 'override' : 'signal';
		const counter = isEnforced ? name : `monitor_${name}`;
		counts[counter] = (counts[counter] ?? 0) + 1;
		const isKilled = isEnforced && kind !== 'deny';
		if (isKilled && this.#random.below(100) < this.#chances.hidden) {
			this.#hidden++;
			this.#after(2, () => this.#send({process_exit: {process, signal: 'SIGKILL'}}));
			return;
		}

		counts['post'] = (counts['post'] ?? 0) + 1;
		this.#send({
			process_kprobe: {
				process,
				function_name: kind === 'deny' ? 'sys_mkdir' : 'security_file_open',
				policy_name: policy.name,
				action: {kill: 'KPROBE_ACTION_SIGKILL', post: 'KPROBE_ACTION_POST', deny: 'KPROBE_ACTION_OVERRIDE'}[kind],
				...(kind === 'deny' ? {return: {int_arg: isEnforced ? -1 : 0}} : {}),
			},
		});
		this.#fates.set(words, fateOf(policy));
		if (isKilled) {
			this.#after(1 + this.#random.below(6), () => this.#send({process_exit: {process, signal: 'SIGKILL'}}));
			return;
		}

		const isKilledByHand = this.#random.below(100) < this.#chances.killedByHand;
		const exit = {process_exit: {process, ...(isKilledByHand ? {signal: 'SIGKILL'} : {})}};
		this.#after(1 + this.#random.below(400), () => this.#send(exit));
	}
}

function fateOf({name, kind, isEnforced}: Policy): Fate {
	if (kind === 'deny') {
		return isEnforced
			? {policy: name, what: 'denied', right: ['DENIED'], open: ['DENY ?']}
			: {policy: name, what: 'let pass', right: ['WOULD-DENY'], open: ['DENY ?']};
	}

	// A report alone says nothing of a kill.
	const silent = kind === 'post' ? [''] : [];
	return isEnforced
		? {policy: name, what: 'killed', right: ['KILLED'], open: ['KILL ?', ...silent]}
		: {policy: name, what: 'not killed', right: ['WOULD-KILL', ...silent], open: ['KILL ?', 'NOT KILLED']};
}
