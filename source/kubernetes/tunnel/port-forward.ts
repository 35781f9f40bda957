/**
Port-forward over WebSocket, protocol v4.channel.k8s.io: channel 0 is data, channel 1 error text, and the first frame of
each is the port number. One WebSocket carries one TCP connection.
*/
import {type Api, paths} from '../api/api.js';
import {openWebSocket} from './open-web-socket.js';
import {Tunnel, type TunnelOptions} from './tunnel.js';

type PodPort = {readonly namespace: string; readonly pod: string; readonly port: number};

/** Kubelets support no other protocol for port-forward over WebSocket. */
const protocols = ['v4.channel.k8s.io'];
/** Characters of the error text that are kept. */
const errorKept = 2000;

/**
Rejects with a Refusal. An open tunnel does not prove that the port is open: the server answers 101 before it dials the port,
and sends an error text later, which becomes `reason`.
*/
export async function openPortForward(
	api: Api,
	{namespace, pod, port}: PodPort,
	signal?: AbortSignal,
	options?: TunnelOptions,
): Promise<Tunnel> {
	const path = `${paths.pod(namespace, pod)}/portforward`;
	const socket = await openWebSocket(api, path, {ports: String(port)}, protocols, signal);
	let said = '';
	return new Tunnel(
		socket,
		{
			out: 0,
			in: 0,
			side: (channel, payload) => {
				if (channel === 1) {
					said = (said + payload.toString()).slice(0, errorKept);
				}
			},
			verdict: () => (said.trim() === '' ? undefined : {words: said.trim(), hasFailed: true}),
			over: () => said.trim() !== '',
			startsWithPort: true,
			closeStdin: undefined,
		},
		options,
	);
}
