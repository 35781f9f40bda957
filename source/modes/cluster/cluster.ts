/** The live view of a cluster: finds the agents on its nodes, for as long as the screen is open. */
import process from 'node:process';
import type {Api} from '../../kubernetes/api/api.js';
import type {Discovery, Progress} from '../../kubernetes/discover.js';
import type {Target} from '../../kubernetes/target/parse.js';
import type {Scope} from '../../kubernetes/target/target-scope.js';
import type {Options} from '../../options/options.js';
import type {Link} from '../../tetragon/agent/link.js';
import type {Facts} from '../../tetragon/event/facts.js';
import {safe} from '../../text/safe.js';
import type {UiState} from '../../ui/state/state.js';
import {type FleetMode, type ProblemSink, runFleet} from '../fleet/mode.js';
import {isHeadless} from '../terminal/headless.js';
import {DeathsWatch} from './deaths-watch.js';
import {type LoggedIn, logInFirst} from './log-in.js';
import {kubernetesOptions} from './options.js';
import {PoliciesWatch} from './policies-watch.js';
import {chipsOf} from './target-chips.js';

/** @param run what is done with the nodes; without it the screen, the lines or the doctor. */
export async function runCluster(options: Options, run = runFleet): Promise<number> {
	if (options.command === 'doctor') {
		const {examineInCluster} = await import('./doctor-cluster.js');
		return examineInCluster(options);
	}

	const login = await logInFirst(kubernetesOptions(options));
	return run(new ClusterView(options, login).mode());
}

const stepStates = {ok: 'done', busy: 'doing', bad: 'failed'} as const;

class ClusterView {
	readonly #options: Options;
	readonly #login: LoggedIn | undefined;
	#discovery: Discovery | undefined;
	#deaths: DeathsWatch | undefined;
	readonly #policies: PoliciesWatch;
	/** What the target means for the events, as it is known now. */
	#scope: Scope | undefined;
	/** The scope whose chips are on the screen. */
	#shown: Scope | undefined;
	#offlineSinceMs: number | undefined;
	readonly #steps = new Map<string, Progress>();

	constructor(options: Options, login: LoggedIn | undefined) {
		this.#options = options;
		this.#login = login;
		this.#policies = new PoliciesWatch(options.target);
	}

	mode(): FleetMode {
		return {
			options: eventOptions(this.#options),
			targetName: this.#options.context ?? 'cluster',
			mode: 'live',
			isOwn: (node, facts) => this.#isOwn(node, facts),
			scope: () => this.#scope?.filters,
			targetChips: () => chipsOf(this.#scope),
			watchDeaths: sink => {
				this.#deaths = new DeathsWatch(sink);
			},
			connect: (add, remove, problems) => this.#connect(add, remove, problems),
			steps: () => [...this.#steps.values()].map(({state, text}) => ({state: stepStates[state], text})),
			refresh: ui => this.#refresh(ui),
			clusterPolicies: () => {
				this.#policies.open(true);
				return this.#policies.now();
			},
			policyYaml: async (name, namespace) => {
				const {policyYaml} = await import('../../kubernetes/policy-and-log.js');
				return policyYaml(this.#api(), name, namespace);
			},
			agentLog: async node => {
				const {agentLog} = await import('../../kubernetes/policy-and-log.js');
				return agentLog(this.#api(), this.#discovery?.agents.at(node));
			},
			close: async () => {
				this.#deaths?.close();
				this.#policies.close();
				this.#discovery?.close();
			},
		};
	}

	#isOwn(node: string, facts: Facts): boolean {
		const own = this.#discovery?.own;
		if (own === undefined || own.knows(node, facts.execId, facts.parentExecId)) {
			return own !== undefined;
		}

		// Reading a process costs more than the rest of an event: only while a process of ours is expected on the node.
		const process = facts.kind === 'process_exec' && own.expects(node) ? facts.readProcess() : undefined;
		return process !== undefined && own.isOwn(node, process);
	}

	async #connect(
		add: (link: Link) => void,
		remove: (node: string, reason: string) => void,
		problems: ProblemSink,
	): Promise<void> {
		// Loading these modules takes 400 ms: after the first paint.
		const {discover} = await import('../../kubernetes/discover.js');
		const say: (line: string) => void = line => this.#sayLogin(line, problems);
		const loginEnded: () => void = () => problems.settle('login');
		this.#login?.screenOpens(say, loginEnded);
		this.#discovery = discover(
			{...kubernetesOptions(this.#options), loginEnded},
			{
				add,
				remove,
				problem: problems.raise,
				solved: problems.settle,
				progress: line => {
					this.#steps.set(line.id, line);
				},
				scope: next => {
					this.#scope = next;
					problems.narrowed?.();
					this.#deaths?.scope(next);
					this.#policies.scope(next);
				},
				offline: sinceMs => {
					this.#offlineSinceMs = sinceMs;
				},
				say,
			},
			this.#login?.cluster,
		);
		const {cluster, target} = this.#discovery;
		this.#deaths?.start(cluster.api);
		// Lines of events show no policies.
		if (!isHeadless(this.#options) || this.#options.command === 'policies') {
			this.#policies.start(cluster.api, hasPodNames(target.target.type));
		}
	}

	/** A line of the login program, which has no terminal while the screen is open. */
	#sayLogin(line: string, problems: ProblemSink): void {
		if (isHeadless(this.#options)) {
			process.stderr.write(`${safe(line)}\n`);
			return;
		}

		problems.raise({
			id: 'login',
			severity: 'warning',
			what: 'the login program says',
			why: line,
			fix: 'log in, then Ctrl-r',
		});
	}

	#refresh(ui: UiState): UiState {
		this.#policies.open(ui.view === 'policies');
		return {
			...this.#withScope(ui),
			clusterPolicies: this.#policies.now(),
			offlineSinceMs: this.#offlineSinceMs,
			targetName: this.#discovery ? targetNameOf(this.#discovery) : ui.targetName,
		};
	}

	/** Replaces the chips of the old target by those of the new. The chips of the user stay, and what the user did to the target's. */
	#withScope(ui: UiState): UiState {
		if (this.#scope === this.#shown) {
			return ui;
		}

		const old = chipsOf(this.#shown);
		const fresh = chipsOf(this.#scope);
		this.#shown = this.#scope;
		const known = new Map(ui.chips.map(chip => [chip.id, chip]));
		const target = fresh.flatMap(chip => {
			const before = known.get(chip.id);
			const wasRemoved = before === undefined && old.some(({id}) => id === chip.id);
			return wasRemoved ? [] : before?.off === undefined ? chip : {...chip, off: before.off};
		});
		const ids = new Set([...old, ...fresh].map(({id}) => id));
		return {...ui, chips: [...target, ...ui.chips.filter(({id}) => !ids.has(id))]};
	}

	#api(): Api {
		if (!this.#discovery) {
			throw new Error('the cluster is not reached yet');
		}

		return this.#discovery.cluster.api;
	}
}

/** The pods of these targets are found one after the other; those of the others are known by the target itself. */
function hasPodNames(type: Target['type']): boolean {
	return type === 'workload' || type === 'service' || type === 'selector';
}

/** The namespaces of -n are the target's: its chips ask for them, and can be taken away. */
function eventOptions(options: Options): Options {
	return options.allNamespaces ? options : {...options, namespace: undefined};
}

/** The context, and the user whose rights are used when it is another than the kubeconfig's. */
function targetNameOf({cluster}: Discovery): string {
	const {context, as} = cluster.access;
	return `${context || 'cluster'}${as === '' ? '' : ` (as: ${as})`}`;
}
