/**
Flags, kubeconfig and the pod we may run in become one Access: which server, whom it may be, as whom we ask.
The order is client-go's: a flag wins over the file; in-cluster counts only where no kubeconfig says anything.
*/
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {Refusal} from '../../problem.js';
import {didYouMean} from '../did-you-mean.js';
import type {Cluster, User} from './file.js';
import {type AccessFlags, parseTimeout} from './flags.js';
import {type Environment, loadKubeconfig} from './load.js';

export type Access = {
	/** '' in a pod or with --server alone. */
	readonly context: string;
	/** Name of the user entry; for words only. */
	readonly userName: string;
	/** Of the flag or the context; 'default' where neither says one. */
	readonly namespace: string;
	/** The namespace came from -n, not from the context. */
	readonly namespaceGiven: boolean;
	readonly cluster: Cluster;
	readonly user: User;
	/** '' : the request is made as the user itself. */
	readonly as: string;
	/** Milliseconds; 0: no limit; undefined: not said. */
	readonly requestTimeoutMs: number | undefined;
	/** For the connect list: `~/.kube/config`, `service account`, `--server`. */
	readonly source: string;
	readonly flags: AccessFlags;
	/** Names for completion and did-you-mean. */
	readonly contexts: readonly string[];
};

/** Where a pod finds its service account. */
export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

export const noUser: User = {
	clientCertificate: '',
	clientCertificateData: '',
	clientKey: '',
	clientKeyData: '',
	token: '',
	tokenFile: '',
	username: '',
	password: '',
	as: '',
	asUid: '',
	asGroups: [],
	asUserExtra: {},
	exec: undefined,
	authProvider: '',
};

const noCluster: Cluster = {
	server: '',
	tlsServerName: '',
	insecureSkipTlsVerify: false,
	certificateAuthority: '',
	certificateAuthorityData: '',
	proxyUrl: '',
	execConfig: undefined,
};

/** Throws a Refusal in one sentence where a name is unknown or nothing was found. */
export function resolveAccess(
	flags: AccessFlags,
	environment: Environment,
	serviceAccount = serviceAccountDirectory,
): Access {
	const requestTimeoutMs = timeoutOf(flags.requestTimeout);
	const config = loadKubeconfig(flags.kubeconfig, environment);
	const contexts = [...config.contexts.keys()];
	const contextName = flags.context ?? config.currentContext;
	const context = config.contexts.get(contextName);
	if (contextName !== '' && context === undefined) {
		throw unknownName('context', contextName, contexts, config.files);
	}

	const clusterName = flags.cluster ?? context?.cluster ?? '';
	const userName = flags.user ?? context?.user ?? '';
	const fileCluster = config.clusters.get(clusterName);
	const fileUser = config.users.get(userName);
	if (clusterName !== '' && fileCluster === undefined && flags.server === undefined) {
		throw unknownName('cluster', clusterName, [...config.clusters.keys()], config.files);
	}

	if (userName !== '' && fileUser === undefined) {
		throw unknownName('user', userName, [...config.users.keys()], config.files);
	}

	const shared = {requestTimeoutMs, flags, contexts, namespaceGiven: flags.namespace !== undefined};
	if (fileCluster === undefined && flags.server === undefined) {
		const inCluster = readServiceAccount(environment, serviceAccount);
		if (inCluster === undefined) {
			throw nothingFound(config.looked, contexts);
		}

		const user = withUserFlags(inCluster.user, flags);
		const namespace = flags.namespace ?? inCluster.namespace;
		return {...shared, ...inCluster, user, as: user.as, namespace, context: '', source: 'service account'};
	}

	const user = withUserFlags(fileUser ?? noUser, flags);
	return {
		...shared,
		context: contextName,
		userName,
		namespace: flags.namespace ?? (context?.namespace || 'default'),
		cluster: withClusterFlags(fileCluster ?? noCluster, flags),
		user,
		as: user.as,
		source: config.files.join(path.delimiter) || '--server',
	};
}

function withClusterFlags(cluster: Cluster, flags: AccessFlags): Cluster {
	return {
		...cluster,
		server: flags.server ?? cluster.server,
		// client-go: another server does not keep the name of the old one.
		tlsServerName: flags.tlsServerName ?? (flags.server === undefined ? cluster.tlsServerName : ''),
		insecureSkipTlsVerify: flags.insecureSkipTlsVerify ?? cluster.insecureSkipTlsVerify,
		...(flags.certificateAuthority === undefined
			? {}
			: {certificateAuthority: path.resolve(flags.certificateAuthority), certificateAuthorityData: ''}),
	};
}

function withUserFlags(user: User, flags: AccessFlags): User {
	return {
		...user,
		...(flags.token === undefined ? {} : {token: flags.token, tokenFile: ''}),
		...(flags.username === undefined ? {} : {username: flags.username}),
		...(flags.password === undefined ? {} : {password: flags.password}),
		...(flags.clientCertificate === undefined
			? {}
			: {clientCertificate: path.resolve(flags.clientCertificate), clientCertificateData: ''}),
		...(flags.clientKey === undefined ? {} : {clientKey: path.resolve(flags.clientKey), clientKeyData: ''}),
		as: flags.as ?? user.as,
		asUid: flags.asUid ?? user.asUid,
		asGroups: flags.asGroup ?? user.asGroups,
	};
}

function readServiceAccount(environment: Environment, directory: string) {
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
		// The kubelet renews the file: it is read again for every minute's requests.
		user: {...noUser, tokenFile},
		userName: 'service account',
		namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default',
	};
}

function timeoutOf(flag: string | undefined): number | undefined {
	if (flag === undefined) {
		return undefined;
	}

	const timeout = parseTimeout(flag);
	if (timeout === undefined) {
		throw new Refusal(`--request-timeout ${flag}`, 'it is no length of time', 'say it as 30s, 2m or 0', false);
	}

	return timeout;
}

function unknownName(kind: string, name: string, known: readonly string[], files: readonly string[]): Refusal {
	const where = files.length === 0 ? 'no kubeconfig was found' : `it is not in ${files.join(', ')}`;
	const near = didYouMean(name, known);
	const names = known.length === 0 ? `there is no ${kind} at all` : `known: ${known.join(', ')}`;
	return new Refusal(`${kind} ${name}`, where, near === undefined ? names : `did you mean ${near}? ${names}`, false);
}

function nothingFound(looked: readonly string[], contexts: readonly string[]): Refusal {
	if (contexts.length > 0) {
		const why = 'the kubeconfig sets no current-context';
		return new Refusal('no cluster chosen', why, `--context one of: ${contexts.join(', ')}`, false);
	}

	const why = `nothing in ${looked.join(', ')}, and this is no pod with a service account`;
	return new Refusal('no kubeconfig', why, '--kubeconfig FILE, KUBECONFIG, or --server with --token', false);
}
