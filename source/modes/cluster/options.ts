/** The flags of the command line as the options of kubernetes/. */
import process from 'node:process';
import type {KubernetesOptions} from '../../kubernetes/options.js';
import type {Options} from '../../options/options.js';

export function kubernetesOptions(options: Options): KubernetesOptions {
	return {
		access: {
			kubeconfig: options.kubeconfig,
			context: options.context,
			cluster: options.cluster,
			user: options.user,
			namespaces: options.namespace,
			as: options.as,
			asGroup: options.asGroup,
			asUid: options.asUid,
			asUserExtra: options.asUserExtra,
			token: options.token,
			server: options.server,
			certificateAuthority: options.certificateAuthority,
			tlsServerName: options.tlsServerName,
			insecureSkipTlsVerify: options.insecureSkipTlsVerify,
			clientCertificate: options.clientCertificate,
			clientKey: options.clientKey,
			requestTimeout: options.requestTimeout,
		},
		words: options.target === undefined ? [] : [options.target],
		allNamespaces: options.allNamespaces,
		selector: options.selector,
		nodes: options.node,
		transport: options.transport,
		tetragonNamespace: options.tetragonNamespace,
		tetragonSelector: options.tetragonSelector,
		tetragonContainer: options.tetragonContainer,
		longestMessage: options.maxRecvSize,
		environment: process.env,
		interactive: () => false,
	};
}
