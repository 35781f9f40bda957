/** The sentences for a name that no object has, with similar names; a name that may not be looked for is not called missing. */
import {Awaited, Refusal} from '../../problem.js';
import {type Api, paths} from '../api/api.js';
import {listAll} from '../api/follow.js';
import {asObject, nameOf} from '../api/objects.js';
import {nearest} from '../did-you-mean.js';
import type {Target, WorkloadKind} from './parse.js';

type PodTarget = Extract<Target, {type: 'pod'}>;

/**
@param others namespaces that have a pod of this name.
@param forbidden kinds that may not be read: an object of them may have the name.
*/
export async function unknownPod(
	api: Api,
	{namespace, name, certain}: PodTarget,
	others: readonly string[],
	forbidden: readonly WorkloadKind[],
	signal: AbortSignal,
): Promise<Refusal> {
	const what = `no pod ${certain || forbidden.length > 0 ? '' : 'or workload '}${name} in namespace ${namespace}`;
	const unsure = forbidden.length === 0 ? '' : `${forbidden.join(', ')} may not be read: one of this name may exist; `;
	if (others.length > 0) {
		return new Refusal(
			what,
			`${unsure}a pod of this name is in ${others.join(', ')}`,
			`tetratop -n ${others[0]} ${name}`,
		);
	}

	const names = await namesIn(api, paths.pods(namespace), signal);
	const near = nearest(name, names ?? [], 3);
	if (near.length > 0) {
		return new Awaited(what, `${unsure}the name is unknown; tetratop waits for it`, `did you mean ${near.join(', ')}?`);
	}

	const why =
		names?.length === 0
			? 'the namespace has no pods or does not exist; tetratop waits for the name'
			: 'tetratop waits for it';
	return new Awaited(
		what,
		unsure + why,
		`see kubectl get pods -n ${namespace}; -n NAMESPACE selects another namespace`,
	);
}

type Sought = {
	readonly namespace: string;
	readonly kind: string;
	readonly name: string;
	/** Of the collection. */
	readonly path: string;
};

export async function unknownObject(
	api: Api,
	{namespace, kind, name, path}: Sought,
	signal: AbortSignal,
): Promise<Refusal> {
	const names = await namesIn(api, path, signal);
	const near = nearest(name, names ?? [], 3);
	const what = `no ${kind} ${name} in namespace ${namespace}`;
	if (near.length > 0) {
		const meant = near.map(one => `${kind}/${one}`).join(', ');
		return new Awaited(what, 'the name is unknown; tetratop waits for it', `did you mean ${meant}?`);
	}

	return new Awaited(
		what,
		`${knownWords(kind, names)}; tetratop waits for it`,
		'-n NAMESPACE selects another namespace',
	);
}

function knownWords(kind: string, names: readonly string[] | undefined): string {
	if (names === undefined) {
		return `the names of the others are not known: a list of ${kind}s is not allowed`;
	}

	return names.length === 0 ? `the namespace has no ${kind}` : `known: ${names.slice(0, 10).join(', ')}`;
}

/** undefined: they may not be listed. */
async function namesIn(api: Api, path: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
	try {
		const {items} = await listAll(api, path, asObject, {signal});
		return items.map(nameOf);
	} catch {
		return undefined;
	}
}
