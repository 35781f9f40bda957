import type {Problem} from '../../problem.js';
import {Refusal} from '../../problem.js';
import {pause} from '../../runtime/pause.js';
import type {Api} from '../api/api.js';
import {follow} from '../api/follow.js';
import {nameOf, namespaceOf, type Pod} from '../api/objects.js';
import {isOffline} from '../api/refusal.js';
import {problemOfRefusal} from '../rights/missing-right.js';
import type {Target} from './parse.js';
import {findSource, type PodSource} from './source.js';
import {scopeOf} from './target-scope.js';

export type LiveTargetSeen = {
	/** The nodes that carry a pod of the target, now. */
	readonly nodes: (nodes: ReadonlySet<string>) => void;
	/** The target was found, perhaps as something more exact than what was said. */
	readonly found: (target: Target) => void;
	readonly problem: (problem: Problem) => void;
	readonly solved: (id: string) => void;
	readonly trouble: (refusal: Refusal) => void;
	readonly well: () => void;
};

export type LiveTargetOptions = {
	/** No -n was given: a pod of the name in one other namespace is what was meant. */
	readonly elsewhere: boolean;
	readonly signal: AbortSignal;
	/** Milliseconds until an unknown name is looked for again. */
	readonly againMs?: number;
};

const problemId = 'target';

export async function followTarget(
	api: Api,
	target: Exclude<Target, {type: 'all'}>,
	seen: LiveTargetSeen,
	{elsewhere, signal, againMs = 5000}: LiveTargetOptions,
): Promise<void> {
	while (!signal.aborted) {
		try {
			const source = await findSource(api, target, elsewhere, signal);
			seen.well();
			seen.found(source.target);
			await followPods(api, source, seen, signal, againMs);
		} catch (error) {
			if (signal.aborted) {
				return;
			}

			seen.nodes(new Set());
			if (isOffline(error)) {
				seen.trouble(error);
			} else {
				const refusal = error instanceof Refusal ? error : new Refusal('target', String(error), '');
				seen.problem(problemOfRefusal(problemId, refusal));
			}
		}

		await pause(againMs, signal);
	}
}

/** Returns when the target has had no pods for a while: it may have been replaced by one with another selector. */
async function followPods(
	api: Api,
	source: PodSource,
	seen: LiveTargetSeen,
	signal: AbortSignal,
	againMs: number,
): Promise<void> {
	const pods = new Map<string, Pod>();
	const inner = new AbortController();
	let empty: NodeJS.Timeout | undefined;

	function tell() {
		seen.nodes(new Set([...pods.values()].filter(isRunningSomewhere).map(pod => pod.spec?.nodeName ?? '')));
		const problem = problemOf([...pods.values()], source.target);
		if (problem === undefined) {
			seen.solved(problemId);
		} else {
			seen.problem(problem);
		}

		clearTimeout(empty);
		empty = pods.size === 0 ? setTimeout(() => inner.abort(), againMs) : undefined;
	}

	function keyOf(pod: Pod) {
		return `${namespaceOf(pod)}/${nameOf(pod)}`;
	}

	await follow<Pod>(
		api,
		source.path,
		{
			list: items => {
				pods.clear();
				for (const pod of items.filter(source.meant)) {
					pods.set(keyOf(pod), pod);
				}

				tell();
			},
			change: (type, pod) => {
				if (type === 'DELETED') {
					pods.delete(keyOf(pod));
				} else if (source.meant(pod)) {
					pods.set(keyOf(pod), pod);
				}

				tell();
			},
			trouble: seen.trouble,
			well: seen.well,
		},
		{query: source.query, signal: AbortSignal.any([signal, inner.signal])},
	);
	clearTimeout(empty);
}

/** A finished pod makes no more events. */
function isRunningSomewhere(pod: Pod): boolean {
	const phase = pod.status?.phase;
	return (pod.spec?.nodeName ?? '') !== '' && phase !== 'Succeeded' && phase !== 'Failed';
}

function problemOf(pods: readonly Pod[], target: Target): Problem | undefined {
	if (pods.some(isRunningSomewhere)) {
		return undefined;
	}

	const {words} = scopeOf(target);
	const shared = {id: problemId, severity: 'warning'} as const;
	const pending = pods.find(pod => (pod.spec?.nodeName ?? '') === '');
	if (pending !== undefined) {
		const condition = pending.status?.conditions?.find(one => one.type === 'PodScheduled' && one.status === 'False');
		return {
			...shared,
			what: `${words}: Pending, on no node yet`,
			why: condition?.message ?? 'the scheduler has not placed it',
			fix: `it is followed as soon as it is placed; kubectl describe pod ${nameOf(pending)} -n ${namespaceOf(pending)}`,
		};
	}

	const [finished] = pods;
	if (finished !== undefined) {
		return {
			...shared,
			what: `${words}: finished (${finished.status?.phase})`,
			why: 'a finished pod makes no more events',
			fix: 'a new one is followed when it comes',
		};
	}

	return {
		...shared,
		what: `${words}: no pod at the moment`,
		why: 'nothing matches now; it is waited for',
		fix: target.type === 'selector' ? `kubectl get pods -l ${target.selector}` : 'it is followed when it comes',
	};
}
