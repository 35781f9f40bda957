/** Makes the tests of one term: of a text, a process or an event. */

import {type AlertState, alertStateTable, killStatesNamed} from '../store/enforcement-states.js';
import type {Process} from '../store/processes/process.js';
import type {FilterRow} from '../store/ring/filter-row.js';
import {baseName} from '../tetragon/event/base-name.js';
import {type ProcessFacts, podOrContainer} from '../tetragon/event/facts.js';
import type {Term} from './chip.js';
import {eventFieldTest} from './event-field-test.js';
import {needsVerb, someWord, typesOf} from './event-words.js';
import {type Around, searchOf, type TextTest, textTest} from './text-test.js';
import {inRange, parseInstant, parseRange, timeOfDay} from './time-range.js';
import {orderTest} from './values/order-test.js';

export type TermTest = {
	/** undefined: the term is not about processes. */
	readonly process: ((process: Process | undefined, nodeName: string) => boolean) | undefined;
	readonly event: (candidate: FilterRow) => boolean;
	/** Some events must be decoded for it. */
	readonly costly: boolean;
};

/** The comparison of a field whose `:` finds a part of the value. */
function partTest(term: Term): TextTest {
	return textTest(term.comparison === 'fuzzy' ? {...term, comparison: 'contains'} : term);
}

export function testOf(term: Term, around: Around = {}): TermTest {
	switch (term.field) {
		case 'text': {
			return {process: undefined, event: searchOf(term, around), costly: true};
		}

		case 'file':
		case 'dst':
		case 'src':
		case 'port':
		case 'msg':
		case 'tag':
		case 'sig':
		case 'ret':
		case 'user': {
			return {process: undefined, event: eventFieldTest(term), costly: true};
		}

		case 'parent':
		case 'anc': {
			return ancestorTest(term, around);
		}

		case 'fn': {
			const test = partTest(term);
			return ofEvent(({functionName}) => functionName !== '' && test(functionName));
		}

		case 'exec': {
			const wanted = /^y/i.test(term.value);
			return ofFacts(facts => (facts.inInitTree === false && podOrContainer(facts) !== '') === wanted);
		}

		case 'node': {
			const test = textTest(term);
			return both((_process, nodeName) => test(nodeName));
		}

		case 'pid':
		case 'uid': {
			const test = term.comparison === 'regex' ? textTest(term) : orderTest(term);
			return term.field === 'pid'
				? both(process => process !== undefined && test(String(process.pid)))
				: ofFacts(facts => test(String(facts.uid)));
		}

		case 'pol': {
			const test = textTest(term);
			return ofEvent(({policy}) => policy !== '' && test(policy));
		}

		case 'ev': {
			return eventTest(term);
		}

		case 'kill': {
			return killTest(term);
		}

		case 't': {
			return timeTest(term);
		}

		case 'l': {
			return labelTest(term.value);
		}

		default: {
			return ofFacts(subjectTest(term));
		}
	}
}

function timeTest({comparison, value}: Term): TermTest {
	if (!/^[<>]/.test(comparison)) {
		const range = parseRange(value);
		return ofEvent(({timeMs}) => range !== undefined && inRange(range, timeMs));
	}

	const instant = parseInstant(value);
	if (instant === undefined) {
		return ofEvent(() => false);
	}

	const isAfter = comparison.startsWith('>');
	if ('ms' in instant) {
		const {ms} = instant;
		return ofEvent(({timeMs}) => (isAfter ? timeMs > ms : timeMs < ms) || (comparison.endsWith('=') && timeMs === ms));
	}

	const {from, to} = instant.clock;
	const bound = isAfter === comparison.endsWith('=') ? from : to;
	return ofEvent(({timeMs}) => {
		const at = timeOfDay(timeMs);
		return isAfter ? at >= bound : at < bound;
	});
}

/** By the binary, as `bin:`; without the table of processes nothing is known of a parent. */
function ancestorTest(term: Term, {chainOf}: Around): TermTest {
	const test = partTest(term);
	const slash = term.value.includes('/');

	function isIt({facts}: Process): boolean {
		return facts !== undefined && (test(facts.binary) || (!slash && test(baseName(facts.binary))));
	}

	return both(process => {
		const chain = process === undefined ? [] : (chainOf?.(process) ?? []);
		return (term.field === 'parent' ? chain.slice(0, 1) : chain).some(isIt);
	});
}

/** A short word is compared by its beginning: as a fuzzy word `ev:tp` would match half of all types. */
function eventTest(term: Term): TermTest {
	const {comparison, value} = term;
	const types = comparison === 'fuzzy' || comparison === 'exact' ? typesOf(value) : undefined;
	if (types !== undefined) {
		return ofEvent(({kind}) => types.includes(kind));
	}

	const test = textTest(
		comparison === 'fuzzy' ? {value, comparison: 'prefix'} : {value: value.toLowerCase(), comparison},
	);
	const verbs = comparison === 'regex' || needsVerb(value);

	function folded(word: string) {
		return test(word.toLowerCase()) || (comparison === 'regex' && test(word));
	}

	// __x64_sys_openat is found as sys_openat too.
	function words(word: string) {
		return folded(word) || (word.startsWith('__') && folded(word.replace(/^__[^_]+_/, '')));
	}

	return {...ofEvent(candidate => someWord(candidate, words, verbs)), costly: verbs};
}

/** Of an event its own state, of a process any of its enforcements, of an alert the state of its row. */
function killTest({comparison, value}: Term): TermTest {
	const matches = textTest({comparison, value});
	const states = new Set<AlertState>(
		comparison === 'regex'
			? alertStateTable.filter(row => matches(row.state) || matches(row.filter)).map(({state}) => state)
			: killStatesNamed(value),
	);
	return {
		process: process => process?.kills.some(({state}) => states.has(state)) ?? false,
		event: ({killState}) => killState !== undefined && states.has(killState),
		costly: false,
	};
}

function labelTest(value: string): TermTest {
	const [, name = value, operator, wanted = ''] = /^([^=~]+)([=~])(.*)$/s.exec(value) ?? [];
	const test: TextTest =
		operator === undefined ? () => true : textTest({comparison: operator === '~' ? 'regex' : 'exact', value: wanted});
	return ofFacts(({podLabels}) => {
		const label = podLabels !== undefined && Object.hasOwn(podLabels, name) ? podLabels[name] : undefined;
		return label !== undefined && test(label);
	});
}

function subjectTest(term: Term): (facts: ProcessFacts) => boolean {
	const test = textTest(term);
	const slash = term.value.includes('/');
	switch (term.field) {
		case 'ns':
			return ({namespace}) => test(namespace);
		case 'c':
			return ({container}) => test(container);
		case 'img': {
			const part = partTest(term);
			return ({image}) => image !== '' && part(image);
		}

		case 'cid': {
			const part = partTest(term);
			return ({containerId}) => containerId !== '' && part(containerId);
		}

		case 'arg':
			return facts => test(facts.arguments);
		case 'w':
			return ({workload, workloadKind}) => {
				if (!slash || workload === '') {
					return workload !== '' && test(workload);
				}

				return test(`${workloadKind.toLowerCase()}/${workload}`) || test(`${workloadKind}/${workload}`);
			};
		case 'bin':
			return ({binary}) => test(binary) || (!slash && test(baseName(binary)));
		default:
			return facts => {
				const name = podOrContainer(facts);
				return slash && name !== '' ? test(`${facts.namespace}/${name}`) : test(name) || isContainer(facts, test);
			};
	}
}

/** A container without a pod is found by its whole id, too. */
function isContainer({pod, containerId}: ProcessFacts, test: TextTest): boolean {
	return pod === '' && containerId !== '' && test(containerId);
}

function both(test: (process: Process | undefined, nodeName: string) => boolean): TermTest {
	return {
		process: test,
		event: ({process, nodeName}) => test(process, nodeName),
		costly: false,
	};
}

function ofFacts(test: (facts: ProcessFacts) => boolean): TermTest {
	return both(process => process?.facts !== undefined && test(process.facts));
}

function ofEvent(test: (candidate: FilterRow) => boolean): TermTest {
	return {process: undefined, event: test, costly: false};
}
