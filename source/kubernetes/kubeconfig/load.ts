/**
Finds the kubeconfig files and merges them, by client-go's rules: `--kubeconfig` names one file, which must exist; else all
existing files of KUBECONFIG; else ~/.kube/config. When several files have a cluster, user, context or current-context of
the same name, the first file's whole entry is used.
*/
import {homedir} from 'node:os';
import path from 'node:path';
import {Refusal} from '../../problem.js';
import {readSmallFile} from '../../runtime/small-file.js';
import {type Kubeconfig, parseKubeconfig} from './file.js';
import {type MergedKubeconfig, mergeKubeconfigs} from './precedence.js';

/** The part of process.env that decides how a cluster is reached; plugins get all of it. */
export type Environment = Readonly<Record<string, string | undefined>> & {
	readonly KUBECONFIG?: string | undefined;
	readonly HOME?: string | undefined;
	readonly KUBERNETES_SERVICE_HOST?: string | undefined;
	readonly KUBERNETES_SERVICE_PORT?: string | undefined;
	readonly NO_PROXY?: string | undefined;
	readonly no_proxy?: string | undefined;
};

/** Throws a Refusal that names the file when it cannot be read or parsed. */
export function loadKubeconfig(flag: string | undefined, environment: Environment): MergedKubeconfig {
	const looked = kubeconfigPaths(flag, environment);
	const read = looked.flatMap(file => {
		const config = readOne(file, isGiven(flag));
		return config === undefined ? [] : [{file, config}];
	});
	const merged = mergeKubeconfigs(read.map(({config}) => config));
	return {...merged, files: read.map(({file}) => file), looked};
}

/** An empty --kubeconfig is none, as in kubectl. */
function isGiven(flag: string | undefined): flag is string {
	return flag !== undefined && flag !== '';
}

/** Paths in the order of precedence, without repetition. */
export function kubeconfigPaths(flag: string | undefined, environment: Environment): readonly string[] {
	if (isGiven(flag)) {
		return [path.resolve(flag)];
	}

	const named = (environment.KUBECONFIG ?? '').split(path.delimiter).filter(entry => entry !== '');
	if (named.length > 0) {
		return [...new Set(named.map(entry => path.resolve(entry)))];
	}

	return [path.join(environment.HOME ?? homedir(), '.kube', 'config')];
}

/** undefined: the file does not exist, and need not. */
function readOne(file: string, mustExist: boolean): Kubeconfig | undefined {
	let source: string;
	try {
		source = readSmallFile(file);
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' && !mustExist) {
			return undefined;
		}

		const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? message})`;
		throw new Refusal(
			`kubeconfig ${file}`,
			why,
			'check --kubeconfig, KUBECONFIG and the permissions of the file',
			false,
		);
	}

	try {
		return parseKubeconfig(source, path.dirname(file));
	} catch (error) {
		throw new Refusal(`kubeconfig ${file}`, (error as Error).message, 'fix the file', false);
	}
}
