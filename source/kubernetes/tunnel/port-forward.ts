/**
Port-forward over WebSocket, protocol v4.channel.k8s.io: channel 0 is data, channel 1 error text, and the first frame of
each is the port number. One connection of the pod for one WebSocket. TCP ports only.
*/
import {type Api, paths} from '../api/api.js';
import {Tunnel, type TunnelOptions} from './tunnel.js';
import {webSocketOf} from './web-socket-of.js';

export type PodPort = {readonly namespace: string; readonly pod: string; readonly port: number};

/** v5 and SPDY names are refused by kubelets for this. */
const protocols = ['v4.channel.k8s.io'];

/**
Rejects with a Refusal. A resolved tunnel proves little: the server says 101 before it dials the port, a refusal follows
as text and becomes `reason`.
*/
export async function openPortForward(
	api: Api,
	{namespace, pod, port}: PodPort,
	signal?: AbortSignal,
	options?: TunnelOptions,
): Promise<Tunnel> {
	const path = `${paths.pod(namespace, pod)}/portforward`;
	const socket = await webSocketOf(api)(path, {ports: String(port)}, protocols, signal);
	let said = '';
	return new Tunnel(
		socket,
		{
			out: 0,
			in: 0,
			side: (channel, payload) => {
				if (channel === 1) {
					said = (said + payload.toString()).slice(0, 2000);
				}
			},
			verdict: () => (said.trim() === '' ? undefined : said.trim()),
			over: () => said.trim() !== '',
			skipFirst: true,
			closeStdin: undefined,
		},
		options,
	);
}
