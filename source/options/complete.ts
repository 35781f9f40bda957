/**
The candidates that a shell offers at TAB. The completion scripts and kubectl (through kubectl_complete-tetratop) ask the
program itself: `tetratop __complete WORD... LAST` prints one candidate a line (text, tab, help), and at the end `:4`, `:6`
where no space follows, or `:0` where the shell offers files. kubectl and tetra use the same protocol.
*/

import {eventTypes} from '../tetragon/event/kinds.js';
import type {Command, CommandName, Flag} from './flag.js';
import {flagOf} from './lookup.js';
import type {Options} from './options.js';
import {parseOptions} from './parse.js';
import {commands, flags, shells} from './table.js';

export type Candidate = {readonly text: string; readonly help: string};

/** Kinds of names that are read from the cluster or the kubeconfig. */
export type ClusterKind =
	| 'namespace'
	| 'pod'
	| 'node'
	| 'context'
	| 'cluster'
	| 'user'
	| 'policy'
	| 'deployment'
	| 'statefulset'
	| 'daemonset'
	| 'replicaset'
	| 'job'
	| 'cronjob';

/** Words for the kinds of targets, as kubectl has them. */
const targetKinds: ReadonlyMap<string, ClusterKind> = new Map([
	['po', 'pod'],
	['pod', 'pod'],
	['pods', 'pod'],
	['deploy', 'deployment'],
	['deployment', 'deployment'],
	['deployments', 'deployment'],
	['sts', 'statefulset'],
	['statefulset', 'statefulset'],
	['statefulsets', 'statefulset'],
	['ds', 'daemonset'],
	['daemonset', 'daemonset'],
	['daemonsets', 'daemonset'],
	['rs', 'replicaset'],
	['replicaset', 'replicaset'],
	['replicasets', 'replicaset'],
	['job', 'job'],
	['jobs', 'job'],
	['cj', 'cronjob'],
	['cronjob', 'cronjob'],
	['cronjobs', 'cronjob'],
] as const);

export type Completion = {
	readonly candidates: readonly Candidate[];
	/** Names of this kind come before the candidates, each with `prefix` before it. */
	readonly kind: ClusterKind | undefined;
	readonly prefix: string;
	readonly files: boolean;
};

const table: readonly Flag[] = flags;
const verbs: readonly Command[] = commands.filter(({name}) => name !== 'live');

const commandCandidates: readonly Candidate[] = verbs.map(({name, help}) => ({text: name, help}));

/** Kinds of targets, so that TAB shows that a target need not be a pod. */
const kindCandidates: readonly Candidate[] = [
	'pod/',
	'deployment/',
	'statefulset/',
	'daemonset/',
	'replicaset/',
	'job/',
	'cronjob/',
].map(text => ({text, help: 'watch one by its kind'}));

const nothing: Completion = {candidates: [], kind: undefined, prefix: '', files: false};

/** Words that are no flags and no values of flags. */
function operandsOf(words: readonly string[]) {
	return words.filter((word, index) => {
		const before = flagOf(words[index - 1] ?? '');
		return !word.startsWith('-') && !(before && before.kind !== 'switch');
	});
}

/** @param value what is typed of the value so far. The names in front of the last comma of a list stay. */
function valueCompletion(flag: Flag, command: CommandName, place: string, value: string): Completion {
	const prefix = place + (flag.list === 'comma' ? value.slice(0, value.lastIndexOf(',') + 1) : '');
	const isFile = flag.completes === 'file' || flag.completes === 'directory';
	return {
		candidates: valuesOf(flag, command).map(text => ({text: prefix + text, help: ''})),
		kind: isFile ? undefined : (flag.completes as ClusterKind | undefined),
		prefix,
		files: isFile && prefix === '',
	};
}

function valuesOf(flag: Flag, command: CommandName): readonly string[] {
	if (flag.kind === 'event-type') {
		return eventTypes.map(type => type.replace(/^PROCESS_/, '').toLowerCase());
	}

	return flag.choicesOf?.[command] ?? flag.choices ?? (flag.kind === 'switch' ? ['true', 'false'] : []);
}

/** `deploy/…` and `deploy …`: names of the kind; else names of pods, and the kinds themselves. */
function targetCompletion(last: string, [kindWord]: readonly string[]): Completion {
	const [, written = '', slash] = /^([a-z]+)(\/)/.exec(last) ?? [];
	const kind = targetKinds.get(written);
	if (slash !== undefined) {
		return kind === undefined ? nothing : {...nothing, kind, prefix: `${written}/`};
	}

	if (kindWord !== undefined) {
		return {...nothing, kind: targetKinds.get(kindWord)};
	}

	return {...nothing, candidates: kindCandidates, kind: 'pod'};
}

/** @param words those after the program's name; the last is the one being typed, perhaps empty */
export function completion(words: readonly string[]): Completion {
	const last = words.at(-1) ?? '';
	const before = words.slice(0, -1);
	const [first, ...rest] = operandsOf(before);
	const command = verbs.find(({name}) => name === first);
	const taking = flagOf(before.at(-1) ?? '');

	if (taking && taking.kind !== 'switch') {
		return valueCompletion(taking, command?.name ?? 'live', '', last);
	}

	const [, long, prefix] = /^(--[\w-]+)(=)/.exec(last) ?? [];

	if (long && prefix) {
		const flag = flagOf(long);
		return flag ? valueCompletion(flag, command?.name ?? 'live', `${long}=`, last.slice(long.length + 1)) : nothing;
	}

	if (last.startsWith('-')) {
		return flagCompletion(before, command?.name ?? 'live');
	}

	if (command !== undefined) {
		return operandCompletion(command.name, last, rest);
	}

	return firstWordCompletion(last, first, rest);
}

/** A command or a target; after a target nothing more. */
function firstWordCompletion(last: string, first: string | undefined, rest: readonly string[]): Completion {
	const target = targetCompletion(last, [first, ...rest].filter(word => word !== undefined).slice(-1));
	if (first === undefined && !last.includes('/')) {
		return {...target, candidates: [...commandCandidates, ...target.candidates]};
	}

	return rest.length === 0 ? target : nothing;
}

/** Flags of the command that are not on the line yet, or may be repeated. */
function flagCompletion(before: readonly string[], command: CommandName): Completion {
	const given = new Set(before.map(word => flagOf(word.replace(/=.*$/s, ''))));
	const open = table.filter(flag => flag.commands.includes(command) && (flag.list !== undefined || !given.has(flag)));
	return {...nothing, candidates: open.map(({name, help}) => ({text: `--${name}`, help}))};
}

function operandCompletion(command: CommandName, last: string, given: readonly string[]): Completion {
	switch (command) {
		case 'replay':
			return {...nothing, files: true};
		case 'completion':
			return {...nothing, candidates: shells.map(text => ({text, help: ''}))};
		case 'doctor':
		case 'policies':
			return given.length < 2 ? targetCompletion(last, given) : nothing;
		default:
			return nothing;
	}
}

/** A long text wraps and hides the names in a shell's list. */
function shortHelp(help: string) {
	return (help.split(/[.;:]/, 1)[0] ?? '').slice(0, 70);
}

/**
@param names asks the cluster or the kubeconfig; an error of it gives no candidates
@returns the text for standard output
*/
export async function completeText(
	words: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	names: (kind: ClusterKind, options: Options) => Promise<readonly string[]>,
): Promise<string> {
	const {candidates, kind, prefix, files} = completion(words);
	const last = words.at(-1) ?? '';
	const found = kind ? await clusterNames(words, kind, environment, names) : [];
	const lines = [...found.map(name => ({text: prefix + name, help: kind ?? ''})), ...candidates]
		.filter(({text}) => text.startsWith(last))
		.map(({text, help}) => (help ? `${text}\t${shortHelp(help)}` : text));
	// A kind is followed by a name, and not by a space.
	const isHalf = lines.length > 0 && lines.every(line => /^[^\t]*\/(?:\t|$)/.test(line));
	return `${[...lines, files ? ':0' : isHalf ? ':6' : ':4'].join('\n')}\n`;
}

/** Names with characters that a shell or a terminal acts on are not offered. */
function isPlain(name: string) {
	return /^[\w.:@/+-]+$/.test(name);
}

/** A flag that says which cluster and namespace to ask, with its value. The other words may be half a command line. */
function placeOf(word: string, next: string | undefined): readonly string[] {
	const flag = flagOf(word.replace(/=.*$/s, ''));
	const isPlace = flag?.name === 'namespace' || (flag?.group === 'kubernetes' && flag.choices === undefined);
	if (!flag || !isPlace) {
		return [];
	}

	return word.includes('=') || flag.kind === 'switch' ? [word] : [`--${flag.name}=${next}`];
}

async function clusterNames(
	words: readonly string[],
	kind: ClusterKind,
	environment: Readonly<Record<string, string | undefined>>,
	names: (kind: ClusterKind, options: Options) => Promise<readonly string[]>,
): Promise<readonly string[]> {
	const {options} = parseOptions(
		words.slice(0, -1).flatMap((word, index) => placeOf(word, words[index + 1])),
		environment,
	);

	if (!options) {
		return [];
	}

	try {
		return (await names(kind, options)).filter(isPlain);
	} catch {
		return [];
	}
}
