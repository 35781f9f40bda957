/** `tetratop policies`: the policies of the agents, and in a cluster what its API has of them, once, as lines. */

import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import {type Problem, refusalOf} from '../../problem.js';
import {
	type ClusterPolicies,
	type JoinedPolicy,
	joinPolicies,
	type PolicyJoin,
} from '../../store/policies/policy-join.js';
import {Store} from '../../store/store.js';
import type {Link} from '../../tetragon/agent/link.js';
import {inertJson, terminalJson} from '../../text/inert.js';
import {safe} from '../../text/safe.js';
import {widthOf} from '../../text/width.js';
import {note} from '../terminal/lines.js';
import {say} from '../terminal/print.js';
import type {FleetMode} from './mode.js';

/** Milliseconds that are waited for nodes and for the API, and after the last one that was found. */
const lookMs = 10_000;
const quietMs = 1000;
const openMs = 15_000;
/** Agents that are asked at the same time. */
const atOnce = 25;

/** 0: all agents and the API were read; 1: something could not be. */
export async function listPolicies(mode: FleetMode): Promise<number> {
	const listing = new Listing(mode);
	try {
		return await listing.run();
	} finally {
		await mode.close?.();
	}
}

class Listing {
	readonly #mode: FleetMode;
	readonly #store = new Store();
	readonly #links = new Map<string, Link>();
	readonly #problems = new Map<string, Problem>();
	readonly #listed: string[] = [];
	readonly #unread: Array<{readonly node: string; readonly why: string}> = [];
	#lastNewsMs = performance.now();

	constructor(mode: FleetMode) {
		this.#mode = mode;
	}

	async run(): Promise<number> {
		try {
			await this.#look();
		} catch (error) {
			const {what, why, fix} = refusalOf(error);
			note(`${what}: ${why}; ${fix}`);
			return exitCodes.failure;
		}

		const waiting = [...this.#links.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
		await Promise.all(
			Array.from({length: Math.min(atOnce, waiting.length)}, async () => {
				for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
					await this.#read(link);
				}
			}),
		);
		const cluster = this.#mode.clusterPolicies?.();
		const join = joinPolicies(this.#store.policyRows(), this.#listed, cluster);
		if (this.#mode.options.output === 'json') {
			printJson(join, cluster, this.#unread);
		} else {
			printText(join, cluster, this.#listed.length > 0);
		}

		return this.#end(cluster !== undefined && cluster.words.length > 0);
	}

	/** Says what could not be read, and returns the exit code. */
	#end(isApiUnread: boolean): number {
		for (const {what, why, fix} of this.#problems.values()) {
			note([`${what}: ${why}`, fix].filter(words => words !== '').join('; '));
		}

		for (const {node, why} of this.#unread) {
			note(`the policies of ${node} cannot be read: ${why}`);
		}

		const isWhole = this.#listed.length > 0 && this.#unread.length === 0 && !isApiUnread;
		return isWhole ? exitCodes.success : exitCodes.failure;
	}

	/** Finds the nodes, and lets the API be read meanwhile. */
	async #look(): Promise<void> {
		const {connect, clusterPolicies, isSingle} = this.#mode;
		const news: () => void = () => {
			this.#lastNewsMs = performance.now();
		};
		await connect(
			link => {
				this.#links.set(link.node, link);
				news();
			},
			node => {
				this.#links.delete(node);
				news();
			},
			{
				raise: problem => {
					this.#problems.set(problem.id, problem);
					news();
				},
				settle: id => void this.#problems.delete(id),
			},
		);
		const beganMs = performance.now();
		const isFound: () => boolean = () =>
			(this.#links.size > 0 || this.#problems.size > 0) && performance.now() - this.#lastNewsMs >= quietMs;
		while (
			isSingle !== true &&
			performance.now() - beganMs < lookMs &&
			!(isFound() && (clusterPolicies?.()?.isComplete ?? clusterPolicies === undefined))
		) {
			await new Promise(resolve => {
				setTimeout(resolve, 50);
			});
		}
	}

	async #read(link: Link): Promise<void> {
		try {
			const connection = await link.open(AbortSignal.timeout(openMs));
			try {
				const list = await connection.policies();
				if (list === undefined) {
					const why = connection.missing().join('; ') || 'this agent, or this way to it, has no list of policies';
					this.#unread.push({node: link.node, why});
					return;
				}

				this.#store.takePolicies(this.#store.openNode(link.node), list, Date.now());
				this.#listed.push(link.node);
			} finally {
				connection.close();
			}
		} catch (error) {
			const {what, why} = refusalOf(error);
			this.#unread.push({node: link.node, why: `${what}: ${why}`});
		}
	}
}

/** With a target its policies only, and those of which it is not known. */
function isMeant({pods}: JoinedPolicy, cluster: ClusterPolicies | undefined): boolean {
	return cluster?.target === undefined || pods === undefined || pods.length > 0;
}

function printText({policies, sentences}: PolicyJoin, cluster: ClusterPolicies | undefined, isListed: boolean): void {
	const meant = policies.filter(policy => isMeant(policy, cluster));
	if (meant.length === 0) {
		say(policies.length > 0 ? 'no policy applies' : isListed ? 'no policy' : 'no policy is known');
	} else {
		table([
			['NAME', 'NAMESPACE', 'MODE', 'STATE', 'NODES', 'PODS', 'OBJECT', 'SELECTS'],
			...meant.map(({row, pods, hasObject, selects}) => [
				row.name,
				row.namespace || '(all)',
				row.mode,
				row.state,
				`${row.nodes}/${row.ofNodes}`,
				pods === undefined ? '?' : String(pods.length),
				hasObject === undefined ? '?' : hasObject ? 'yes' : 'no',
				selects === '' ? '?' : selects,
			]),
		]);
	}

	const words = meant.flatMap(policy => policy.words);
	for (const line of new Set([...sentences, ...words])) {
		say(line);
	}
}

function table(rows: ReadonlyArray<readonly string[]>): void {
	const cells = rows.map(row => row.map(cell => safe(cell)));
	const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(row => widthOf(row[column] ?? safe('')))));
	for (const row of cells) {
		const padded = row.map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - widthOf(cell))}`);
		say(padded.join('   ').trimEnd());
	}
}

function printJson(
	{policies, sentences}: PolicyJoin,
	cluster: ClusterPolicies | undefined,
	unread: ReadonlyArray<{readonly node: string; readonly why: string}>,
): void {
	const inert = process.stdout.isTTY ? terminalJson : inertJson;
	const print: (value: unknown) => void = value => {
		process.stdout.write(`${inert(JSON.stringify(value))}\n`);
	};
	for (const {row, hasObject, selects, pods, notLoaded, words} of policies.filter(one => isMeant(one, cluster))) {
		print({
			type: 'policy',
			name: row.name,
			namespace: row.namespace,
			kind: row.namespace === '' ? 'TracingPolicy' : 'TracingPolicyNamespaced',
			mode: row.mode,
			state: row.state,
			// null: it could not be read.
			object: hasObject ?? null,
			selects: selects === '' ? null : selects,
			pods: pods?.map(({namespace, name, node}) => ({namespace, name, node})) ?? null,
			nodes: row.perNode.map(({nodeName, mode, state, error}) => ({node: nodeName, mode, state, error})),
			notLoaded,
			words,
		});
	}

	print({type: 'summary', target: cluster?.target?.words ?? null, sentences, unread});
}
