/**
The text of an event: everything that its row or its detail says, one piece a line. A search reads it only of events whose bytes
may hold what is searched (raw-screen.ts).
*/

import type {Process} from '../store/processes/process.js';
import {describe} from '../tetragon/describe/describe.js';
import {baseName} from '../tetragon/event/base-name.js';
import type {Event} from '../tetragon/event/event.js';
import {podOrContainer} from '../tetragon/event/facts.js';

/** Its words, and after them every value that the event holds. */
export function eventText(event: Event): string {
	const {verb, detail} = describe(event);
	const parts: string[] = [verb, withoutEscapes(detail)];
	addLeaves(event, parts);
	return parts.join('\n');
}

/** A described text writes a line feed as \n: the n is no letter of it. */
function withoutEscapes(text: string): string {
	return text.includes('\\') ? `${text.replaceAll(/\\(?:[nrtbf]|u[\da-f]{4}|x[\da-f]{2})/gi, ' ')}\n${text}` : text;
}

function addLeaves(value: unknown, parts: string[]): void {
	if (typeof value === 'string') {
		parts.push(value);
	} else if (typeof value === 'number') {
		parts.push(String(value));
	} else if (Array.isArray(value)) {
		for (const item of value) {
			addLeaves(item, parts);
		}
	} else if (typeof value === 'object' && value !== null) {
		for (const item of Object.values(value)) {
			addLeaves(item, parts);
		}
	}
}

/** What is said of a process wherever it is shown. */
export function processText({facts, pid, execId, signal}: Process): string {
	if (facts === undefined) {
		return `${pid}\n${execId}`;
	}

	const {namespace, workload, workloadKind, podLabels = {}} = facts;
	const pod = podOrContainer(facts);
	return [
		baseName(facts.binary),
		`${facts.binary} ${facts.arguments}`,
		facts.cwd,
		facts.flags,
		pod === '' ? '(host)' : `${namespace}/${pod}`,
		facts.container,
		facts.containerId,
		facts.image,
		workload === '' ? '' : `${workloadKind}/${workload}`,
		...Object.entries(podLabels).map(([name, value]) => `${name}=${value}`),
		String(pid),
		String(facts.uid),
		execId,
		signal,
	].join('\n');
}

function two(number: number): string {
	return String(number).padStart(2, '0');
}

/** As the screen writes the time, in the local zone and in UTC. */
export function timeText(timeMs: number): string {
	if (Number.isNaN(timeMs)) {
		return '';
	}

	const at = new Date(timeMs);
	const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
	const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
	return `${date} ${clock}.${String(at.getMilliseconds()).padStart(3, '0')}\n${at.toISOString()}`;
}
