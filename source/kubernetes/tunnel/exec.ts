/**
Exec over WebSocket, protocol v5.channel.k8s.io or v4: channel 0 is stdin, 1 stdout, 2 stderr, 3 the Status at the end.
With tty=false bytes pass unchanged.
*/
import {BoundedBytes} from '../../runtime/bounded-body.js';
import {type Api, paths} from '../api/api.js';
import {verdictOf} from './exec-verdict.js';
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
/** Characters of the final Status that are kept: the first ones. It repeats its message in its details. */
const statusKept = 64 * 1024;

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
	let status = '';
	return new Tunnel(
		socket,
		{
			out: 0,
			in: 1,
			side: (channel, payload) => {
				if (channel === 2) {
					stderr = (stderr + payload.toString()).slice(-stderrKept);
				} else if (channel === 3) {
					status = (status + payload.toString()).slice(0, statusKept);
				}
			},
			verdict: () => verdictOf(status, stderr),
			withoutVerdict: 'the server closed the exec without its final Status',
			over: () => false,
			startsWithPort: false,
			closeStdin: socket.protocol === 'v5.channel.k8s.io' ? Buffer.from([255, 0]) : undefined,
		},
		options,
	);
}

/** Runs a command to its end and returns its stdout. Rejects with an Error that has its stderr, or with a Refusal. */
export async function execOnce(api: Api, command: PodCommand, signal: AbortSignal): Promise<Buffer> {
	const tunnel = await openExec(api, command, signal);
	return collect(tunnel, signal);
}

/** Reads a tunnel to its end. Rejects with the tunnel's reason when the command failed, or said nothing but errors. */
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

		if (tunnel.reason !== undefined && (tunnel.hasFailed || kept.length === 0)) {
			throw new Error(tunnel.reason);
		}

		return kept.bytes();
	} finally {
		signal.removeEventListener('abort', abort);
	}
}
