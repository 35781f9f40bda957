/**
Runs an exec credential plugin (client.authentication.k8s.io v1 and v1beta1): a command that prints an ExecCredential. One run
serves all waiting requests; its answer is kept until it expires or the server answers 401.
*/
import {spawn} from 'node:child_process';
import {Refusal} from '../../problem.js';
import {BoundedBytes} from '../../runtime/bounded-body.js';
import type {Cluster, ExecPlugin} from '../kubeconfig/file.js';
import type {Environment} from '../kubeconfig/load.js';
import {firstDocument} from '../kubeconfig/typed-yaml.js';
import {certificateAuthorityOf} from './certificates.js';
import {PluginWords} from './plugin-words.js';
import {hideSecrets} from './secrets.js';

export type ExecCredential = {
	readonly token: string;
	/** PEM; '': the plugin gave none. */
	readonly clientCertificate: string;
	readonly clientKey: string;
	/** Milliseconds since 1970; Infinity: the plugin gave no expiry. */
	readonly expiresMs: number;
};

export type PluginSurroundings = {
	readonly cluster: Cluster;
	readonly environment: Environment;
	/** Returns true when stdin is a user's terminal and the screen is not open yet. */
	readonly interactive: () => boolean;
	/** Shows a line of the plugin's stderr, for example a device code or a URL to open. Never its stdout: that is the credential. */
	readonly say: (line: string) => void;
	/** The plugin ended: nothing is waited for any more. */
	readonly ended?: (() => void) | undefined;
};

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** A user may need some minutes for a login in a browser. */
const longestRunMs = 300_000;
/** Bytes of the plugin's stdout. A certificate chain has some kilobytes. */
const longestAnswer = 1024 ** 2;
/** Milliseconds without a word of the plugin, after which the screen says what it waits for. */
const silentMs = 1000;
/** Lines of stderr that are quoted: the last ones. */
const stderrLinesKept = 3;

/** Runs the plugin once. Rejects with a Refusal that quotes the plugin's last lines of stderr. */
export async function runExecPlugin(plugin: ExecPlugin, around: PluginSurroundings): Promise<ExecCredential> {
	if (!versions.includes(plugin.apiVersion)) {
		const why = `its API version is ${plugin.apiVersion || 'missing'}, which current Kubernetes clients do not support`;
		throw new Refusal(
			`login plugin ${plugin.command}`,
			why,
			`set apiVersion of its kubeconfig entry to ${versions[0]}`,
			false,
		);
	}

	const interactive = plugin.interactiveMode !== 'Never' && around.interactive();
	if (plugin.interactiveMode === 'Always' && !interactive) {
		const fix = 'run `kubectl get ns` in this shell to log in, then press r';
		throw new Refusal(
			`login plugin ${plugin.command}`,
			'it must ask on the terminal, and the terminal shows the screen',
			fix,
		);
	}

	const {code, stdout, stderr, failure} = await run(plugin, around, interactive);
	if (failure !== undefined) {
		const why = failure === 'ENOENT' ? 'the command was not found' : failure;
		throw new Refusal(
			`login plugin ${plugin.command}`,
			why,
			plugin.installHint || 'install it, or correct `command` in the kubeconfig',
			false,
		);
	}

	if (code !== 0) {
		const words = stderr.length === 0 ? `exit code ${code}` : `exit code ${code}: ${stderr.join(' / ')}`;
		throw new Refusal('login failed', hideSecrets(words), `do what ${plugin.command} asks for, then press r`);
	}

	return readAnswer(stdout, plugin);
}

function run(plugin: ExecPlugin, around: PluginSurroundings, interactive: boolean) {
	const cluster = plugin.provideClusterInfo ? {cluster: clusterInfo(around.cluster)} : {};
	const info = {apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: {...cluster, interactive}};
	const child = spawn(plugin.command, plugin.args, {
		env: {...around.environment, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info)},
		stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
	});
	type End = {code: number; stdout: string; stderr: readonly string[]; failure: string | undefined};
	const {promise, resolve} = Promise.withResolvers<End>();
	const limit = setTimeout(() => child.kill(), longestRunMs);

	const silent = setTimeout(() => around.say(`tetratop waits for the login program ${plugin.command}`), silentMs);

	function done(end: End) {
		clearTimeout(limit);
		clearTimeout(silent);
		words.end();
		around.ended?.();
		resolve(end);
	}

	const kept = new BoundedBytes(longestAnswer);
	const stderr: string[] = [];
	child.stdout?.on('data', (chunk: Buffer) => {
		try {
			kept.push(chunk);
		} catch (error) {
			child.kill();
			done({code: -1, stdout: '', stderr, failure: (error as Error).message});
		}
	});
	const words = new PluginWords(line => {
		clearTimeout(silent);
		const safe = hideSecrets(line);
		around.say(safe);
		stderr.push(safe);
		stderr.splice(0, stderr.length - stderrLinesKept);
	});
	child.stderr?.on('data', (chunk: Buffer) => words.push(chunk));

	child.on('error', (error: NodeJS.ErrnoException) => {
		done({code: -1, stdout: '', stderr, failure: error.code ?? 'the command cannot be started'});
	});
	child.on('close', (code, signal) => {
		const failure = signal === null ? undefined : `it was ended by ${signal}`;
		done({code: code ?? -1, stdout: kept.bytes().toString(), stderr, failure});
	});
	return promise;
}

/** JSON or YAML, as kubectl reads it. Its text is never quoted: it may be a part of a token. */
function readAnswer(stdout: string, plugin: ExecPlugin): ExecCredential {
	try {
		const answer = firstDocument(stdout);
		if (answer.text('kind') !== 'ExecCredential' || answer.text('apiVersion') !== plugin.apiVersion) {
			throw new Error(`it is not an ExecCredential of ${plugin.apiVersion}`);
		}

		const status = answer.fields('status');
		const token = status.text('token').trim();
		const clientCertificate = status.text('clientCertificateData');
		const clientKey = status.text('clientKeyData');
		if ((clientCertificate === '') !== (clientKey === '')) {
			throw new Error('it has a certificate without its key, or a key without its certificate');
		}

		if (token === '' && clientCertificate === '') {
			throw new Error('it has neither a token nor a certificate with a key');
		}

		return {token, clientCertificate, clientKey, expiresMs: expiryOf(status.text('expirationTimestamp'))};
	} catch (error) {
		throw broken(plugin, `its output cannot be used: ${(error as Error).message}`);
	}
}

function expiryOf(timestamp: string): number {
	if (timestamp === '') {
		return Number.POSITIVE_INFINITY;
	}

	const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(timestamp)
		? Date.parse(timestamp)
		: Number.NaN;
	if (Number.isNaN(ms)) {
		throw new Error('its expirationTimestamp is not a time such as 2030-01-31T12:00:00Z');
	}

	return ms;
}

function broken(plugin: ExecPlugin, why: string): Refusal {
	return new Refusal(`login plugin ${plugin.command}`, why, 'run it in a shell to see its output');
}

/** ExecCredential's spec.cluster: the server for which the plugin makes a credential. A CA file is handed on as data. */
function clusterInfo(cluster: Cluster) {
	const authority = cluster.insecureSkipTlsVerify ? undefined : certificateAuthorityOf(cluster);
	return {
		server: cluster.server,
		...(cluster.tlsServerName === '' ? {} : {'tls-server-name': cluster.tlsServerName}),
		...(cluster.insecureSkipTlsVerify ? {'insecure-skip-tls-verify': true} : {}),
		...(authority === undefined ? {} : {'certificate-authority-data': Buffer.from(authority).toString('base64')}),
		...(cluster.proxyUrl === '' ? {} : {'proxy-url': cluster.proxyUrl}),
		config: cluster.execConfig ?? null,
	};
}
