/**
The login program of a kubeconfig (an exec plugin) may show a code or ask for a password, so it runs before the screen opens and
has the terminal. Everything else about a cluster happens after the first paint.
*/

import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Cluster} from '../../kubernetes/cluster.js';
import type {KubernetesOptions} from '../../kubernetes/options.js';
import {readSmallFile} from '../../runtime/small-file.js';
import {safe} from '../../text/safe.js';

export type LoggedIn = {
	readonly cluster: Cluster;
	/** The screen opens: lines of the program go to `say` from now on, and it has no stdin. */
	readonly screenOpens: (say: (line: string) => void, ended: () => void) => void;
};

/** undefined: no program logs in. A failed login is reported by the first request to the API server. */
export async function logInFirst(options: KubernetesOptions): Promise<LoggedIn | undefined> {
	if (options.transport === 'kubectl' || !mayHavePlugin(options)) {
		return undefined;
	}

	const {openCluster} = await import('../../kubernetes/cluster.js');
	let say: (line: string) => void = line => {
		process.stderr.write(`${safe(line)}\n`);
	};
	let loginEnded: () => void = () => undefined;
	let isOpen = false;

	function interactive() {
		return !isOpen && process.stdin.isTTY && process.stderr.isTTY;
	}

	try {
		const cluster = openCluster({...options, interactive, loginEnded: () => loginEnded()}, line => say(line));
		if (cluster.access.user.exec !== undefined) {
			await cluster.api.logIn().catch(() => undefined);
		}

		return {
			cluster,
			screenOpens(next, ended) {
				isOpen = true;
				say = next;
				loginEnded = ended;
			},
		};
	} catch {
		// A wrong name or file: discover() reports it on the screen.
		return undefined;
	}
}

/** By the bytes of the files: reading YAML would delay the first paint of those who need no plugin. */
function mayHavePlugin({access, environment}: KubernetesOptions): boolean {
	const {KUBECONFIG = ''} = environment;
	const named = KUBECONFIG.split(path.delimiter).filter(file => file !== '');
	const usual = path.join(environment.HOME ?? homedir(), '.kube', 'config');
	const files = access.kubeconfig === undefined ? (named.length > 0 ? named : [usual]) : [access.kubeconfig];
	return files.some(file => {
		try {
			return /\bexec["']?\s*:/.test(readSmallFile(file));
		} catch {
			return false;
		}
	});
}
