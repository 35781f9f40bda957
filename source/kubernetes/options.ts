import type {TransportChoice} from '../transports.js';
import type {AccessFlags} from './kubeconfig/flags.js';
import type {Environment} from './kubeconfig/load.js';
import {type ParsedTarget, parseTarget} from './target/parse.js';

/** The options of a cluster, from arguments, environment and configuration file. */
export type KubernetesOptions = {
	readonly access: AccessFlags;
	/** The arguments that name the target: `xwing`, `pod/xwing`, `deploy deathstar`; empty: all nodes. */
	readonly words: readonly string[];
	readonly allNamespaces?: boolean | undefined;
	readonly selector?: string | undefined;
	readonly nodes?: readonly string[] | undefined;
	readonly transport?: TransportChoice | undefined;
	readonly tetragonNamespace?: string | undefined;
	readonly tetragonSelector?: string | undefined;
	readonly tetragonContainer?: string | undefined;
	/** --max-recv-size, in bytes. */
	readonly longestMessage?: number | undefined;
	readonly environment: Environment;
	/** Returns true while a login plugin may ask on the terminal: before the screen opens. */
	readonly interactive?: (() => boolean) | undefined;
	/** A login plugin ended. */
	readonly loginEnded?: (() => void) | undefined;
	/** The program for --transport kubectl. */
	readonly kubectlCommand?: string | undefined;
	/** Milliseconds that a node is kept after the last target pod left it: its exit events come later. */
	readonly lingerMs?: number | undefined;
	/** Milliseconds between pings of a tunnel. */
	readonly pingMs?: number | undefined;
	/** Where Kubernetes mounts the service account of a pod. */
	readonly serviceAccountDirectory?: string | undefined;
};

/** Throws a Refusal for arguments that name no target. */
export function targetOf(options: KubernetesOptions, defaultNamespace: string): ParsedTarget {
	return parseTarget({
		words: options.words,
		namespaces: options.access.namespaces,
		defaultNamespace,
		allNamespaces: options.allNamespaces,
		selector: options.selector,
		nodes: options.nodes,
	});
}
