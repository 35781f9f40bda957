/** What the front door hands over, from argv, environment and configuration. */

import type {TransportChoice} from '../transports.js';
import type {AccessFlags} from './kubeconfig/flags.js';
import type {Environment} from './kubeconfig/load.js';

export type KubernetesOptions = {
	readonly access: AccessFlags;
	/** The target's words: `xwing`, `pod/xwing`, `deploy deathstar`; empty: all nodes. */
	readonly words: readonly string[];
	readonly allNamespaces?: boolean | undefined;
	readonly selector?: string | undefined;
	readonly nodes?: readonly string[] | undefined;
	readonly transport?: TransportChoice | undefined;
	readonly tetragonNamespace?: string | undefined;
	readonly tetragonSelector?: string | undefined;
	readonly tetragonContainer?: string | undefined;
	readonly environment: Environment;
	/** Whether a login plugin may ask on the terminal: before the screen opens, with a person before it. */
	readonly interactive?: (() => boolean) | undefined;
	/** The program for --transport kubectl. */
	readonly kubectlCommand?: string | undefined;
	/** Milliseconds that a node is kept after the target's last pod left it: exits may come late. */
	readonly lingerMs?: number | undefined;
	/** Milliseconds between pings of a tunnel. */
	readonly pingMs?: number | undefined;
	/** Where a pod finds its service account. */
	readonly serviceAccountDirectory?: string | undefined;
};
