import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {AccessFlags} from './flags.js';
import {type Environment, loadKubeconfig} from './load.js';
import {type Access, chooseAccess, noCluster, noUser, type ServiceAccount} from './precedence.js';

/** Where Kubernetes mounts the service account of a pod. */
const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads the kubeconfig, or the pod's service account. Throws a Refusal when a name is unknown or nothing was found. */
export function resolveAccess(
	flags: AccessFlags,
	environment: Environment,
	directory = serviceAccountDirectory,
): Access {
	const config = loadKubeconfig(flags.kubeconfig, environment);
	return chooseAccess(flags, config, () => readServiceAccount(environment, directory));
}

function readServiceAccount(environment: Environment, directory: string): ServiceAccount | undefined {
	const host = environment.KUBERNETES_SERVICE_HOST;
	const port = environment.KUBERNETES_SERVICE_PORT;
	const tokenFile = path.join(directory, 'token');
	if (!host || !port || !existsSync(tokenFile)) {
		return undefined;
	}

	const namespaceFile = path.join(directory, 'namespace');
	return {
		cluster: {
			...noCluster,
			server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
			certificateAuthority: path.join(directory, 'ca.crt'),
		},
		// The kubelet renews the file, so requests read it again each minute.
		user: {...noUser, tokenFile},
		userName: 'service account',
		namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default',
	};
}
