/** Parses one kubeconfig file as kubectl does: YAML 1.1 with its types, so that a number is no token. See typed-yaml.ts. */
import path from 'node:path';
import {type Fields, firstDocument} from './typed-yaml.js';

export type Cluster = {
	readonly server: string;
	readonly tlsServerName: string;
	readonly insecureSkipTlsVerify: boolean;
	/** Absolute path. */
	readonly certificateAuthority: string;
	/** Base64 of PEM. */
	readonly certificateAuthorityData: string;
	readonly proxyUrl: string;
	/** `spec.cluster.config` for an exec plugin with provideClusterInfo. */
	readonly execConfig: unknown;
};

export type ExecPlugin = {
	readonly apiVersion: string;
	/** Absolute when it has a slash: kubectl resolves it in the kubeconfig's directory. Else a name to look up in PATH. */
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly installHint: string;
	readonly provideClusterInfo: boolean;
	readonly interactiveMode: string;
};

export type User = {
	readonly clientCertificate: string;
	readonly clientCertificateData: string;
	readonly clientKey: string;
	readonly clientKeyData: string;
	readonly token: string;
	readonly tokenFile: string;
	readonly username: string;
	readonly password: string;
	readonly as: string;
	readonly asUid: string;
	readonly asGroups: readonly string[];
	readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
	readonly exec: ExecPlugin | undefined;
	/** Name of a legacy auth-provider (gcp, azure, oidc); only kubectl before 1.26 supports them. */
	readonly authProvider: string;
};

export type Context = {readonly cluster: string; readonly user: string; readonly namespace: string};

export type Kubeconfig = {
	readonly currentContext: string;
	readonly clusters: ReadonlyMap<string, Cluster>;
	readonly users: ReadonlyMap<string, User>;
	readonly contexts: ReadonlyMap<string, Context>;
};

/** The name of the cluster extension that holds the config for exec plugins. */
const execExtension = 'client.authentication.k8s.io/exec';

/**
Parses the text of a kubeconfig. Relative paths are resolved in `directory`. Throws an Error whose message has the line
number or the name of the field and never the text of the file: that may be a token.
*/
export function parseKubeconfig(source: string, directory: string): Kubeconfig {
	const root = firstDocument(source);
	const [apiVersion, kind] = [root.text('apiVersion'), root.text('kind')];
	if ((apiVersion !== '' && apiVersion !== 'v1') || (kind !== '' && kind !== 'Config')) {
		throw new Error('it is no kubeconfig: its apiVersion and kind are not v1 and Config');
	}

	function absolute(value: string) {
		return value === '' ? '' : path.resolve(directory, value);
	}

	return {
		currentContext: root.text('current-context'),
		clusters: named(root, 'clusters', 'cluster', value => readCluster(value, absolute)),
		users: named(root, 'users', 'user', value => readUser(value, directory, absolute)),
		contexts: named(root, 'contexts', 'context', value => ({
			cluster: value.text('cluster'),
			user: value.text('user'),
			namespace: value.text('namespace'),
		})),
	};
}

function named<Value>(root: Fields, key: string, inner: string, read: (value: Fields) => Value): Map<string, Value> {
	const map = new Map<string, Value>();
	for (const entry of root.list(key)) {
		const name = entry.text('name');
		if (map.has(name)) {
			throw new Error(`${entry.place} has a name that is there twice`);
		}

		map.set(name, read(entry.fields(inner)));
	}

	return map;
}

function readCluster(value: Fields, absolute: (value: string) => string): Cluster {
	return {
		server: value.text('server'),
		tlsServerName: value.text('tls-server-name'),
		insecureSkipTlsVerify: value.flag('insecure-skip-tls-verify'),
		certificateAuthority: absolute(value.text('certificate-authority')),
		certificateAuthorityData: value.base64('certificate-authority-data'),
		proxyUrl: value.text('proxy-url'),
		execConfig: value
			.list('extensions')
			.find(extension => extension.text('name') === execExtension)
			?.value('extension'),
	};
}

function readUser(value: Fields, directory: string, absolute: (value: string) => string): User {
	const extra = value.fields('as-user-extra');
	return {
		clientCertificate: absolute(value.text('client-certificate')),
		clientCertificateData: value.base64('client-certificate-data'),
		clientKey: absolute(value.text('client-key')),
		clientKeyData: value.base64('client-key-data'),
		token: value.text('token'),
		tokenFile: absolute(value.text('tokenFile')),
		username: value.text('username'),
		password: value.text('password'),
		as: value.text('as'),
		asUid: value.text('as-uid'),
		asGroups: value.texts('as-groups'),
		asUserExtra: Object.fromEntries(extra.keys.map(key => [key, extra.texts(key)])),
		exec: value.has('exec') ? readExec(value.fields('exec'), directory) : undefined,
		authProvider: value.has('auth-provider') ? value.fields('auth-provider').text('name') || 'without a name' : '',
	};
}

function readExec(value: Fields, directory: string): ExecPlugin {
	const command = value.text('command');
	return {
		apiVersion: value.text('apiVersion'),
		command: command.includes('/') ? path.resolve(directory, command) : command,
		args: value.texts('args'),
		env: Object.fromEntries(value.list('env').map(entry => [entry.text('name'), entry.text('value')])),
		installHint: value.text('installHint'),
		provideClusterInfo: value.flag('provideClusterInfo'),
		interactiveMode: value.text('interactiveMode'),
	};
}
