/** Which JSON objects are events: any other object with a name of an event's field would be shown as an event of a newer agent. */
import {messageOf} from '../wire/schema-table.js';

type Json = Readonly<Record<string, unknown>>;

const names = [...messageOf('GetEventsResponse').byJsonName];
const around = new Set(names.filter(([, field]) => field.oneof === undefined).map(([name]) => name));
const cases = new Set(names.filter(([, field]) => field.oneof !== undefined).map(([name]) => name));

/** The key of a case of GetEventsResponse, as protojson writes or takes it: process_exec, processExec. */
export function isCaseName(key: string): boolean {
	return cases.has(key);
}

/**
Whether an object is a GetEventsResponse: it has a case that proto/ knows, or the shape of one that only a newer agent knows
(process_… with a process in it, or one object beside the node and the time of an event).
*/
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one list of what makes an object an event
export function isEventShape(value: Json): boolean {
	let others = 0;
	let isCase = false;
	for (const key in value) {
		if (around.has(key) || key.startsWith('$')) {
			continue;
		}

		others++;
		const inner = value[key];
		if (!isObject(inner)) {
			others += 1;
		} else if (cases.has(key) && key.startsWith('process')) {
			return true;
		} else {
			isCase ||= cases.has(key);
			if (/^process_?[a-zA-Z]/.test(key) && isObject((inner as Json)['process'])) {
				return true;
			}
		}
	}

	// A recorded event of a newer agent may have lost its case.
	if (others === 0) {
		return isText(value, 'node_name', 'nodeName') && isText(value, 'time', 'time');
	}

	// `test` and `rate_limit_info` are names that other objects have too.
	return others === 1 && (isCase || (isText(value, 'node_name', 'nodeName') && isText(value, 'time', 'time')));
}

function isText(value: Json, ...names: readonly string[]): boolean {
	return names.some(name => typeof value[name] === 'string');
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
