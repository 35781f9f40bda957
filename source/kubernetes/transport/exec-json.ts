/**
The agent's data by its own command line, for images or rights that allow no gRPC: `tetra getevents -o json` for the stream,
`tetra tracingpolicy list`, `tetra debug dump processcache` and `tetra version --server` for the rest.
*/
import {randomBytes} from 'node:crypto';
import {Refusal} from '../../problem.js';
import {parseBounded} from '../../runtime/bounded-json.js';
import {inSlices} from '../../runtime/slices.js';
import {dumpedProcess, mostDumped, type ProcessInternal} from '../../tetragon/agent/dump.js';
import type {Connection, DumpedProcess, EventsRequest, EventsSink, Subscription} from '../../tetragon/agent/link.js';
import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import type {AgentPod} from '../agents/select.js';
import {isNotInstalled} from '../tunnel/exec-verdict.js';
import {eventLines, waitForRoom} from './event-lines.js';
import type {PodRunner, PodStream} from './pod-stream.js';
import {tetraFlags} from './tetra-flags.js';

/**
The container runtime does not end an exec'd process when its client goes. So the wrapper reads stdin beside tetra, and kills
tetra at the end of stdin: by SIGKILL, because a tetra that is blocked in a write reacts to nothing else. When tetra ends
first, the wrapper kills the reader. tetra itself must not get stdin: it would read events from it.
*/
export const wrapper = [
	'exec 3<&0',
	'tetra "$@" </dev/null 3<&- & p=$!',
	'(while read -r _; do :; done; kill -9 $p) <&3 3<&- >/dev/null 2>&1 & c=$!',
	'exec 3<&-',
	'wait $p; s=$?',
	'kill -9 $c 2>/dev/null',
	'exit $s',
].join('\n');

/** Milliseconds for a command with a short answer. */
const unaryMs = 20_000;
/** Milliseconds for the process cache. */
const dumpMs = 60_000;

/** Resolves when the agent has answered. Rejects with a Refusal. */
export async function openExecJson(
	runner: PodRunner,
	agent: AgentPod,
	via: string,
	signal: AbortSignal,
): Promise<Connection> {
	const connection = new ExecJsonConnection(runner, agent.pod, via);

	function abort() {
		connection.close();
	}

	signal.addEventListener('abort', abort, {once: true});
	try {
		await connection.readVersion(agent.imageVersion);
		return connection;
	} catch (error) {
		connection.close();
		signal.throwIfAborted();
		if (error instanceof Refusal) {
			throw error;
		}

		const why = (error as Error).message;
		const fix = isNotInstalled(why, 'tetra') ? 'check that the image has `tetra`' : 'check the agent: kubectl logs';
		throw new Refusal(`${via} to ${agent.pod}`, why, fix);
	} finally {
		signal.removeEventListener('abort', abort);
	}
}

class ExecJsonConnection implements Connection {
	readonly agent: string;
	readonly via: string;
	readonly #runner: PodRunner;
	readonly #closing = new AbortController();
	readonly #missing = new Set<string>(['no change of policies and no metrics over exec-json']);
	#version = '';
	/** The agent answered, and its tetra cannot ask it for its version. */
	isVersionOfImage = false;

	constructor(runner: PodRunner, agent: string, via: string) {
		this.#runner = runner;
		this.agent = agent;
		this.via = via;
	}

	/**
	Proves that the agent answers, and reads its version; `fallback` where it does not say it. Rejects when tetra cannot run,
	or its agent does not answer. `tetra version` alone proves nothing: from v1.2 on it prints the version of tetra and asks
	nobody. `--server` asks the agent; a tetra without this flag has `status`, which asks it as well.
	*/
	async readVersion(fallback: string): Promise<void> {
		let text: string;
		try {
			text = await this.#run(['version', '--server']);
		} catch (error) {
			if (!/unknown flag/i.test(String((error as Error).message))) {
				throw error;
			}

			await this.#run(['status']);
			text = await this.#run(['version']);
		}

		const [, version] = /server version:\s*(\S+)/i.exec(text) ?? [];
		this.#version = version ?? fallback;
		this.isVersionOfImage = version === undefined;
	}

	async version(): Promise<string> {
		return this.#version;
	}

	async health(): Promise<void> {
		// No cheap call exists: the pings of the stream's tunnel find out that the connection is lost.
		this.#closing.signal.throwIfAborted();
	}

	events(request: EventsRequest, sink: EventsSink): Subscription {
		const {flags, left} = tetraFlags(request);
		if (left.length > 0) {
			this.#missing.add(`${left.join(', ')}: over exec-json tetratop filters, not the agent`);
		}

		// $0 is unique, so that OwnExecs finds this process among the agent's events.
		const name = `tetratop-${randomBytes(4).toString('hex')}`;
		const command = ['sh', '-c', wrapper, name, 'getevents', '-o', 'json', ...flags];
		const cancelling = new AbortController();
		const until = AbortSignal.any([this.#closing.signal, cancelling.signal]);

		function end(text: string) {
			if (!cancelling.signal.aborted) {
				cancelling.abort();
				sink.end({code: undefined, text});
			}
		}

		this.#runner.start(command, until).then(
			stream => this.#read(stream, sink, until, end),
			error => end(error instanceof Refusal ? error.why : String((error as Error).message)),
		);
		return {
			cancel: () => cancelling.abort(),
		};
	}

	async policies(): Promise<readonly PolicyStatus[] | undefined> {
		return this.#optional('no policies', async () => {
			const bytes = await this.#output(['tracingpolicy', 'list', '-o', 'json'], unaryMs);
			const {policies} = (parseBounded(bytes) ?? {}) as {policies?: unknown};
			return Array.isArray(policies) ? policies.filter(isPolicy) : [];
		});
	}

	async dump(): Promise<readonly DumpedProcess[] | undefined> {
		return this.#optional('no process cache', async () => {
			const bytes = await this.#output(['debug', 'dump', 'processcache'], dumpMs);
			const processes: DumpedProcess[] = [];
			await inSlices(readDumpLines(bytes, processes), this.#closing.signal);
			return processes;
		});
	}

	missing(): readonly string[] {
		return [...this.#missing];
	}

	close(): void {
		this.#closing.abort();
	}

	#read(stream: PodStream, sink: EventsSink, until: AbortSignal, end: (text: string) => void): void {
		const lines = eventLines(sink);

		function stop() {
			stream.destroy();
		}

		until.addEventListener('abort', stop, {once: true});
		stream.on('data', (chunk: Buffer) => {
			if (!until.aborted) {
				lines.push(chunk);
				waitForRoom(stream, sink);
			}
		});
		stream.on('error', () => undefined);
		stream.once('close', () => {
			until.removeEventListener('abort', stop);
			end(this.#closing.signal.aborted ? 'closed' : (stream.reason ?? 'tetra ended'));
		});
		if (until.aborted) {
			stop();
		}
	}

	async #run(args: readonly string[]): Promise<string> {
		return (await this.#output(args, unaryMs)).toString();
	}

	#output(args: readonly string[], ms: number): Promise<Buffer> {
		const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(ms)]);
		return this.#runner.once(['tetra', ...args], signal);
	}

	/** undefined when this tetra or its agent cannot answer; the reason is added to `missing`. */
	async #optional<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
		try {
			return await ask();
		} catch (error) {
			const [why = ''] = String((error as Error).message).split('\n');
			this.#missing.add(`${what}: ${why}`);
			return undefined;
		}
	}
}

function isPolicy(value: unknown): value is PolicyStatus {
	return typeof value === 'object' && value !== null;
}

/** Adds the processes of the lines; a step for each line. */
function* readDumpLines(bytes: Buffer, processes: DumpedProcess[]): Generator<undefined> {
	for (let from = 0; from < bytes.length && processes.length < mostDumped; ) {
		const feed = bytes.indexOf(10, from);
		const end = feed === -1 ? bytes.length : feed;
		const process = readDumpLine(bytes.subarray(from, end));
		if (process !== undefined) {
			processes.push(process);
		}

		from = end + 1;
		yield;
	}
}

function readDumpLine(line: Buffer): DumpedProcess | undefined {
	try {
		return dumpedProcess((parseBounded(line) ?? {}) as ProcessInternal);
	} catch {
		return undefined;
	}
}
