/**
Decides which server is asked, and as whom, from flags, kubeconfig and the service account of a pod. The order is client-go's:
a flag wins over the file; the service account is used only when the kubeconfig chooses no cluster. Pure: it reads nothing.
*/
import path from 'node:path';
import {Refusal} from '../../problem.js';
import {didYouMean} from '../did-you-mean.js';
import type {Cluster, Context, Kubeconfig, User} from './file.js';
import {type AccessFlags, parseTimeout} from './flags.js';

export type Access = {
	/** '': in a pod, or with --server alone. */
	readonly context: string;
	/** Name of the user entry, for messages. */
	readonly userName: string;
	/** The first namespace of the flag, or that of the context; 'default' when neither has one. */
	readonly namespace: string;
	/** The namespace is -n's, not the context's. */
	readonly namespaceGiven: boolean;
	readonly cluster: Cluster;
	readonly user: User;
	/** The impersonated user; '': none. */
	readonly as: string;
	/** Milliseconds; 0: no limit; undefined: the flag was not given. */
	readonly requestTimeoutMs: number | undefined;
	/** For the connect list: `/home/joe/.kube/config`, `service account`, `--server`. */
	readonly source: string;
	readonly flags: AccessFlags;
};

/** Several kubeconfig files as one. */
export type MergedKubeconfig = Kubeconfig & {
	/** The files that were read, in the order of precedence. */
	readonly files: readonly string[];
	/** The paths that were tried, for the message that no kubeconfig was found. */
	readonly looked: readonly string[];
};

export type ServiceAccount = {
	readonly cluster: Cluster;
	readonly user: User;
	readonly userName: string;
	readonly namespace: string;
};

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

export const noCluster: Cluster = {
	server: '',
	tlsServerName: '',
	insecureSkipTlsVerify: false,
	certificateAuthority: '',
	certificateAuthorityData: '',
	proxyUrl: '',
	execConfig: undefined,
};

/** When several files have an entry of the same name, the first file's whole entry is used, as in client-go. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
	const clusters = new Map<string, Cluster>();
	const users = new Map<string, User>();
	const contexts = new Map<string, Context>();
	for (const config of configs) {
		keepFirst(clusters, config.clusters);
		keepFirst(users, config.users);
		keepFirst(contexts, config.contexts);
	}

	const currentContext = configs.find(config => config.currentContext !== '')?.currentContext ?? '';
	return {currentContext, clusters, users, contexts};
}

function keepFirst<Value>(into: Map<string, Value>, from: ReadonlyMap<string, Value>): void {
	for (const [name, value] of from) {
		if (!into.has(name)) {
			into.set(name, value);
		}
	}
}

/**
Throws a Refusal when a name is unknown or nothing chooses a cluster.
@param serviceAccount called only when neither flags nor kubeconfig choose a cluster; undefined: this is not a pod.
*/
export function chooseAccess(
	flags: AccessFlags,
	config: MergedKubeconfig,
	serviceAccount: () => ServiceAccount | undefined,
): Access {
	const requestTimeoutMs = timeoutOf(flags.requestTimeout);
	const {contextName, context, userName, cluster, user} = chooseEntries(flags, config);
	const shared = {requestTimeoutMs, flags, namespaceGiven: flags.namespaces?.[0] !== undefined};
	if (cluster === undefined && flags.server === undefined) {
		const account = serviceAccount();
		if (account === undefined) {
			throw nothingFound(config);
		}

		const accountUser = withUserFlags(account.user, flags);
		return {
			...shared,
			context: '',
			userName: account.userName,
			namespace: flags.namespaces?.[0] ?? account.namespace,
			cluster: account.cluster,
			user: accountUser,
			as: accountUser.as,
			source: 'service account',
		};
	}

	const chosenCluster = withClusterFlags(cluster ?? noCluster, flags);
	const chosenUser = withLoginOf(chosenCluster.server, withUserFlags(user ?? noUser, flags));
	return {
		...shared,
		context: contextName,
		userName,
		namespace: flags.namespaces?.[0] ?? (context?.namespace || 'default'),
		cluster: chosenCluster,
		user: isEncrypted(chosenCluster.server) ? chosenUser : withoutSecrets(chosenUser),
		as: chosenUser.as,
		source: config.files.join(path.delimiter) || '--server',
	};
}

/** As in client-go, a server without a scheme is asked over http. */
export function isEncrypted(server: string): boolean {
	return /^https:/i.test(server);
}

/** A user and a password in the URL of the server replace the login of the user entry, as in Go. */
function withLoginOf(server: string, user: User): User {
	const url = URL.canParse(server) ? new URL(server) : undefined;
	if (url === undefined || url.username === '') {
		return user;
	}

	const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
	return {...withoutSecrets(user), username, password};
}

/** Nothing secret goes over http, as in client-go: no token, no password, and no login plugin is run. */
function withoutSecrets({as, asUid, asGroups, asUserExtra}: User): User {
	return {...noUser, as, asUid, asGroups, asUserExtra};
}

/** The entries that flags and current-context name. Throws a Refusal for an unknown name. */
function chooseEntries(flags: AccessFlags, config: MergedKubeconfig) {
	const contextName = flags.context ?? config.currentContext;
	const context = entryOf('context', contextName, config.contexts, config.files);
	const clusterName = flags.cluster ?? context?.cluster ?? '';
	const userName = flags.user ?? context?.user ?? '';
	// --server replaces the cluster entry of the context, so that entry need not exist.
	const cluster =
		flags.server === undefined || flags.cluster !== undefined
			? entryOf('cluster', clusterName, config.clusters, config.files)
			: config.clusters.get(clusterName);
	return {contextName, context, userName, cluster, user: entryOf('user', userName, config.users, config.files)};
}

/** undefined: no name is given. */
function entryOf<Entry>(
	kind: 'context' | 'cluster' | 'user',
	name: string,
	entries: ReadonlyMap<string, Entry>,
	files: readonly string[],
): Entry | undefined {
	const entry = entries.get(name);
	if (name === '' || entry !== undefined) {
		return entry;
	}

	const known = [...entries.keys()];
	const where = files.length === 0 ? 'no kubeconfig was found' : `it is not in ${files.join(', ')}`;
	const near = didYouMean(name, known);
	const names = known.length === 0 ? `the kubeconfig has no ${kind}` : `known: ${known.join(', ')}`;
	throw new Refusal(`${kind} ${name}`, where, near === undefined ? names : `did you mean ${near}? ${names}`, false);
}

function withClusterFlags(cluster: Cluster, flags: AccessFlags): Cluster {
	// As in client-go: a CA of the flags ends the insecurity of the entry, and the flag for insecurity its CA.
	const isTrustGiven = flags.certificateAuthority !== undefined || flags.insecureSkipTlsVerify === true;
	return {
		...cluster,
		server: flags.server ?? cluster.server,
		// As in client-go: the TLS name of the entry's server is not used for the server of --server.
		tlsServerName: flags.tlsServerName ?? (flags.server === undefined ? cluster.tlsServerName : ''),
		insecureSkipTlsVerify: flags.insecureSkipTlsVerify ?? (isTrustGiven ? false : cluster.insecureSkipTlsVerify),
		...(isTrustGiven
			? {
					certificateAuthority:
						flags.certificateAuthority === undefined ? '' : path.resolve(flags.certificateAuthority),
					certificateAuthorityData: '',
				}
			: {}),
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
		asUserExtra: flags.asUserExtra === undefined ? user.asUserExtra : extraOf(flags.asUserExtra),
	};
}

/** Throws a Refusal for a text that is not KEY=VALUE. */
function extraOf(texts: readonly string[]): User['asUserExtra'] {
	const extra: Record<string, readonly string[]> = {};
	for (const text of texts) {
		const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
		if (key === '') {
			throw new Refusal(`--as-user-extra ${text}`, 'it is not KEY=VALUE', 'write it as reason=maintenance', false);
		}

		extra[key] = [...(Object.hasOwn(extra, key) ? (extra[key] ?? []) : []), value];
	}

	return extra;
}

function timeoutOf(flag: string | undefined): number | undefined {
	if (flag === undefined) {
		return undefined;
	}

	const timeout = parseTimeout(flag);
	if (timeout === undefined) {
		throw new Refusal(`--request-timeout ${flag}`, 'this is not a duration', 'write it as 30s, 2m or 0', false);
	}

	return timeout;
}

function nothingFound({looked, contexts}: MergedKubeconfig): Refusal {
	if (contexts.size > 0) {
		const why = 'the kubeconfig sets no current-context';
		return new Refusal('no cluster chosen', why, `set --context to one of: ${[...contexts.keys()].join(', ')}`, false);
	}

	const why = `nothing in ${looked.join(', ')}, and this is not a pod with a service account`;
	return new Refusal('no kubeconfig', why, 'set --kubeconfig FILE, KUBECONFIG, or --server with --token', false);
}
