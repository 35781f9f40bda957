/**
Exec over WebSocket, protocol v5.channel.k8s.io or v4: channel 0 is stdin, 1 stdout, 2 stderr, 3 the Status at the end.
With tty=false bytes pass unchanged.
*/
import {BoundedBytes} from '../../runtime/bounded-body.js';
import {type Api, paths} from '../api/api.js';
import type {Status} from '../api/objects.js';
import {statusOf} from '../api/refusal.js';
import {openWebSocket} from './open-web-socket.js';
import {Tunnel, type TunnelOptions} from './tunnel.js';

type PodCommand = {
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
	readonly command: readonly string[];
	/** false: the command's stdin is not connected. */
	readonly stdin: boolean;
};

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** Bytes of a command's stdout that are read: the process cache of an agent is the longest one. */
export const longestOutput = 128 * 1024 ** 2;
/** Characters of stderr that are kept: the last ones. */
const stderrKept = 4000;

/** Rejects with a Refusal. The command's stderr and its Status become the tunnel's `reason`. */
export async function openExec(
	api: Api,
	{namespace, pod, container, command, stdin}: PodCommand,
	signal?: AbortSignal,
	options?: TunnelOptions,
): Promise<Tunnel> {
	const path = `${paths.pod(namespace, pod)}/exec`;
	const query = {container, stdin: String(stdin), stdout: 'true', stderr: 'true', tty: 'false', command};
	const socket = await openWebSocket(api, path, query, protocols, signal);
	let stderr = '';
	let status: Status | undefined;
	return new Tunnel(
		socket,
		{
			out: 0,
			in: 1,
			side: (channel, payload) => {
				if (channel === 2) {
					stderr = (stderr + payload.toString()).slice(-stderrKept);
				} else if (channel === 3) {
					status = statusOf(payload.toString()) ?? status;
				}
			},
			verdict: () => verdictOf(status, stderr),
			over: () => false,
			skipFirst: false,
			closeStdin: socket.protocol === 'v5.channel.k8s.io' ? Buffer.from([255, 0]) : undefined,
		},
		options,
	);
}

/** Why the command failed; undefined: it succeeded. */
function verdictOf(status: Status | undefined, stderr: string): string | undefined {
	const said = stderr.trim();
	if (status === undefined || status.status === 'Success') {
		return said === '' ? undefined : said;
	}

	const message = status.message ?? status.reason ?? 'the command failed';
	return said === '' ? message : `${message}: ${said}`;
}

/** Returns true when the program is not in the image. */
export function isNotInstalled(reason: string, program: string): boolean {
	return (
		(/executable file not found|no such file or directory|not found/i.test(reason) && reason.includes(program)) ||
		/exit code 12[67]/.test(reason)
	);
}

/** Runs a command to its end and returns its stdout. Rejects with an Error that has its stderr, or with a Refusal. */
export async function execOnce(api: Api, command: PodCommand, signal: AbortSignal): Promise<Buffer> {
	const tunnel = await openExec(api, command, signal);
	return collect(tunnel, signal);
}

/** Reads a tunnel to its end. Rejects with the tunnel's reason when no bytes came. */
export async function collect(tunnel: Tunnel, signal: AbortSignal): Promise<Buffer> {
	function abort() {
		return tunnel.destroy();
	}

	signal.addEventListener('abort', abort, {once: true});
	try {
		const kept = new BoundedBytes(longestOutput);
		let tooLong: unknown;
		tunnel.on('data', (chunk: Buffer) => {
			try {
				kept.push(chunk);
			} catch (error) {
				tooLong ??= error;
				tunnel.destroy();
			}
		});
		const {promise, resolve} = Promise.withResolvers<void>();
		tunnel.once('close', resolve);
		if (signal.aborted) {
			abort();
		}

		await promise;
		signal.throwIfAborted();
		if (tooLong !== undefined) {
			throw tooLong;
		}

		if (tunnel.reason !== undefined && kept.length === 0) {
			throw new Error(tunnel.reason);
		}

		return kept.bytes();
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
