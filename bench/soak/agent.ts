/**
An agent that knows the truth: it makes up processes, hits of policies and their ends as a kernel would, counts them as
Tetragon counts, and notes what really became of each. It also behaves badly: modes are switched, answers come late or never,
it restarts, and it floods.
*/
import {Buffer} from 'node:buffer';
import {GrpcError, type Listening, listen, type Subscriber} from '../../source/demo/server.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import type {Random} from './random.js';

/** What became of a process that a policy hit, and what may be said of it at the end. */
export type Truth = {
	readonly policy: string;
	readonly what: string;
	/** States that are right. */
	readonly right: readonly string[];
	/** States that leave it open. */
	readonly open: readonly string[];
};

type Kind = 'kill' | 'post' | 'deny';

type Policy = {
	readonly name: string;
	readonly kind: Kind;
	isEnforced: boolean;
	readonly counts: Record<string, number>;
};

const kinds: readonly Kind[] = ['kill', 'kill', 'kill', 'post', 'post', 'deny', 'deny', 'kill'];

/** Milliseconds after a hit in which its processes end. */
const longestLife = 400;

function pause(milliseconds: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, milliseconds));
}

export class SoakAgent {
	/** By the arguments of the process, which no other has. */
	readonly truths = new Map<string, Truth>();
	/** Kills that were counted and sent no event. */
	hidden = 0;
	restarts = 0;
	late = 0;
	lost = 0;
	sent = 0;
	isQuiet = false;
	readonly #random: Random;
	readonly #path: string;
	readonly #policies: readonly Policy[] = kinds.map((kind, index) => ({
		name: `policy-${index}-${kind}`,
		kind,
		isEnforced: index % 2 === 0,
		counts: {},
	}));
	#listening: Listening | undefined;
	readonly #subscribers = new Set<Subscriber>();
	#number = 0;
	/** Acts whose processes still run. */
	#running = 0;
	#isAway = false;

	constructor(path: string, random: Random) {
		this.#path = path;
		this.#random = random;
	}

	async listen(): Promise<void> {
		this.#listening = await listen(
			{
				GetVersion: () => Buffer.from(encodeMessage('GetVersionResponse', {version: 'v1.8.0'})),
				GetHealth: () => Buffer.alloc(0),
				GetDebug: () => Buffer.alloc(0),
				ListTracingPolicies: () => this.#list(),
				GetEvents: (_request, subscriber) => {
					this.#subscribers.add(subscriber);
					return () => this.#subscribers.delete(subscriber);
				},
			},
			`unix:${this.#path}`,
		);
	}

	async close(): Promise<void> {
		this.#subscribers.clear();
		await this.#listening?.close();
	}

	/** Acts until the signal aborts, one thing at a time and several processes at once. */
	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a draw among the things that happen reads best in one list
	async act(signal: AbortSignal): Promise<void> {
		const random = this.#random;
		while (!signal.aborted) {
			await pause(20 + random.below(400));
			if (this.#isAway || this.#subscribers.size === 0) {
				continue;
			}

			const dice = random.below(100);
			if (dice < 70) {
				void this.#hit(random.pick(this.#policies));
			} else if (dice < 80) {
				const policy = random.pick(this.#policies);
				policy.isEnforced = !policy.isEnforced;
				if (random.below(2) === 0) {
					void this.#hit(policy);
				}
			} else if (dice < 88) {
				this.#bystander();
			} else if (dice < 91) {
				await this.#flood();
			} else if (dice < 92) {
				await this.restart();
			}
		}

		await this.#settled();
	}

	/** It goes away as one that is killed, and comes back with counters that begin at 0. */
	async restart(): Promise<void> {
		this.#isAway = true;
		await this.#settled();
		// The last events are read before the sockets are cut.
		await pause(300);
		this.restarts++;
		await this.close();
		for (const policy of this.#policies) {
			for (const name of Object.keys(policy.counts)) {
				policy.counts[name] = 0;
			}
		}

		await pause(this.#random.below(3000));
		await this.listen();
		const until = performance.now() + 20_000;
		while (this.#subscribers.size === 0 && performance.now() < until) {
			await pause(20);
		}

		// Its first list is read right after the events are asked for.
		await pause(1500);
		this.#isAway = false;
	}

	async #settled(): Promise<void> {
		while (this.#running > 0) {
			await pause(20);
		}
	}

	async #list(): Promise<Buffer> {
		const policies = this.#policies.map(({name, isEnforced, counts}, index) => ({
			id: String(index + 1),
			name,
			sensors: ['generic_kprobe'],
			enabled: true,
			state: 'TP_STATE_ENABLED',
			mode: isEnforced ? 'TP_MODE_ENFORCE' : 'TP_MODE_MONITOR',
			stats: {
				action_counters: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, String(count)])),
			},
		}));
		const answer = Buffer.from(encodeMessage('ListTracingPoliciesResponse', {policies}));
		const dice = this.isQuiet ? 100 : this.#random.below(100);
		if (dice < 15) {
			this.lost++;
			throw new GrpcError(14, 'lost');
		}

		if (dice < 40) {
			this.late++;
			await pause(this.#random.below(5000));
		}

		return answer;
	}

	#send(event: object): void {
		const frame = Buffer.from(
			encodeMessage('GetEventsResponse', {...event, node_name: 'soak', time: new Date().toISOString()}),
		);
		for (const subscriber of this.#subscribers) {
			subscriber.push(frame);
			this.sent++;
		}
	}

	#process(words: string): object {
		const number = ++this.#number;
		const pod = `pod-${number % 17}`;
		return {
			exec_id: Buffer.from(`soak:${Date.now()}:${number}`).toString('base64'),
			pid: 1000 + (number % 30_000),
			uid: 0,
			cwd: '/',
			binary: `/usr/bin/tool-${number % 23}`,
			arguments: words,
			flags: 'execve clone',
			start_time: new Date().toISOString(),
			in_init_tree: true,
			pod: {
				namespace: 'default',
				name: pod,
				workload: pod,
				workload_kind: 'Deployment',
				container: {id: `containerd://${pod}`, name: 'main', image: {name: 'image'}},
			},
		};
	}

	/** Somebody who ends without a policy, now and then by a kill -9 of his own. */
	#bystander(): void {
		const process = this.#process('bystander');
		this.#send({process_exec: {process}});
		this.#send({process_exit: {process, ...(this.#random.below(4) === 0 ? {signal: 'SIGKILL'} : {})}});
	}

	async #flood(): Promise<void> {
		const process = this.#process('flood');
		for (let block = 0; block < 20; block++) {
			for (let index = 0; index < 100; index++) {
				this.#send({process_kprobe: {process, function_name: 'security_bprm_check', policy_name: 'observe'}});
			}

			await pause(10);
		}
	}

	async #hit(policy: Policy): Promise<void> {
		this.#running++;
		const words = `act-${this.#number}`;
		const process = this.#process(words);
		this.#send({process_exec: {process}});
		if (this.#random.below(3) === 0) {
			await pause(this.#random.below(200));
		}

		// A kernel decides and counts in the same moment; what is sent may wait.
		const {isEnforced} = policy;
		const isKiller = policy.kind !== 'deny';
		const name = isKiller ? 'signal' : 'override';
		this.#count(policy, isEnforced ? name : `monitor_${name}`);
		// NoPost: only of policies that kill, and rare.
		if (isKiller && isEnforced && this.#random.below(12) === 0) {
			this.hidden++;
			this.#send({process_exit: {process, signal: 'SIGKILL'}});
			this.#running--;
			return;
		}

		this.#count(policy, 'post');
		const event = {
			process,
			function_name: isKiller ? 'security_file_open' : 'sys_mkdir',
			policy_name: policy.name,
			action: {kill: 'KPROBE_ACTION_SIGKILL', post: 'KPROBE_ACTION_POST', deny: 'KPROBE_ACTION_OVERRIDE'}[policy.kind],
			...(isKiller ? {} : {return: {int_arg: isEnforced ? -1 : 0}}),
		};
		this.#send({process_kprobe: event});
		if (isKiller && isEnforced) {
			// A report alone says nothing of a kill, and the counters of an agent that restarted are gone.
			const open = policy.kind === 'post' ? ['KILL ?', ''] : ['KILL ?'];
			this.truths.set(words, {policy: policy.name, what: 'killed', right: ['KILLED'], open});
			await pause(this.#random.below(6));
			this.#send({process_exit: {process, signal: 'SIGKILL'}});
		} else {
			await this.#survivor(policy, words, process);
		}

		this.#running--;
	}

	/** A process that no policy killed: it ends by itself, or somebody kills it. */
	async #survivor({name, kind, isEnforced}: Policy, words: string, process: object): Promise<void> {
		const end = this.#random.below(4);
		const alive = {process, function_name: 'security_bprm_check', policy_name: 'observe'};
		if (kind === 'deny') {
			this.truths.set(words, {
				policy: name,
				what: isEnforced ? 'denied' : 'let pass',
				right: isEnforced ? ['DENIED'] : ['WOULD-DENY'],
				open: ['DENY ?'],
			});
		} else {
			// A report of a policy that reports more than kills has no state while nothing says that it killed.
			const right = kind === 'post' ? ['WOULD-KILL', ''] : ['WOULD-KILL'];
			this.truths.set(words, {policy: name, what: 'not killed', right, open: ['KILL ?', 'NOT KILLED']});
		}

		await pause(this.#random.below(longestLife));
		if (end < 2) {
			this.#send({process_kprobe: alive});
		}

		this.#send({process_exit: {process, ...(end % 2 === 0 ? {signal: 'SIGKILL'} : {})}});
	}

	#count({counts}: Policy, name: string): void {
		counts[name] = (counts[name] ?? 0) + 1;
	}
}
