import {homedir} from 'node:os';
import {Refusal} from '../problem.js';
import {type Transport, transportsOf} from '../transports.js';
import type {Api} from './api/api.js';
import {HttpApi} from './api/http-api.js';
import {type Kubectl, KubectlApi} from './api/kubectl-api.js';
import {resolveAccess} from './kubeconfig/access.js';
import {kubectlArguments} from './kubeconfig/flags.js';
import type {Access} from './kubeconfig/precedence.js';
import type {KubernetesOptions} from './options.js';

/** The access to a cluster: the API, and with --transport kubectl the program. */
export type Cluster = {
	readonly access: Access;
	readonly api: Api;
	readonly kubectl: Kubectl | undefined;
	readonly ways: readonly Transport[];
	/** For the connect list: `kubeconfig ~/.kube/config, context prod-eu, user sre-oncall, as joe`. */
	readonly words: string;
};

/**
Throws a Refusal when the options or the kubeconfig cannot work; sends no request.
@param say shows a line of a login plugin's stderr.
*/
export function openCluster(options: KubernetesOptions, say: (line: string) => void): Cluster {
	const access = resolveAccess(options.access, options.environment, options.serviceAccountDirectory);
	const ways = transportsOf(options.transport ?? 'auto');
	const words = accessWords(access);
	if (options.transport !== 'kubectl') {
		const api = new HttpApi(access, {
			environment: options.environment,
			interactive: options.interactive ?? (() => false),
			say,
			ended: options.loginEnded,
		});
		return {access, api, kubectl: undefined, ways, words};
	}

	if (options.access.token !== undefined || options.access.password !== undefined) {
		const why = 'every user of this machine can read the arguments of kubectl';
		const fix = 'put the token or password into a kubeconfig';
		throw new Refusal('--token or --password with --transport kubectl', why, fix, false);
	}

	const kubectl: Kubectl = {
		command: options.kubectlCommand ?? 'kubectl',
		flags: kubectlArguments(options.access),
		environment: options.environment,
		secrets: [access.user.token, access.user.password].filter(secret => secret !== ''),
	};
	return {access, api: new KubectlApi(kubectl, access.requestTimeoutMs), kubectl, ways, words};
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
