/** A node of the test cluster: where its agent listens, and what is in the agent's image. */
import net from 'node:net';
import type {Duplex} from 'node:stream';

export type TestNode = {
	readonly name: string;
	/** Path of the agent's unix socket; undefined: it has none. */
	socket?: string | undefined;
	/** Real loopback port behind the pod's 54321; undefined: it refuses. */
	port?: number | undefined;
	/** Programs of the image besides sh. */
	nc: boolean;
	/** A directory with tetra, for real processes; undefined: no tetra. */
	bin?: string | undefined;
	/** A folder that is the root of the agent's files: /etc and /var of a command's arguments are below it. */
	root?: string;
	/** The kubelet answers nobody. */
	down?: boolean;
	/** Address of the kubelet, as error texts name it. */
	kubelet?: string;
};

export const usualKubelet = '10.0.0.7:10250';
export const agentPort = 54_321;
export const agentSocket = '/var/run/tetragon/tetragon.sock';

/** To the agent's TCP port, as port-forward and `nc 127.0.0.1` reach it. */
export function connectTcp(node: TestNode): Duplex | undefined {
	return node.port === undefined ? undefined : net.connect(node.port, '127.0.0.1');
}

export function connectUnix(node: TestNode): Duplex | undefined {
	return node.socket === undefined ? undefined : net.connect(node.socket);
}
