/**
The identity of each request: token, token file, plugin, basic, client certificate, and the impersonated user.
As in client-go a token, a username or a certificate of the user entry replaces the plugin; tetratop does not even start it then.
*/
import {Refusal} from '../../problem.js';
import {readSmallFile} from '../../runtime/small-file.js';
import type {User} from '../kubeconfig/file.js';
import {isEncrypted} from '../kubeconfig/precedence.js';
import {type ClientCertificate, clientCertificateOf, unreadable} from './certificates.js';
import {checkUser, hasOwnLogin} from './check-user.js';
import {type ExecCredential, type PluginSurroundings, runExecPlugin} from './exec-plugin.js';

export type Authorization = {
	readonly headers: Readonly<Record<string, string | readonly string[]>>;
	readonly certificate: ClientCertificate | undefined;
	/**
	Another number for another token or certificate. Pass it to `rejected` when the server answers 401: of many requests that
	were refused at once only the first renews the credential, and all of them go on with it.
	*/
	readonly generation: number;
};

/** The kubelet renews projected tokens well before they expire; client-go reads them once a minute as well. */
const tokenFileMs = 60_000;
/** A credential that expires while the request is under way is useless. */
const expiryMarginMs = 10_000;

type CredentialsOptions = PluginSurroundings & {
	/** Milliseconds since 1970. */
	readonly now?: () => number;
};

export class Credentials {
	readonly #user: User;
	readonly #options: CredentialsOptions;
	readonly #now: () => number;
	readonly #impersonation: Authorization['headers'];
	readonly #secrets: Set<string>;
	#generation = 0;
	/** The certificate of this generation. */
	#certificate: ClientCertificate | undefined;
	#fileToken: {readonly token: string; readonly readMs: number} | undefined;
	/** The server has rejected it: the file is read before its next use. */
	#fileTokenIsOld = false;
	#plugin: {readonly run: Promise<ExecCredential>; expiresMs: number} | undefined;

	/** Throws a Refusal for a user entry that no client can use. */
	constructor(user: User, options: CredentialsOptions) {
		checkUser(user, isEncrypted(options.cluster.server));
		this.#user = user;
		this.#options = options;
		this.#now = options.now ?? Date.now;
		this.#impersonation = impersonationHeaders(user);
		this.#secrets = new Set([user.token, user.password].filter(secret => secret !== ''));
	}

	/** Texts that must never be shown, as far as they are known by now. */
	get secrets(): readonly string[] {
		return [...this.#secrets];
	}

	/** Rejects with a Refusal when a file cannot be read or a plugin fails. */
	async authorize(): Promise<Authorization> {
		const user = this.#user;
		const token = user.tokenFile === '' ? user.token : this.#tokenOfFile();
		const basic = token === '' && user.username !== '';
		const credential = await this.#credential();
		const bearer = token || (basic ? '' : (credential?.token ?? ''));
		if (/[^\t\x20-\x7e\x80-\xff]/.test(bearer)) {
			const fix = 'check for a line break in the token, or a file that holds something else';
			throw new Refusal('the token', 'it has a character that no HTTP header may have', fix, false);
		}

		return {
			headers: {
				...(bearer === '' ? {} : {Authorization: `Bearer ${bearer}`}),
				...(basic ? {Authorization: this.#basicHeader()} : {}),
				...this.#impersonation,
			},
			certificate: this.#readCertificate(credential),
			generation: this.#generation,
		};
	}

	/** Call it after a 401: it forgets the rejected credential. Returns true when a retry may help. */
	rejected(used: number): boolean {
		if (used !== this.#generation) {
			// Another request has renewed the credential in between.
			return true;
		}

		const user = this.#user;
		if (this.#readsOtherFiles(used)) {
			return true;
		}

		if (user.exec === undefined || hasOwnLogin(user)) {
			return false;
		}

		this.#plugin = undefined;
		this.#generation++;
		return true;
	}

	/** Reads the files of the user entry again; returns true when there is another token or certificate in them. */
	#readsOtherFiles(used: number): boolean {
		try {
			if (this.#user.tokenFile !== '') {
				this.#fileTokenIsOld = true;
				this.#tokenOfFile();
			}

			// A certificate of a plugin is renewed by its next run.
			if (this.#user.clientCertificate !== '' || this.#user.clientKey !== '') {
				this.#readCertificate(undefined);
			}
		} catch {
			return false;
		}

		return used !== this.#generation;
	}

	#readCertificate(credential: ExecCredential | undefined): ClientCertificate | undefined {
		const certificate = clientCertificateOf(this.#user, credential);
		if (certificate?.cert !== this.#certificate?.cert || certificate?.key !== this.#certificate?.key) {
			this.#certificate = certificate;
			this.#generation++;
		}

		return certificate;
	}

	#tokenOfFile(): string {
		const {tokenFile, token} = this.#user;
		const before = this.#fileToken;
		if (before === undefined || this.#fileTokenIsOld || this.#now() - before.readMs >= tokenFileMs) {
			try {
				this.#fileToken = {token: readSmallFile(tokenFile).trim(), readMs: this.#now()};
				this.#fileTokenIsOld = false;
				this.#generation += this.#fileToken.token === before?.token ? 0 : 1;
				this.#secrets.add(this.#fileToken.token);
			} catch (error) {
				// The last token that was read, or the field `token`, is used instead, as in client-go.
				if (this.#fileToken === undefined && token === '') {
					throw unreadable('tokenFile', tokenFile, error);
				}
			}
		}

		const found = this.#fileToken?.token || token;
		if (found === '') {
			const fix = 'renew the token, or correct the path in the kubeconfig';
			throw new Refusal(`tokenFile ${tokenFile}`, 'it is empty', fix);
		}

		return found;
	}

	/** undefined: the user entry has no plugin, or needs none. */
	async #credential(): Promise<ExecCredential | undefined> {
		const {exec} = this.#user;
		if (exec === undefined || hasOwnLogin(this.#user)) {
			return undefined;
		}

		if (this.#plugin === undefined || this.#now() >= this.#plugin.expiresMs - expiryMarginMs) {
			const run = runExecPlugin(exec, this.#options);
			const started = {run, expiresMs: Number.POSITIVE_INFINITY};
			this.#plugin = started;
			this.#generation++;
			run.then(
				credential => {
					started.expiresMs = credential.expiresMs;
					this.#secrets.add(credential.token);
				},
				() => {
					// The next request runs the plugin again: the user may have logged in by then.
					if (this.#plugin === started) {
						this.#plugin = undefined;
					}
				},
			);
		}

		return this.#plugin.run;
	}

	#basicHeader(): string {
		const {username, password} = this.#user;
		const encoded = Buffer.from(`${username}:${password}`).toString('base64');
		this.#secrets.add(encoded);
		return `Basic ${encoded}`;
	}
}

function impersonationHeaders(user: User): Authorization['headers'] {
	if (user.as === '') {
		return {};
	}

	return {
		'Impersonate-User': user.as,
		...(user.asUid === '' ? {} : {'Impersonate-Uid': user.asUid}),
		...(user.asGroups.length === 0 ? {} : {'Impersonate-Group': user.asGroups}),
		...Object.fromEntries(
			// A key may have characters that no header name may have: the server decodes them.
			Object.entries(user.asUserExtra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values]),
		),
	};
}
