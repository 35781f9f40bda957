/**
The agent's facts by its own command line, for images or rights that allow nothing better: `tetra getevents -o json` for
the stream, `tetra tracingpolicy list`, `tetra debug dump processcache` and `tetra version` for the rest.
*/
import {randomBytes} from 'node:crypto';
import {Refusal} from '../../problem.js';
import {dumpedProcess, type ProcessInternal} from '../../tetragon/agent/dump.js';
import type {Connection, EndReason} from '../../tetragon/agent/link.js';
import type {PolicyStatus} from '../../tetragon/agent/policy.js';
import {parseLine} from '../../tetragon/json/json-lines.js';
import type {AgentPod} from '../agents/select.js';
import {splitLines} from '../api/body-lines.js';
import type {PodRunner} from './pod-stream.js';
import {tetraFlags} from './tetra-flags.js';

/**
A process that was started by exec is not ended when its client goes. So a reader of stdin waits beside tetra, and its
end is tetra's end: SIGKILL, because a tetra that is blocked in a write to us heeds nothing less. The other way round,
tetra's end takes the reader with it. tetra itself must not see our stdin: it would read events from it.
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

const unaryMs = 20_000;
const dumpMs = 60_000;

/** Resolves when the agent has told its version. Rejects with a Refusal. */
export async function openExecJson(
	runner: PodRunner,
	agent: AgentPod,
	via: string,
	signal: AbortSignal,
): Promise<Connection> {
	const closing = new AbortController();

	function within(ms: number) {
		return AbortSignal.any([closing.signal, AbortSignal.timeout(ms)]);
	}

	const missing = new Set<string>(['no change of policies and no metrics over exec-json']);

	async function run(args: readonly string[], ms = unaryMs) {
		return (await runner.once(['tetra', ...args], within(ms))).toString();
	}

	function abort() {
		return closing.abort();
	}

	signal.addEventListener('abort', abort, {once: true});
	let version: string;
	try {
		version = await readVersion(run, agent);
	} catch (error) {
		closing.abort();
		signal.throwIfAborted();
		const why = error instanceof Refusal ? error.why : (error as Error).message;
		throw error instanceof Refusal ? error : new Refusal(`${via} to ${agent.pod}`, why, 'is `tetra` in the image?');
	} finally {
		signal.removeEventListener('abort', abort);
	}

	return {
		agent: agent.pod,
		via,
		version: async () => version,
		async health() {
			// Nothing cheap can be asked: the stream's own pings watch over the way.
			closing.signal.throwIfAborted();
		},
		events(request, sink) {
			const {flags, left} = tetraFlags(request);
			if (left.length > 0) {
				missing.add(`${left.join(', ')}: not run by the agent over exec-json, but here`);
			}

			const cancelling = new AbortController();
			const until = AbortSignal.any([closing.signal, cancelling.signal]);

			function end(reason: EndReason) {
				if (!cancelling.signal.aborted) {
					cancelling.abort();
					sink.end(reason);
				}
			}

			const lines = splitLines(line => {
				const event = parseLine(line);
				if (event === undefined) {
					sink.malformed(line);
				} else {
					sink.event(line, event);
				}
			});
			// A name of its own in argv: so we find our own processes among the agent's events.
			const name = `tetratop-${randomBytes(4).toString('hex')}`;
			const command = ['sh', '-c', wrapper, name, 'getevents', '-o', 'json', ...flags];
			runner.start(command, until).then(
				stream => {
					function stop() {
						return stream.destroy();
					}

					until.addEventListener('abort', stop, {once: true});
					stream.on('data', (chunk: Buffer) => {
						if (!until.aborted) {
							lines.push(chunk);
						}
					});
					stream.on('error', () => undefined);
					stream.once('close', () => {
						until.removeEventListener('abort', stop);
						const unasked = closing.signal.aborted ? 'closed' : (stream.reason ?? 'tetra ended');
						end({code: undefined, text: unasked});
					});
					if (until.aborted) {
						stop();
					}
				},
				error => end({code: undefined, text: error instanceof Refusal ? error.why : String((error as Error).message)}),
			);
			return {
				cancel: () => cancelling.abort(),
			};
		},
		async policies() {
			return optional('no policies', missing, async () => {
				const answer = JSON.parse(await run(['tracingpolicy', 'list', '-o', 'json'])) as {policies?: PolicyStatus[]};
				return answer.policies ?? [];
			});
		},
		async dump() {
			return optional('no process cache', missing, async () => {
				const text = await run(['debug', 'dump', 'processcache'], dumpMs);
				return text.split('\n').flatMap(line => {
					const entry = parseObject(line);
					return entry === undefined ? [] : (dumpedProcess(entry) ?? []);
				});
			});
		},
		missing: () => [...missing],
		close: () => closing.abort(),
	};
}

/** The agent's version where tetra tells it, else tetra's own, else the image's. */
async function readVersion(run: (args: readonly string[]) => Promise<string>, agent: AgentPod): Promise<string> {
	const text = await run(['version']);
	const [, version] = /server version:\s*(\S+)/i.exec(text) ?? /version:\s*(\S+)/i.exec(text) ?? [];
	return version ?? agent.imageVersion;
}

/** undefined, and a word in `missing`, where this tetra or its agent cannot tell. */
async function optional<Answer>(
	what: string,
	missing: Set<string>,
	ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
	try {
		return await ask();
	} catch (error) {
		const [why = ''] = String((error as Error).message).split('\n');
		missing.add(`${what}: ${why}`);
		return undefined;
	}
}

function parseObject(line: string): ProcessInternal | undefined {
	try {
		return JSON.parse(line) as ProcessInternal;
	} catch {
		return undefined;
	}
}
