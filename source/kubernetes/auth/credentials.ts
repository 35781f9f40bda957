/**
Who we are, for each request anew: token, token file, plugin, basic, client certificate, and whom we act as.
The order is client-go's: a token wins over basic, both over a plugin's token.
*/
import {readFileSync} from 'node:fs';
import {Refusal} from '../../problem.js';
import type {Cluster, User} from '../kubeconfig/file.js';
import {type ExecCredential, type PluginSurroundings, runExecPlugin} from './exec-plugin.js';

export type Authorization = {
	readonly headers: Readonly<Record<string, string | readonly string[]>>;
	/** PEM, for the TLS handshake. */
	readonly certificate: {readonly cert: string; readonly key: string} | undefined;
	/** Hand it to `rejected` when the server answers 401. */
	readonly generation: number;
};

export type Credentials = {
	/** Throws a Refusal where a file or a plugin fails. */
	readonly authorize: () => Promise<Authorization>;
	/** After a 401: forgets what was kept. True where asking again may help. */
	readonly rejected: (generation: number) => boolean;
	/** What must never be shown, as known by now. */
	readonly secrets: () => readonly string[];
};

/** The kubelet renews projected tokens well before they end; client-go reads them once a minute as well. */
const tokenFileMs = 60_000;
/** A credential that ends while the request is under way is of no use. */
const expiryMarginMs = 10_000;

export type CredentialsOptions = PluginSurroundings & {readonly now?: () => number};

/** Throws a Refusal for a user entry that no client can use as it stands. */
export function createCredentials(user: User, options: CredentialsOptions): Credentials {
	checkUser(user);
	const now = options.now ?? Date.now;
	const impersonation = impersonationHeaders(user);
	const secrets = new Set([user.token, user.password].filter(secret => secret !== ''));
	let generation = 0;
	let fileToken: {readonly token: string; readonly readMs: number} | undefined;
	let plugin: {readonly run: Promise<ExecCredential>; expiresMs: number} | undefined;

	function tokenOfFile() {
		if (fileToken === undefined || now() - fileToken.readMs >= tokenFileMs) {
			try {
				fileToken = {token: readFileSync(user.tokenFile, 'utf8').trim(), readMs: now()};
				secrets.add(fileToken.token);
			} catch (error) {
				// The last good one, or `token`, as client-go does.
				if (fileToken === undefined && user.token === '') {
					throw unreadable('tokenFile', user.tokenFile, error);
				}
			}
		}

		return fileToken?.token ?? user.token;
	}

	async function ofPlugin(): Promise<ExecCredential | undefined> {
		const {exec} = user;
		if (exec === undefined) {
			return undefined;
		}

		if (plugin === undefined || now() >= plugin.expiresMs - expiryMarginMs) {
			const run = runExecPlugin(exec, options);
			const started = {run, expiresMs: Number.POSITIVE_INFINITY};
			plugin = started;
			generation++;
			run.then(
				credential => {
					started.expiresMs = credential.expiresMs;
					secrets.add(credential.token);
				},
				() => {
					// The next call may try again: a person may have logged in by then.
					if (plugin === started) {
						plugin = undefined;
					}
				},
			);
		}

		return plugin.run;
	}

	return {
		async authorize() {
			const token = user.tokenFile === '' ? user.token : tokenOfFile();
			const basic = token === '' && user.username !== '';
			const credential = await ofPlugin();
			const bearer = token || (basic ? '' : (credential?.token ?? ''));
			return {
				headers: {
					...(bearer === '' ? {} : {Authorization: `Bearer ${bearer}`}),
					...(basic ? {Authorization: basicHeader(user, secrets)} : {}),
					...impersonation,
				},
				certificate: certificateOf(user, credential),
				generation,
			};
		},
		rejected(used) {
			if (used !== generation) {
				// Somebody else has renewed it since.
				return true;
			}

			if (user.tokenFile !== '' && fileToken !== undefined) {
				const before = fileToken.token;
				fileToken = undefined;
				try {
					return tokenOfFile() !== before;
				} catch {
					return false;
				}
			}

			if (user.exec === undefined || user.token !== '' || user.username !== '') {
				return false;
			}

			plugin = undefined;
			generation++;
			return true;
		},
		secrets: () => [...secrets],
	};
}

/** PEM of --certificate-authority or the cluster entry; undefined: the system's roots count. */
export function certificateAuthorityOf(cluster: Cluster): string | undefined {
	if (cluster.certificateAuthorityData !== '') {
		return Buffer.from(cluster.certificateAuthorityData, 'base64').toString();
	}

	return cluster.certificateAuthority === ''
		? undefined
		: readPem('certificate-authority', cluster.certificateAuthority);
}

/** Read for every handshake: files are renewed under a long-running program. */
function certificateOf(user: User, credential: ExecCredential | undefined): Authorization['certificate'] {
	const cert = pemOf('client-certificate', user.clientCertificateData, user.clientCertificate);
	const key = pemOf('client-key', user.clientKeyData, user.clientKey);
	if (cert !== '' && key !== '') {
		return {cert, key};
	}

	return credential !== undefined && credential.clientCertificate !== ''
		? {cert: credential.clientCertificate, key: credential.clientKey}
		: undefined;
}

function pemOf(name: string, data: string, file: string): string {
	if (data !== '') {
		return Buffer.from(data, 'base64').toString();
	}

	return file === '' ? '' : readPem(name, file);
}

function readPem(name: string, file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw unreadable(name, file, error);
	}
}

function unreadable(name: string, file: string, error: unknown): Refusal {
	const {code} = error as NodeJS.ErrnoException;
	const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
	return new Refusal(`${name} ${file}`, why, 'correct the path in the kubeconfig');
}

function basicHeader(user: User, secrets: Set<string>): string {
	const encoded = Buffer.from(`${user.username}:${user.password}`).toString('base64');
	secrets.add(encoded);
	return `Basic ${encoded}`;
}

function impersonationHeaders(user: User): Readonly<Record<string, string | readonly string[]>> {
	if (user.as === '') {
		return {};
	}

	return {
		'Impersonate-User': user.as,
		...(user.asUid === '' ? {} : {'Impersonate-Uid': user.asUid}),
		...(user.asGroups.length === 0 ? {} : {'Impersonate-Group': user.asGroups}),
		...Object.fromEntries(
			// A key may hold what no header name may: the server decodes it.
			Object.entries(user.asUserExtra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values]),
		),
	};
}

function checkUser(user: User) {
	const extras = user.asUid !== '' || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0;
	if (user.as === '' && extras) {
		throw new Refusal('--as-group, --as-uid', 'they need a user to act as', 'add --as USER', false);
	}

	const otherWay = user.token !== '' || user.tokenFile !== '' || user.exec !== undefined || user.username !== '';
	const certificate = user.clientCertificate !== '' || user.clientCertificateData !== '';
	if (user.authProvider !== '' && !otherWay && !certificate) {
		const why = `the kubeconfig logs in by auth-provider ${user.authProvider}, which was taken out of Kubernetes 1.26`;
		const fix =
			'use an exec plugin (kubelogin, gke-gcloud-auth-plugin), or --transport kubectl with a kubectl that still can';
		throw new Refusal('login', why, fix, false);
	}
}
