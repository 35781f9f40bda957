import {Awaited, type Problem, Refusal} from '../../problem.js';
import {Turns} from '../../runtime/turns.js';
import type {Api} from '../api/api.js';
import {follow} from '../api/follow.js';
import {asPod, nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {isOffline} from '../api/refusal.js';
import {problemOfRefusal} from '../rights/missing-right.js';
import type {Target} from './parse.js';
import {findSource, type PodSource} from './source.js';
import {scopeOf} from './target-scope.js';

type LiveTargetSeen = {
	/** The nodes that now have a running pod of the target. */
	readonly nodes: (nodes: ReadonlySet<string>) => void;
	/** The target was found; it may be more exact than the given one. */
	readonly found: (target: Target) => void;
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
	while (await turns.next()) {
		turns.rest(againMs);
		try {
			const source = await findSource(api, target, elsewhere, signal);
			seen.well();
			seen.found(source.target);
			await new TargetPods(source, seen, againMs).follow(api, signal);
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
	readonly #againMs: number;
	readonly #pods = new Map<string, Pod>();
	readonly #stop = new AbortController();
	#empty: NodeJS.Timeout | undefined;

	constructor(source: PodSource, seen: LiveTargetSeen, againMs: number) {
		this.#source = source;
		this.#seen = seen;
		this.#againMs = againMs;
	}

	/** Resolves `againMs` after the last pod went: a workload of the same name may have another selector by then. */
	async follow(api: Api, signal: AbortSignal): Promise<void> {
		const {path, query} = this.#source;
		await follow(
			api,
			path,
			asPod,
			{
				list: items => this.#replaceAll(items),
				change: (type, pod) => this.#change(type === 'DELETED', pod),
				trouble: this.#seen.trouble,
				well: this.#seen.well,
			},
			{query, signal: AbortSignal.any([signal, this.#stop.signal])},
		);
		clearTimeout(this.#empty);
	}

	#replaceAll(items: readonly Pod[]): void {
		this.#pods.clear();
		for (const pod of items.filter(this.#source.meant)) {
			this.#pods.set(keyOf(pod), pod);
		}

		this.#report();
	}

	#change(isDeleted: boolean, pod: Pod): void {
		if (isDeleted) {
			this.#pods.delete(keyOf(pod));
		} else if (this.#source.meant(pod)) {
			this.#pods.set(keyOf(pod), pod);
		}

		this.#report();
	}

	#report(): void {
		const pods = [...this.#pods.values()];
		this.#seen.nodes(new Set(pods.filter(isRunningSomewhere).map(nodeOf)));
		const problem = problemOf(pods, this.#source.target);
		if (problem === undefined) {
			this.#seen.solved(problemId);
		} else {
			this.#seen.problem(problem);
		}

		clearTimeout(this.#empty);
		this.#empty = pods.length === 0 ? setTimeout(() => this.#stop.abort(), this.#againMs) : undefined;
	}
}

function keyOf(pod: Pod): string {
	return `${namespaceOf(pod)}/${nameOf(pod)}`;
}

/** '': the pod is on no node yet. */
function nodeOf(pod: Pod): string {
	return pod.spec?.nodeName ?? '';
}

/** A finished pod makes no more events. */
export function isRunningSomewhere(pod: Pod): boolean {
	const phase = pod.status?.phase;
	return nodeOf(pod) !== '' && phase !== 'Succeeded' && phase !== 'Failed';
}

/** Why no pod of the target is running; undefined: one is. */
export function problemOf(pods: readonly Pod[], target: Target): Problem | undefined {
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
		why: 'no pod matches; tetratop waits for one',
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
