/**
The agent's filters, applied here again: an agent that does not know a field of a filter ignores it and sends everything.
Same rules as the agent's: regular expressions are RE2 and unanchored, a namespace of '' is the host, an event without a
process matches nothing that asks about one. CEL (since v1.4) is evaluated by the agent only: here it always matches.
*/

import type {EventsRequest, ServerFilter} from '../agent/link.js';
import type {Facts, ProcessFacts} from '../event/facts.js';
import {kindNamed} from '../event/kinds.js';
import {parseSelector} from './label-selector.js';
import {re2} from './re2.js';

type Test = (facts: Facts) => boolean;

/** undefined: the request lets everything pass. Reads no more of an event than its filters ask about. */
export function clientFilter(request: EventsRequest): Test | undefined {
	const allow = (request.allow_list ?? []).map(filter => testOf(filter, true));
	const deny = (request.deny_list ?? []).map(filter => testOf(filter, false));
	if (allow.length === 0 && deny.length === 0) {
		return undefined;
	}

	return facts => (allow.length === 0 || allow.some(test => test(facts))) && !deny.some(test => test(facts));
}

/** `unknowable`: the result of a test that cannot be made here (CEL); it must neither hide an event nor deny it. */
function testOf(filter: ServerFilter, unknowable: boolean): Test {
	const tests: Test[] = [];

	function add<T>(values: readonly T[] | undefined, test: (values: readonly T[]) => Test): void {
		if (values !== undefined && values.length > 0) {
			tests.push(test(values));
		}
	}

	add(filter.event_set, names => {
		const numbers = new Set(names.map(name => kindNamed(name.toLowerCase())?.number));
		return ({kindNumber: number}) => numbers.has(number);
	});
	add(filter.pid, pids => facts => facts.readProcess() !== undefined && pids.includes(facts.pid));
	add(
		filter.policy_names,
		names =>
			({policyName}) =>
				policyName !== '' && names.includes(policyName),
	);
	add(filter.namespace, names => ofProcess(({namespace}) => names.includes(namespace)));
	add(filter.namespace_regex, patterns => ofPod(patterns, ({namespace}) => namespace));
	add(filter.pod_regex, patterns => ofPod(patterns, ({pod}) => pod));
	add(filter.container_name_regex, patterns => ofPod(patterns, ({container}) => container));
	add(filter.binary_regex, patterns => ofText(patterns, ({binary}) => binary));
	add(filter.arguments_regex, patterns => ofText(patterns, process => process.arguments));
	add(filter.labels, selectors => {
		const parsed = selectors.map(selector => parseSelector(selector));
		return ofProcess(({pod, podLabels}) => pod !== '' && parsed.some(test => test(podLabels ?? {})));
	});
	if (filter.health_check !== undefined) {
		tests.push(healthCheck(filter.health_check));
	}

	if (filter.cel_expression !== undefined && filter.cel_expression.length > 0) {
		tests.push(() => unknowable);
	}

	return facts => tests.every(test => test(facts));
}

function ofProcess(test: (process: ProcessFacts) => boolean): Test {
	return facts => {
		const process = facts.readProcess();
		return process !== undefined && test(process);
	};
}

function ofText(patterns: readonly string[], read: (process: ProcessFacts) => string): Test {
	const compiled = patterns.map(pattern => re2().compile(pattern));
	return ofProcess(process => {
		const text = read(process);
		return compiled.some(pattern => pattern.test(text));
	});
}

/** A host process has no pod whose name could match, not even the empty pattern. */
function ofPod(patterns: readonly string[], read: (process: ProcessFacts) => string): Test {
	const exact = new Set(patterns.flatMap(pattern => exactName(pattern) ?? []));
	const others = patterns.filter(pattern => exactName(pattern) === undefined);
	const compiled = others.map(pattern => re2().compile(pattern));
	return ofProcess(process => {
		if (process.pod === '') {
			return false;
		}

		const name = read(process);
		return exact.has(name) || compiled.some(pattern => pattern.test(name));
	});
}

/** The name that `^name$` matches: a workload has hundreds of these. undefined: another expression. */
function exactName(pattern: string): string | undefined {
	return /^\^(?:[\w-]|\\\.)+\$$/.test(pattern) ? pattern.slice(1, -1).replaceAll('\\.', '.') : undefined;
}

/** A probe is known by its container's mark, on the process or its parent. */
function healthCheck(wanted: boolean): Test {
	return facts => {
		const process = facts.readProcess();
		const isProbe = process?.execProbe === true || facts.readParent()?.execProbe === true;
		return isProbe === wanted;
	};
}
