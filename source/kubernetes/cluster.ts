/** A cluster that can be asked: the access, the API over it, and the kubectl beside it where that was chosen. */
import {homedir} from 'node:os';
import {Refusal} from '../problem.js';
import type {Api} from './api/api.js';
import {createHttpApi} from './api/http-api.js';
import {createKubectlApi, type Kubectl} from './api/kubectl-api.js';
import {type Access, resolveAccess} from './kubeconfig/access.js';
import {kubectlArguments} from './kubeconfig/flags.js';
import type {KubernetesOptions} from './options.js';
import {type Transport, waysOf} from './transport/ways.js';

export type Cluster = {
	readonly access: Access;
	readonly api: Api;
	readonly kubectl: Kubectl | undefined;
	readonly ways: readonly Transport[];
	/** For the connect list: `kubeconfig ~/.kube/config, context prod-eu, user sre-oncall, as joe`. */
	readonly words: string;
};

/** Throws a Refusal in one sentence; asks the server nothing. `say` is for the lines of a login plugin. */
export function openCluster(options: KubernetesOptions, say: (line: string) => void): Cluster {
	const access = resolveAccess(options.access, options.environment, options.serviceAccountDirectory);
	const ways = waysOf(options.transport ?? 'auto');
	const words = accessWords(access);
	if (options.transport !== 'kubectl') {
		const api = createHttpApi(access, {
			environment: options.environment,
			interactive: options.interactive ?? (() => false),
			say,
		});
		return {access, api, kubectl: undefined, ways, words};
	}

	if (options.access.token !== undefined || options.access.password !== undefined) {
		const why = 'every user of this machine can read the arguments of kubectl';
		throw new Refusal('--token with --transport kubectl', why, 'put it into a kubeconfig', false);
	}

	const kubectl: Kubectl = {
		command: options.kubectlCommand ?? 'kubectl',
		flags: kubectlArguments(options.access),
		environment: options.environment,
		secrets: [access.user.token, access.user.password].filter(secret => secret !== ''),
	};
	return {access, api: createKubectlApi(kubectl, access.requestTimeoutMs), kubectl, ways, words};
}

function accessWords(access: Access): string {
	const home = access.flags.kubeconfig === undefined ? homedir() : '';
	const source = home !== '' && access.source.startsWith(home) ? access.source.replace(home, '~') : access.source;
	return [
		access.source === 'service account' ? source : `kubeconfig ${source}`,
		...(access.context === '' ? [] : [`context ${access.context}`]),
		...(access.userName === '' ? [] : [`user ${access.userName}`]),
		...(access.as === '' ? [] : [`as ${access.as}`]),
	].join(', ');
}
