/** What the envelope of an event says of its origin: the log shippers each have their own names for it. */
import {canonicalTime} from '../../tetragon/json/time-text.js';
import {timestampText} from '../../tetragon/wire/timestamp.js';

export type Json = Readonly<Record<string, unknown>>;

/** What is around an event, outermost first: objects, and lists such as Loki's [time, line]. */
export type Chain = ReadonlyArray<Json | readonly unknown[]>;

export type Origin = {
	readonly node: string | undefined;
	readonly pod: string | undefined;
	readonly time: string | undefined;
};

/** Keys that may have dots in their names: `kubernetes.host` is that key, or host in kubernetes. */
const nodePaths = [
	'node_name',
	'nodeName',
	'kubernetes.host',
	'kubernetes.node_name',
	'kubernetes.pod_node_name',
	'kubernetes.node.name',
	'k8s.node.name',
	'resource.labels.node_name',
	'labels.node_name',
	'labels.node',
	'labels.compute.googleapis.com/resource_name',
	'stream.node_name',
	'stream.node',
	'stream.instance',
	'stream.hostname',
	'labels.instance',
	'labels.hostname',
	'_HOSTNAME',
	'host.name',
	'hostname',
	'host.hostname',
	'host',
	'agent.hostname',
	'agent.name',
	'Computer',
];
const podPaths = [
	'podName',
	'pod_name',
	'PodName',
	'kubernetes.pod_name',
	'kubernetes.pod.name',
	'k8s.pod.name',
	'resource.labels.pod_name',
	'stream.pod',
	'stream.pod_name',
	'labels.pod',
	'labels.pod_name',
	'pod',
];
const timePaths = [
	'time',
	'timestamp',
	'@timestamp',
	'_time',
	'ts',
	'__REALTIME_TIMESTAMP',
	'timeUnixNano',
	'observedTimeUnixNano',
	'date',
	'TimeGenerated',
	'receiveTimestamp',
];

/** The innermost envelope that says it is right. */
export function originOf(chain: Chain): Origin {
	return {
		node: first(chain, nodePaths, textOf),
		pod: first(chain, podPaths, textOf),
		time: first(chain, timePaths, timeOf) ?? pairTime(chain),
	};
}

function first<T>(chain: Chain, paths: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
	for (let at = chain.length - 1; at >= 0; at--) {
		const object = chain[at] as Json;
		if (Array.isArray(object)) {
			continue;
		}

		for (const path of paths) {
			const found = read(at_(object, path) ?? attribute(object, path));
			if (found !== undefined) {
				return found;
			}
		}
	}

	return undefined;
}

function at_(object: Json, path: string): unknown {
	if (object[path] !== undefined) {
		return object[path];
	}

	const dot = path.indexOf('.');
	const inner = dot === -1 ? undefined : object[path.slice(0, dot)];
	return isObject(inner) ? at_(inner, path.slice(dot + 1)) : undefined;
}

/** OpenTelemetry: attributes of the resource and of the record are lists of {key, value: {stringValue}}. */
function attribute(object: Json, name: string): unknown {
	const own = object['attributes'];
	const lists = [own, isObject(object['resource']) ? object['resource']['attributes'] : undefined];
	for (const list of lists) {
		if (Array.isArray(list)) {
			const found = list.find(one => isObject(one) && one['key'] === name) as Json | undefined;
			return isObject(found?.['value']) ? found['value']['stringValue'] : undefined;
		}
	}

	return undefined;
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Of Loki: [nanoseconds, line]. */
function pairTime(chain: Chain): string | undefined {
	const pair = chain.findLast(one => Array.isArray(one) && one.length >= 2 && one.length <= 3) as
		| readonly unknown[]
		| undefined;
	return pair === undefined ? undefined : timeOf(pair[0]);
}

const zoneWithoutColon = /([+-]\d\d)(\d\d)$/;
const [secondsBelow, millisecondsBelow, microsecondsBelow] = [1e11, 1e14, 1e17];

/** RFC 3339, or a number since 1970 in any unit, as a time of an event. */
export function timeOf(value: unknown): string | undefined {
	if (typeof value === 'string' && !/^\d{9,19}(\.\d+)?$/.test(value)) {
		const text = value.replace(' ', 'T').replace(zoneWithoutColon, '$1:$2');
		return canonicalTime(text) ?? canonicalTime(`${text}Z`);
	}

	if (typeof value !== 'string' && typeof value !== 'number') {
		return undefined;
	}

	const number = Number(value);
	if (!(number > 1e8)) {
		return undefined;
	}

	if (number >= microsecondsBelow) {
		const digits = String(value).padStart(10, '0');
		return timestampText(Number(digits.slice(0, -9)), Number(digits.slice(-9)));
	}

	const perSecond = number < secondsBelow ? 1 : number < millisecondsBelow ? 1e3 : 1e6;
	const seconds = Math.floor(number / perSecond);
	return timestampText(seconds, Math.round((number / perSecond - seconds) * 1e6) * 1000);
}
