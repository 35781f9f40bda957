/**
The API server through a kubectl that tetratop starts: `kubectl get --raw` carries requests, watches and logs, `create --raw`
a SelfSubjectAccessReview. For logins that only kubectl can do. kubectl offers no WebSocket; `kubectl exec -i` (see
transport/kubectl-runner.ts) carries the tunnels.
*/

import {type ChildProcess, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import {BoundedBytes, type TooLong} from '../../runtime/bounded-body.js';
import {table} from '../../runtime/table.js';
import {hideSecrets} from '../auth/secrets.js';
import type {Environment} from '../kubeconfig/load.js';
import {type Api, longestAnswer, type RequestOptions, readAnswer, withQuery} from './api.js';
import {ApiRefusal, refusalOfAnswer} from './refusal.js';
import type {Shape} from './shape.js';

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

type Run = {
	readonly input?: string;
	readonly signal: AbortSignal | undefined;
	readonly limit?: number | undefined;
};

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

	async get<Answer>(
		path: string,
		shape: Shape<Answer>,
		{query, signal, limit, took}: RequestOptions = {},
	): Promise<Answer> {
		const bytes = await this.#run(['get', '--raw', withQuery(path, query)], {signal, limit});
		took?.(bytes.length);
		return parsed(bytes, shape);
	}

	async create<Answer>(path: string, body: unknown, shape: Shape<Answer>, signal?: AbortSignal): Promise<Answer> {
		const input = JSON.stringify(body);
		return parsed(await this.#run(['create', '--raw', path, '-f', '-'], {input, signal}), shape);
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

	async #run(args: readonly string[], {input, signal, limit = longestAnswer}: Run): Promise<Buffer> {
		const {child, ended} = this.#start([...args, ...this.#limit], signal);
		child.stdin?.end(input);
		const {bytes, failure} = await outputOf({child, ended}, limit);
		if (failure !== undefined) {
			throw failure;
		}

		return bytes;
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

type Output = {readonly bytes: Buffer; readonly failure: Refusal | undefined};

/** Reads what kubectl prints, to its end. Rejects with a Refusal for more than the limit; kubectl is ended then. */
export async function outputOf({child, ended}: StartedKubectl, limit: number): Promise<Output> {
	const kept = new BoundedBytes(limit);
	let tooLong: TooLong | undefined;
	child.stdout?.on('data', (chunk: Buffer) => {
		try {
			kept.push(chunk);
		} catch (error) {
			tooLong ??= error as TooLong;
			child.stdout?.destroy();
			child.kill();
		}
	});
	const failure = await ended;
	if (tooLong !== undefined) {
		throw new ApiRefusal('kubectl', tooLong.message, 'see `kubectl get pods`: is it an API server?', 0);
	}

	return {bytes: kept.bytes(), failure};
}

function parsed<Answer>(bytes: Buffer, shape: Shape<Answer>): Answer {
	try {
		return readAnswer(bytes, shape);
	} catch (error) {
		const why = error instanceof SyntaxError ? 'the answer is not JSON' : (error as Error).message;
		throw new ApiRefusal('kubectl', why, 'run `kubectl get pods` to see the whole error', 0);
	}
}

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

const codes: Readonly<Record<string, number>> = table<number>({
	Forbidden: 403,
	NotFound: 404,
	Unauthorized: 401,
	Expired: 410,
	Gone: 410,
	BadRequest: 400,
});

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
