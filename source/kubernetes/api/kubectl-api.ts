/**
The API server through a kubectl that tetratop starts: `kubectl get --raw` carries requests, watches and logs, `create --raw`
a SelfSubjectAccessReview. For logins that only kubectl can do. kubectl offers no WebSocket; `kubectl exec -i` (see
transport/kubectl-runner.ts) carries the tunnels.
*/
import {type ChildProcess, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import {hideSecrets} from '../auth/secrets.js';
import type {Environment} from '../kubeconfig/load.js';
import {type Api, type RequestOptions, withQuery} from './api.js';
import {ApiRefusal, refusalOfAnswer} from './refusal.js';

export type Kubectl = {
	/** Program name or path. */
	readonly command: string;
	/** --context, --user and so on: they are appended to every command. */
	readonly flags: readonly string[];
	readonly environment: Environment;
	readonly secrets: readonly string[];
};

/** Characters of stderr that are kept: the last ones. */
const stderrKept = 4000;
/** Characters of the last line that are shown: some errors quote a whole object. */
const wordsKept = 300;

export class KubectlApi implements Api {
	readonly server = 'kubectl';
	readonly upgrade = undefined;
	readonly #kubectl: Kubectl;
	readonly #limit: readonly string[];
	readonly #running = new Set<ChildProcess>();

	/** @param requestTimeoutMs milliseconds for get and create; 0: no limit. */
	constructor(kubectl: Kubectl, requestTimeoutMs = 0) {
		this.#kubectl = kubectl;
		this.#limit = requestTimeoutMs === 0 ? [] : [`--request-timeout=${Math.ceil(requestTimeoutMs / 1000)}s`];
	}

	async get<Answer>(path: string, {query, signal}: RequestOptions = {}): Promise<Answer> {
		return JSON.parse(await this.#run(['get', '--raw', withQuery(path, query)], undefined, signal)) as Answer;
	}

	async create<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
		return JSON.parse(await this.#run(['create', '--raw', path, '-f', '-'], JSON.stringify(body), signal)) as Answer;
	}

	async stream(path: string, {query, signal}: RequestOptions = {}): Promise<Readable> {
		const {child, ended} = this.#start(['get', '--raw', withQuery(path, query)], signal);
		child.stdin?.end();
		const body = child.stdout as Readable;
		body.once('close', () => child.kill());
		ended.then(failure => {
			if (failure !== undefined && !body.destroyed) {
				body.destroy(failure);
			}
		});
		return body;
	}

	async logIn(): Promise<void> {
		// Each run of kubectl logs in by itself.
	}

	secrets(): readonly string[] {
		return this.#kubectl.secrets;
	}

	close(): void {
		for (const child of this.#running) {
			child.kill();
		}
	}

	async #run(args: readonly string[], input: string | undefined, signal: AbortSignal | undefined): Promise<string> {
		const {child, ended} = this.#start([...args, ...this.#limit], signal);
		child.stdin?.end(input);
		const chunks: Buffer[] = [];
		child.stdout?.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
		});
		const failure = await ended;
		if (failure !== undefined) {
			throw failure;
		}

		return Buffer.concat(chunks).toString();
	}

	#start(args: readonly string[], signal: AbortSignal | undefined): StartedKubectl {
		const started = startKubectl(this.#kubectl, args, signal);
		this.#running.add(started.child);
		started.ended.then(() => this.#running.delete(started.child));
		return started;
	}
}

export type StartedKubectl = {
	readonly child: ChildProcess;
	/** Resolves when kubectl has ended: undefined for success, else the reason. */
	readonly ended: Promise<Refusal | undefined>;
};

/** Starts a kubectl with pipes for stdin, stdout and stderr: it never gets the terminal. */
export function startKubectl(kubectl: Kubectl, args: readonly string[], signal?: AbortSignal): StartedKubectl {
	const child = spawn(kubectl.command, [...args, ...kubectl.flags], {
		env: kubectl.environment,
		stdio: ['pipe', 'pipe', 'pipe'],
		...(signal === undefined ? {} : {signal}),
	});
	const {promise, resolve} = Promise.withResolvers<Refusal | undefined>();
	let stderr = '';
	child.stderr?.on('data', (chunk: Buffer) => {
		stderr = (stderr + chunk.toString()).slice(-stderrKept);
	});
	// kubectl may have ended before it has read its stdin.
	child.stdin?.on('error', () => undefined);
	child.on('error', (error: NodeJS.ErrnoException) => {
		const why = error.code === 'ENOENT' ? 'it is not installed here' : error.message;
		resolve(new Refusal('kubectl', why, 'install kubectl, or remove --transport kubectl', error.code !== 'ENOENT'));
	});
	child.on('close', code => {
		resolve(code === 0 ? undefined : refusalOfKubectl(hideSecrets(stderr, kubectl.secrets), code));
	});
	return {child, ended: promise};
}

const codes: Readonly<Record<string, number>> = {
	Forbidden: 403,
	NotFound: 404,
	Unauthorized: 401,
	Expired: 410,
	Gone: 410,
	BadRequest: 400,
};

/** kubectl writes a Status as `Error from server (Reason): message`. */
function refusalOfKubectl(stderr: string, code: number | null): ApiRefusal {
	const [, reason = '', message = ''] = /Error from server \((\w+)\): (.*)/.exec(stderr) ?? [];
	if (reason !== '') {
		const body = JSON.stringify({kind: 'Status', message, reason});
		return refusalOfAnswer(codes[reason] ?? 500, body, {what: 'kubectl', secrets: []});
	}

	const last = (stderr.trim().split('\n').at(-1) ?? '').slice(0, wordsKept);
	const unauthorized = /must be logged in|Unauthorized/i.test(stderr);
	const why = last === '' ? `it ended with ${code ?? 'a signal'}` : last;
	return new ApiRefusal('kubectl', why, 'run `kubectl get pods` to see the whole error', unauthorized ? 401 : 0);
}
