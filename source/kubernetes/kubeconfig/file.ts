/**
Parses one kubeconfig file. YAML's failsafe schema keeps every scalar a string: a token `0123` stays `0123`, as in kubectl,
which reads into string fields.
*/
import path from 'node:path';
import {CORE_SCHEMA, FAILSAFE_SCHEMA, loadAll} from 'js-yaml';

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

type Fields = Readonly<Record<string, unknown>>;

function asFields(value: unknown): Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The failsafe schema reads `null` and `~` as strings. */
function asText(value: unknown): string {
	return typeof value === 'string' && value !== 'null' && value !== '~' ? value : '';
}

function fields(of: Fields, key: string): Fields {
	return asFields(of[key]);
}

function text(of: Fields, key: string): string {
	return asText(of[key]);
}

function flag(of: Fields, key: string): boolean {
	return text(of, key).toLowerCase() === 'true';
}

function list(of: Fields, key: string): readonly unknown[] {
	const value = of[key];
	return Array.isArray(value) ? value : [];
}

/**
Parses the text of a kubeconfig. Relative paths are resolved in `directory`. Throws an Error whose message has the line
number and never the text of the file: that may be a token.
*/
export function parseKubeconfig(source: string, directory: string): Kubeconfig {
	const root = asFields(parse(source, FAILSAFE_SCHEMA));
	const typed = source.includes(execExtension) ? asFields(parse(source, CORE_SCHEMA)) : {};

	function absolute(value: string) {
		return value === '' ? '' : path.resolve(directory, value);
	}

	function named<Value>(key: string, inner: string, read: (value: Fields, index: number) => Value) {
		const map = new Map<string, Value>();
		for (const [index, entry] of list(root, key).map(asFields).entries()) {
			const name = text(entry, 'name');
			if (!map.has(name)) {
				map.set(name, read(fields(entry, inner), index));
			}
		}

		return map;
	}

	return {
		currentContext: text(root, 'current-context'),
		clusters: named('clusters', 'cluster', (value, index) => ({
			server: text(value, 'server'),
			tlsServerName: text(value, 'tls-server-name'),
			insecureSkipTlsVerify: flag(value, 'insecure-skip-tls-verify'),
			certificateAuthority: absolute(text(value, 'certificate-authority')),
			certificateAuthorityData: text(value, 'certificate-authority-data'),
			proxyUrl: text(value, 'proxy-url'),
			execConfig: execConfigOf(fields(asFields(list(typed, 'clusters')[index]), 'cluster')),
		})),
		users: named('users', 'user', value => readUser(value, directory, absolute)),
		contexts: named('contexts', 'context', value => ({
			cluster: text(value, 'cluster'),
			user: text(value, 'user'),
			namespace: text(value, 'namespace'),
		})),
	};
}

function readUser(value: Fields, directory: string, absolute: (value: string) => string): User {
	return {
		clientCertificate: absolute(text(value, 'client-certificate')),
		clientCertificateData: text(value, 'client-certificate-data'),
		clientKey: absolute(text(value, 'client-key')),
		clientKeyData: text(value, 'client-key-data'),
		token: text(value, 'token'),
		tokenFile: absolute(text(value, 'tokenFile')),
		username: text(value, 'username'),
		password: text(value, 'password'),
		as: text(value, 'as'),
		asUid: text(value, 'as-uid'),
		asGroups: list(value, 'as-groups').map(asText),
		asUserExtra: Object.fromEntries(
			Object.keys(fields(value, 'as-user-extra')).map(key => [
				key,
				list(fields(value, 'as-user-extra'), key).map(asText),
			]),
		),
		exec: 'exec' in value ? readExec(fields(value, 'exec'), directory) : undefined,
		authProvider: text(fields(value, 'auth-provider'), 'name'),
	};
}

function readExec(value: Fields, directory: string): ExecPlugin {
	const command = text(value, 'command');
	return {
		apiVersion: text(value, 'apiVersion'),
		command: command.includes('/') ? path.resolve(directory, command) : command,
		args: list(value, 'args').map(asText),
		env: Object.fromEntries(
			list(value, 'env')
				.map(asFields)
				.map(entry => [text(entry, 'name'), text(entry, 'value')]),
		),
		installHint: text(value, 'installHint'),
		provideClusterInfo: flag(value, 'provideClusterInfo'),
		interactiveMode: text(value, 'interactiveMode'),
	};
}

function execConfigOf(cluster: Fields): unknown {
	for (const entry of list(cluster, 'extensions').map(asFields)) {
		if (text(entry, 'name') === execExtension) {
			return fields(entry, 'extension');
		}
	}

	return undefined;
}

/** The first document of the file, as kubectl reads it; {} when it has only blanks and comments. */
function parse(source: string, schema: typeof FAILSAFE_SCHEMA): unknown {
	try {
		const [document = {}] = loadAll(source, {schema});
		return document;
	} catch (error) {
		// js-yaml's own message quotes the lines around the error. Each error of loadAll() has a place.
		const {reason, mark} = error as {reason: string; mark: {line: number}};
		throw new Error(`not YAML: ${reason} in line ${mark.line + 1}`);
	}
}
