/**
The shape of a decoded event, that of Tetragon's JSON: snake_case names, zero values absent, 64-bit integers as strings,
enums by name (an unknown number stays a number), times as RFC 3339. Protobuf (wire/decode.ts) and JSON lines
(json/json-lines.ts) are both read into it.
*/
import {type KnownKind, kinds} from './kinds.js';

/** `unknown`: a case that this build has no row for (the agent is newer than tetratop), or bytes that cannot be read. */
export type EventKind = KnownKind | 'unknown';

type Container = {
	readonly id?: string;
	readonly name?: string;
	readonly image?: {readonly id?: string; readonly name?: string};
	readonly start_time?: string;
	readonly pid?: number;
	readonly maybe_exec_probe?: boolean;
	readonly security_context?: {readonly privileged?: boolean};
};

export type Pod = {
	readonly namespace?: string;
	readonly name?: string;
	readonly uid?: string;
	readonly container?: Container;
	readonly pod_labels?: Readonly<Record<string, string>>;
	readonly pod_annotations?: Readonly<Record<string, string>>;
	readonly workload?: string;
	readonly workload_kind?: string;
};

/** One process image: a new exec_id at every exec, even of the same pid. */
export type ProcessMessage = {
	readonly exec_id?: string;
	readonly pid?: number;
	readonly uid?: number;
	readonly cwd?: string;
	readonly binary?: string;
	readonly arguments?: string;
	readonly flags?: string;
	readonly start_time?: string;
	readonly auid?: number;
	readonly pod?: Pod;
	readonly docker?: string;
	readonly parent_exec_id?: string;
	readonly refcnt?: number;
	readonly cap?: Readonly<Record<string, ReadonlyArray<string | number>>>;
	readonly tid?: number;
	readonly in_init_tree?: boolean;
	readonly user?: {readonly name?: string};
	readonly environment_variables?: ReadonlyArray<{readonly Key?: string; readonly Value?: string}>;
	readonly [field: string]: unknown;
};

/** One argument of a hook: exactly one `*_arg` key, its oneof case, and perhaps `label`. */
export type Argument = Readonly<Record<string, unknown>> & {readonly label?: string};

/** The part that all hook and process events share; each kind uses some of it. */
export type EventBody = {
	readonly process?: ProcessMessage;
	readonly parent?: ProcessMessage;
	readonly ancestors?: readonly ProcessMessage[];
	readonly signal?: string;
	readonly status?: number;
	readonly time?: string;
	readonly function_name?: string;
	readonly args?: readonly Argument[];
	readonly return?: Argument;
	readonly data?: readonly Argument[];
	readonly action?: string | number;
	readonly return_action?: string | number;
	readonly policy_name?: string;
	readonly message?: string;
	readonly tags?: readonly string[];
	readonly [field: string]: unknown;
};

export type Event = {
	readonly [kind in KnownKind]?: EventBody;
} & {
	readonly node_name?: string;
	readonly cluster_name?: string;
	readonly node_labels?: Readonly<Record<string, string>>;
	readonly time?: string;
	/** Field numbers of the envelope that proto/ does not have, kept so that they can be shown and counted. */
	readonly $unknown?: readonly number[];
	/** Of a frame whose case only a newer agent knows: the process and its parent, where every case so far has them. */
	readonly $carried?: EventBody;
	/** Places and texts of times that are none, as `time "yesterday"`: these times are absent. */
	readonly $badTimes?: readonly string[];
	/** Of bytes that are no event: how they begin, as base64, and how many they are. Nothing else is there. */
	readonly $malformed?: string;
	readonly $length?: number;
};

/** The part of an event with its process: that of its case, also of one that only a newer agent knows; undefined: none has a process. */
export function bodyOf(event: Event): EventBody | undefined {
	const kind = kindOf(event);
	if (kind !== 'unknown') {
		return event[kind];
	}

	for (const [name, value] of Object.entries(event)) {
		if (!isOfEnvelope(name) && typeof value === 'object' && value !== null && isObject((value as EventBody).process)) {
			return carriedBy(value as EventBody);
		}
	}

	return event.$carried;
}

/** What every case so far has with these names; the rest of a case that this build does not know may be of any type. */
function carriedBy({process, parent, ancestors}: EventBody): EventBody {
	return {
		...(process === undefined ? {} : {process}),
		...(parent === undefined ? {} : {parent}),
		...(ancestors === undefined ? {} : {ancestors}),
	};
}

/** Members of an event that are no case, whatever they hold. */
function isOfEnvelope(name: string): boolean {
	return name.startsWith('$') || name === 'node_labels' || name === 'aggregation_info';
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The oneof case of a decoded event, `unknown` where none is set. */
export function kindOf(event: Event): EventKind {
	for (const {name} of kinds) {
		if (event[name] !== undefined) {
			return name;
		}
	}

	return 'unknown';
}
