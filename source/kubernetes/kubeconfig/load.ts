/**
Which kubeconfig files count, and how they are laid over each other: as client-go does it. `--kubeconfig` names the one
file, which must exist; else every file of KUBECONFIG that exists; else ~/.kube/config. The first file that has a
cluster, user, context or current-context wins it whole.
*/
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';
import {Refusal} from '../../problem.js';
import {type Cluster, type Context, type Kubeconfig, parseKubeconfig, type User} from './file.js';

/** Of process.env: what decides how a cluster is reached; the rest is handed to plugins as it is. */
export type Environment = Readonly<Record<string, string | undefined>> & {
	readonly KUBECONFIG?: string | undefined;
	readonly HOME?: string | undefined;
	readonly KUBERNETES_SERVICE_HOST?: string | undefined;
	readonly KUBERNETES_SERVICE_PORT?: string | undefined;
	readonly NO_PROXY?: string | undefined;
	readonly no_proxy?: string | undefined;
};

export type LoadedKubeconfig = Kubeconfig & {
	/** The files that were read, first wins. */
	readonly files: readonly string[];
	/** Where was looked, for the sentence that says nothing was found. */
	readonly looked: readonly string[];
};

/** Throws a Refusal that names the file, for a file that cannot be read or parsed. */
export function loadKubeconfig(flag: string | undefined, environment: Environment): LoadedKubeconfig {
	const looked = kubeconfigPaths(flag, environment);
	const clusters = new Map<string, Cluster>();
	const users = new Map<string, User>();
	const contexts = new Map<string, Context>();
	const files: string[] = [];
	let currentContext = '';
	for (const file of looked) {
		const one = readOne(file, flag !== undefined);
		if (one === undefined) {
			continue;
		}

		files.push(file);
		currentContext ||= one.currentContext;
		keepFirst(clusters, one.clusters);
		keepFirst(users, one.users);
		keepFirst(contexts, one.contexts);
	}

	return {currentContext, clusters, users, contexts, files, looked};
}

/** Paths in the order of their weight, without repetition. */
export function kubeconfigPaths(flag: string | undefined, environment: Environment): readonly string[] {
	if (flag !== undefined && flag !== '') {
		return [path.resolve(flag)];
	}

	const named = (environment.KUBECONFIG ?? '').split(path.delimiter).filter(entry => entry !== '');
	if (named.length > 0) {
		return [...new Set(named.map(entry => path.resolve(entry)))];
	}

	return [path.join(environment.HOME ?? homedir(), '.kube', 'config')];
}

function readOne(file: string, mustExist: boolean): Kubeconfig | undefined {
	let source: string;
	try {
		source = readFileSync(file, 'utf8');
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' && !mustExist) {
			return undefined;
		}

		const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
		throw new Refusal(`kubeconfig ${file}`, why, 'check --kubeconfig, KUBECONFIG and the rights of the file', false);
	}

	try {
		return parseKubeconfig(source, path.dirname(file));
	} catch (error) {
		throw new Refusal(`kubeconfig ${file}`, (error as Error).message, 'fix the file', false);
	}
}

function keepFirst<Value>(into: Map<string, Value>, from: ReadonlyMap<string, Value>) {
	for (const [name, value] of from) {
		if (!into.has(name)) {
			into.set(name, value);
		}
	}
}
