import assert from 'node:assert/strict';
import test from 'node:test';
import {Refusal} from '../../../source/problem.js';
import type {EventsRequest, ServerFilter} from '../../../source/tetragon/agent/link.js';
import {requestFor} from '../../../source/tetragon/agent/request-for.js';
import {buildRequest, type FilterFlags} from '../../../source/tetragon/filter/filter.js';
import {clientFilter} from '../../../source/tetragon/filter/filter-match.js';
import {decodeMessage} from '../../../source/tetragon/wire/decode.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {newFacts} from '../../../source/tetragon/wire/new-facts.js';
import {scanFrame} from '../../../source/tetragon/wire/scan.js';
import {framesOf} from '../../agent/recordings.js';

function count(recording: string, request: EventsRequest): number {
	const wanted = clientFilter(request) ?? (() => true);
	const facts = newFacts();
	return framesOf(recording).filter(frame => {
		scanFrame(frame, facts);
		return wanted(facts);
	}).length;
}

function allow(filter: ServerFilter): EventsRequest {
	return {allow_list: [filter]};
}

test('flags become one allow filter, and each --deny a filter of its own', () => {
	assert.deepEqual(
		buildRequest({
			namespace: ['default,payments', 'kube-system'],
			host: true,
			pod: ['^x', 'a,b'],
			process: ['/curl$'],
			container: ['app'],
			eventTypes: ['exec,PROCESS_EXIT', 'process_kprobe'],
			policyNames: ['p1,p2'],
			namespaceRegex: ['^def'],
			labels: ['app=web,tier=front'],
			celExpression: ["process_exit.signal == 'SIGKILL'"],
			deny: ['namespace=kube-system', 'pod=^api-;event-types=PROCESS_EXIT', 'host', '--labels=app=web,tier!=x'],
		}),
		{
			allow_list: [
				{
					namespace: ['default', 'payments', 'kube-system', ''],
					namespace_regex: ['^def'],
					pod_regex: ['^x', 'a,b'],
					binary_regex: ['/curl$'],
					container_name_regex: ['app'],
					event_set: ['PROCESS_EXEC', 'PROCESS_EXIT', 'PROCESS_KPROBE'],
					policy_names: ['p1', 'p2'],
					labels: ['app=web,tier=front'],
					cel_expression: ["process_exit.signal == 'SIGKILL'"],
				},
			],
			deny_list: [
				{namespace: ['kube-system']},
				{pod_regex: ['^api-'], event_set: ['PROCESS_EXIT']},
				{namespace: ['']},
				{labels: ['app=web,tier!=x']},
			],
		},
	);
	assert.deepEqual(buildRequest({}), {});
	assert.deepEqual(buildRequest({host: false, pod: []}), {});
});

test('what is built goes over the wire unchanged', () => {
	const request = buildRequest({pod: ['x'], eventTypes: ['lsm'], host: true, deny: ['policy-names=p']});
	assert.deepEqual(decodeMessage('GetEventsRequest', encodeMessage('GetEventsRequest', request)), request);
});

test('each flag that cannot be is refused in one sentence with what, why and what to do', () => {
	const cases: ReadonlyArray<readonly [FilterFlags, RegExp, RegExp]> = [
		[{pod: ['(']}, /--pod "\(" is not a regular expression/, /missing closing \)/],
		[{process: ['(?=x)y']}, /--process/, /invalid or unsupported Perl syntax/],
		[{container: ['*']}, /--container/, /missing argument/],
		[{namespaceRegex: ['[z-a]']}, /--namespace-regex/, /invalid character class range/],
		[{eventTypes: ['exec,open']}, /--event-types "open"/, /PROCESS_EXEC, PROCESS_EXIT/],
		[{eventTypes: ['']}, /--event-types/, /types are/],
		[{labels: ['a in ((((']}, /--labels/, /cannot read/],
		[{celExpression: ['']}, /--cel-expression/, /empty/],
		[{celExpression: ['process_exec.process.binary == "x']}, /--cel-expression/, /quote is not closed/],
		[{celExpression: ['(1 + 2']}, /--cel-expression/, /is not closed/],
		[{celExpression: ['a]']}, /--cel-expression/, /closes nothing/],
		[{deny: ['']}, /--deny ""/, /not flag=value/],
		[{deny: ['namespace']}, /--deny/, /not flag=value/],
		[{deny: ['namespace=']}, /--deny/, /not flag=value/],
		[{deny: ['colour=red']}, /--deny/, /no filter flag "colour"/],
		[{deny: ['toString=x']}, /--deny/, /no filter flag/],
		[{deny: ['pod=(']}, /--pod/, /missing closing/],
	];
	for (const [flags, what, why] of cases) {
		assert.throws(
			() => buildRequest(flags),
			(error: unknown) =>
				error instanceof Refusal && what.test(error.what) && why.test(error.why) && error.fix !== '' && !error.retry,
			JSON.stringify(flags),
		);
	}
});

test('no filter is no work', () => {
	assert.equal(clientFilter({}), undefined);
	assert.equal(clientFilter({allow_list: [], deny_list: []}), undefined);
});

test('the client’s filter picks what stats.txt and the events say', () => {
	// tutorial-plain: xwing 28, tiefighter 2 of 235; 6 kprobes.
	assert.equal(count('tutorial-plain', allow({pod_regex: ['^xwing$']})), 28);
	assert.equal(count('tutorial-plain', allow({pod_regex: ['fighter', 'wing']})), 30, 'unanchored; any of');
	assert.equal(count('tutorial-plain', allow({namespace: ['default']})), 30);
	assert.equal(count('tutorial-plain', allow({namespace: ['']})), 205, 'the host is the namespace without a name');
	assert.equal(count('tutorial-plain', allow({namespace: ['', 'default']})), 235);
	assert.equal(count('tutorial-plain', allow({namespace_regex: ['^d']})), 30);
	assert.equal(count('tutorial-plain', allow({namespace_regex: ['']})), 30, 'the host has no namespace to match');
	assert.equal(count('tutorial-plain', allow({event_set: ['PROCESS_KPROBE']})), 6);
	assert.equal(
		count('tutorial-plain', allow({event_set: ['PROCESS_KPROBE'], pod_regex: ['tiefighter']})),
		0,
		'all fields',
	);
	assert.equal(count('tutorial-plain', allow({policy_names: ['file-monitoring-filtered']})), 4);
	assert.equal(count('file-enforce', allow({container_name_regex: ['.']})), 28);
	assert.equal(count('file-enforce', allow({arguments_regex: ['^/etc/shadow$']})), 5);
	assert.equal(
		count('tutorial-plain', {allow_list: [{pod_regex: ['xwing']}, {pod_regex: ['tiefighter']}]}),
		30,
		'any filter',
	);
});

test('deny wins over allow, and an empty filter is everything', () => {
	assert.equal(
		count('tutorial-plain', {allow_list: [{pod_regex: ['xwing']}], deny_list: [{event_set: ['PROCESS_EXIT']}]}),
		20,
	);
	assert.equal(count('tutorial-plain', allow({})), 235);
	assert.equal(count('tutorial-plain', {deny_list: [{}]}), 0);
});

test('labels select pods, and never the host', () => {
	assert.equal(count('file-enforce', allow({labels: ['!nonsense']})), 28);
	assert.equal(count('file-enforce', allow({labels: ['team=payments']})), 3);
	assert.equal(count('file-enforce', allow({labels: ['team=payments', 'class=xwing']})), 21);
});

test('probes are known by their mark', () => {
	const probes = count('realistic-mix', allow({health_check: true}));
	assert.ok(probes > 0);
	assert.equal(count('realistic-mix', allow({health_check: false})), 1564 - probes);
});

test('events without a process match nothing that asks about one', () => {
	assert.equal(count('throttle', allow({event_set: ['PROCESS_THROTTLE'], binary_regex: ['']})), 0);
	assert.equal(count('throttle', allow({event_set: ['PROCESS_THROTTLE'], namespace: ['']})), 0);
	assert.ok(count('throttle', allow({event_set: ['PROCESS_THROTTLE']})) > 0);
});

test('CEL is left to the agent: here it hides nothing, and denies nothing', () => {
	const cel_expression = ['process_exit.status == 1u'];
	assert.equal(count('tutorial-plain', allow({cel_expression, pod_regex: ['xwing']})), 28);
	assert.equal(count('tutorial-plain', {deny_list: [{cel_expression}]}), 235);
});

test('an agent is asked only for what it knows', () => {
	const request = buildRequest({
		policyNames: ['p'],
		container: ['c'],
		namespaceRegex: ['n'],
		celExpression: ['true'],
		deny: ['container=c;namespace=x', 'namespace=x'],
	});
	const old = requestFor('v1.0.0', request);
	// The deny filter whose container it would ignore would deny all of namespace x.
	assert.deepEqual(old.request, {allow_list: [{}], deny_list: [{namespace: ['x']}]});
	assert.deepEqual(old.ignored.toSorted(), [
		'cel_expression',
		'container_name_regex',
		'namespace_regex',
		'policy_names',
	]);
	assert.deepEqual(requestFor('v1.7.0', request), {request, ignored: []});
	assert.deepEqual(requestFor('dev', request), {request, ignored: []}, 'a build without a version is taken for new');
});
