/**
The API server over a kubectl that we start: `kubectl get --raw` also carries a watch or a log, `create --raw` a review.
For logins that only kubectl can do. It has no WebSocket; tunnels are `kubectl exec -i` then (transport/kubectl-exec.ts).
*/
import {type ChildProcess, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import {Refusal} from '../../problem.js';
import {hideSecrets} from '../auth/secrets.js';
import type {Environment} from '../kubeconfig/load.js';
import {type Api, withQuery} from './api.js';
import {ApiRefusal, refusalOfAnswer} from './refusal.js';

export type Kubectl = {
	/** Program name or path. */
	readonly command: string;
	/** --context and its like, before every verb's own arguments. */
	readonly flags: readonly string[];
	readonly environment: Environment;
	readonly secrets: readonly string[];
};

const stderrKept = 4000;
/** Characters of its last line that are shown: some errors quote a whole object. */
const wordsKept = 300;

export function createKubectlApi(kubectl: Kubectl, requestTimeoutMs = 0): Api {
	const running = new Set<ChildProcess>();

	async function run(args: readonly string[], input: string | undefined, signal: AbortSignal | undefined) {
		const limit = requestTimeoutMs === 0 ? [] : [`--request-timeout=${Math.ceil(requestTimeoutMs / 1000)}s`];
		const started = startKubectl(kubectl, [...args, ...limit], signal);
		running.add(started.child);
		started.child.once('close', () => running.delete(started.child));
		started.child.stdin?.end(input);
		const chunks: Buffer[] = [];
		started.child.stdout?.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
		});
		const failure = await started.ended;
		if (failure !== undefined) {
			throw failure;
		}

		return Buffer.concat(chunks).toString();
	}

	return {
		server: 'kubectl',
		upgrade: undefined,
		async get(path, {query, signal} = {}) {
			return JSON.parse(await run(['get', '--raw', withQuery(path, query)], undefined, signal));
		},
		async create(path, body, signal) {
			return JSON.parse(await run(['create', '--raw', path, '-f', '-'], JSON.stringify(body), signal));
		},
		async stream(path, {query, signal} = {}) {
			const started = startKubectl(kubectl, ['get', '--raw', withQuery(path, query)], signal);
			running.add(started.child);
			started.child.stdin?.end();
			const body = started.child.stdout as Readable;
			body.once('close', () => started.child.kill());
			started.ended.then(failure => {
				running.delete(started.child);
				if (failure !== undefined && !body.destroyed) {
					body.destroy(failure);
				}
			});
			return body;
		},
		async logIn() {
			// kubectl logs in anew in each of its runs.
		},
		secrets: () => kubectl.secrets,
		close() {
			for (const child of running) {
				child.kill();
			}
		},
	};
}

export type StartedKubectl = {
	readonly child: ChildProcess;
	/** Resolves at its end: undefined for success, else why not. */
	readonly ended: Promise<Refusal | undefined>;
};

/** A kubectl with pipes for stdin, stdout and stderr: it never gets the terminal. */
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
	// It may be gone before it has read what we write.
	child.stdin?.on('error', () => undefined);
	child.on('error', (error: NodeJS.ErrnoException) => {
		const why = error.code === 'ENOENT' ? 'it is not installed here' : error.message;
		resolve(new Refusal('kubectl', why, 'install kubectl, or leave out --transport kubectl', error.code !== 'ENOENT'));
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

/** kubectl tells a Status as `Error from server (Reason): message`. */
function refusalOfKubectl(stderr: string, code: number | null): ApiRefusal {
	const [, reason = '', message = ''] = /Error from server \((\w+)\): (.*)/.exec(stderr) ?? [];
	if (reason !== '') {
		const body = JSON.stringify({kind: 'Status', message, reason});
		return refusalOfAnswer(codes[reason] ?? 500, body, {what: 'kubectl', secrets: []});
	}

	const last = (stderr.trim().split('\n').at(-1) ?? '').slice(0, wordsKept);
	const unauthorized = /must be logged in|Unauthorized/i.test(stderr);
	const why = last === '' ? `it ended with ${code ?? 'a signal'}` : last;
	return new ApiRefusal('kubectl', why, 'run the same by hand: kubectl get pods', unauthorized ? 401 : 0);
}
