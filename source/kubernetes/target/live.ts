import {Awaited, type Problem, Refusal} from '../../problem.js';
import {Turns} from '../../runtime/turns.js';
import type {Api} from '../api/api.js';
import {follow} from '../api/follow.js';
import {asPod, nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {isOffline} from '../api/refusal.js';
import {problemOfRefusal} from '../rights/missing-right.js';
import type {Target} from './parse.js';
import {isFinished, keyOf, PodNames, type TargetPodNames} from './pod-names.js';
import type {PodSource} from './pod-source.js';
import {findSource} from './source.js';
import {scopeOf} from './target-scope.js';

type LiveTargetSeen = {
	/** The nodes that now have a running pod of the target. */
	readonly nodes: (nodes: ReadonlySet<string>) => void;
	/** The target was found; it may be more exact than the given one. */
	readonly found: (target: Target) => void;
	/** The names of its pods changed. Not called for a namespace, whose pods are known by it. */
	readonly pods: (names: TargetPodNames) => void;
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	/** A request failed; it is tried again. */
	readonly trouble: (refusal: Refusal) => void;
	/** Requests succeed, again or for the first time. */
	readonly well: () => void;
};

type LiveTargetOptions = {
	/** -n was not given: a pod of this name in exactly one other namespace is taken. */
	readonly elsewhere: boolean;
	readonly signal: AbortSignal;
	/** Milliseconds until the target is searched again. */
	readonly againMs?: number;
};

const problemId = 'target';
const defaultAgainMs = 5000;

/** Finds the target's pods and follows them. Resolves when the signal aborts; never rejects. */
export async function followTarget(
	api: Api,
	target: Exclude<Target, {type: 'all'}>,
	seen: LiveTargetSeen,
	{elsewhere, signal, againMs = defaultAgainMs}: LiveTargetOptions,
): Promise<void> {
	const turns = new Turns(signal);
	const names = new PodNames();
	while (await turns.next()) {
		turns.rest(againMs);
		try {
			const source = await findSource(api, target, elsewhere, signal);
			seen.well();
			seen.found(source.target);
			await new TargetPods(source, seen, names, againMs).follow(api, signal);
		} catch (error) {
			if (signal.aborted) {
				return;
			}

			seen.nodes(new Set());
			if (isOffline(error)) {
				seen.trouble(error);
			} else {
				const refusal = error instanceof Refusal ? error : new Refusal('target', String(error), '');
				seen.problem({...problemOfRefusal(problemId, refusal), isAwaited: refusal instanceof Awaited});
			}
		}
	}
}

class TargetPods {
	readonly #source: PodSource;
	readonly #seen: LiveTargetSeen;
	readonly #names: PodNames;
	readonly #againMs: number;
	/** The pods of each list, the meant ones and others. */
	readonly #pods: ReadonlyMap<string, Map<string, Pod>>;
	/** Lists that were read. */
	readonly #listed = new Set<string>();
	readonly #stop = new AbortController();
	#reported = '';
	#empty: NodeJS.Timeout | undefined;
	#ending: NodeJS.Timeout | undefined;

	constructor(source: PodSource, seen: LiveTargetSeen, names: PodNames, againMs: number) {
		this.#source = source;
		this.#seen = seen;
		this.#names = names;
		this.#againMs = againMs;
		this.#pods = new Map(source.lists.map(({path}) => [path, new Map<string, Pod>()]));
	}

	/** Resolves `againMs` after the last pod went: a workload of the same name may have another selector by then. */
	async follow(api: Api, signal: AbortSignal): Promise<void> {
		const over = AbortSignal.any([signal, this.#stop.signal]);
		const lists = this.#source.lists.map(async ({path, query}) =>
			follow(
				api,
				path,
				asPod,
				{
					list: items => this.#replaceAll(path, items, over),
					change: (type, pod) => this.#change(path, type === 'DELETED', pod, over),
					trouble: this.#seen.trouble,
					well: this.#seen.well,
				},
				{query, signal: over},
			),
		);
		await Promise.all([...lists, this.#source.follow?.(() => this.#report(), over)]);
		clearTimeout(this.#empty);
		clearTimeout(this.#ending);
	}

	#replaceAll(path: string, items: readonly Pod[], over: AbortSignal): void {
		const pods = this.#pods.get(path);
		pods?.clear();
		for (const pod of items) {
			pods?.set(keyOf(pod), pod);
		}

		this.#listed.add(path);
		this.#learned(items, over);
	}

	#change(path: string, isDeleted: boolean, pod: Pod, over: AbortSignal): void {
		const pods = this.#pods.get(path);
		if (isDeleted) {
			pods?.delete(keyOf(pod));
		} else {
			pods?.set(keyOf(pod), pod);
		}

		this.#learned(isDeleted ? [] : [pod], over);
	}

	/** Reports when it is known to whom the pods belong. */
	#learned(pods: readonly Pod[], over: AbortSignal): void {
		if (this.#source.learn === undefined) {
			this.#report();
			return;
		}

		void this.#source.learn(pods, over).then(() => {
			if (!over.aborted) {
				this.#report();
			}
		});
	}

	#report(): void {
		const pods = [...this.#pods.values()].flatMap(list => [...list.values()]).filter(this.#source.meant);
		this.#reportNames(pods);
		this.#seen.nodes(new Set(pods.filter(isRunningSomewhere).map(nodeOf)));
		const problem = problemOf(pods, this.#source);
		if (problem === undefined) {
			this.#seen.solved(problemId);
		} else if (this.#listed.size === this.#pods.size) {
			this.#seen.problem(problem);
		}

		clearTimeout(this.#empty);
		this.#empty = pods.length === 0 ? setTimeout(() => this.#stop.abort(), this.#againMs) : undefined;
	}

	/** The names come before the nodes: a stream is opened with the right filter. */
	#reportNames(pods: readonly Pod[]): void {
		const {target, selector} = this.#source;
		if (target.type === 'namespace' || target.type === 'pod') {
			return;
		}

		const againMs = this.#names.update(pods, Date.now());
		const names = this.#names.names(selector);
		const text = JSON.stringify(names);
		if (text !== this.#reported) {
			this.#reported = text;
			this.#seen.pods(names);
		}

		clearTimeout(this.#ending);
		this.#ending = againMs === undefined ? undefined : setTimeout(() => this.#report(), againMs);
		this.#ending?.unref();
	}
}

/** '': the pod is on no node yet. */
function nodeOf(pod: Pod): string {
	return pod.spec?.nodeName ?? '';
}

/** A finished pod makes no more events. */
export function isRunningSomewhere(pod: Pod): boolean {
	return nodeOf(pod) !== '' && !isFinished(pod);
}

/** Why no pod of the target is running; undefined: one is. */
export function problemOf(pods: readonly Pod[], {target, unsure}: PodSource): Problem | undefined {
	if (pods.some(isRunningSomewhere)) {
		return undefined;
	}

	const {words} = scopeOf(target);
	const shared = {id: problemId, severity: 'warning', isAwaited: true} as const;
	const pending = pods.find(pod => nodeOf(pod) === '');
	if (pending !== undefined) {
		return {
			...shared,
			what: `${words}: Pending, on no node yet`,
			why: schedulerWords(pending),
			fix: `tetratop connects when the pod has a node; kubectl describe pod ${nameOf(pending)} -n ${namespaceOf(pending)}`,
		};
	}

	const [finished] = pods;
	if (finished !== undefined) {
		return {
			...shared,
			what: `${words}: finished (${finished.status?.phase})`,
			why: 'a finished pod makes no more events',
			fix: 'tetratop connects when a new pod starts',
		};
	}

	return {
		...shared,
		what: `${words}: no pod at the moment`,
		why: unsure === undefined ? 'no pod matches; tetratop waits for one' : `${unsure}; tetratop waits for a pod`,
		fix:
			target.type === 'selector'
				? `check the selector: kubectl get pods -l ${target.selector}`
				: 'tetratop connects when a pod starts',
	};
}

/** Why a Pending pod is on no node, in the scheduler's words. */
export function schedulerWords(pod: Pod | undefined): string {
	const condition = pod?.status?.conditions?.find(one => one.type === 'PodScheduled' && one.status === 'False');
	return condition?.message ?? 'the scheduler has not placed it';
}
