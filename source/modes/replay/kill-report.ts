/**
A kill as a report for scripts. The table of fields makes the JSON, the CSV, the text and docs/schema.md. The schema is versioned:
within a version fields are only added.
*/

import {killStateRow} from '../../store/enforcement-states.js';
import type {ChainLink, Enforcement} from '../../store/processes/process.js';
import type {KillGroup} from '../../store/snapshot.js';
import {describe} from '../../tetragon/describe/describe.js';
import type {Event} from '../../tetragon/event/event.js';
import {bodyOf} from '../../tetragon/event/event.js';
import {proof} from '../../ui/panes/detail/proof-fields.js';
import {reasonSentences} from '../../ui/widgets/kill-words.js';

export const schemaName = 'tetratop.kill/v1';

export type KillSource = {
	readonly kill: Enforcement;
	readonly group: KillGroup;
	readonly event: Event | undefined;
	readonly nodeName: string;
	/** Replaces what --redact names. */
	readonly redact: (text: string) => string;
};

type Json = string | number | readonly string[] | ReadonlyArray<Readonly<Record<string, string | number>>>;

export type ReportField = {
	readonly name: string;
	/** JSON schema of the value. */
	readonly schema: Readonly<Record<string, unknown>>;
	readonly help: string;
	readonly value: (source: KillSource) => Json;
};

const text = {type: 'string'};
const number = {type: 'integer'};

function iso(ms: number): string {
	return Number.isFinite(ms) ? new Date(ms).toISOString() : '';
}

function factsOf({kill}: KillSource) {
	return kill.process?.facts;
}

function processOf({event}: KillSource) {
	return event && bodyOf(event)?.process;
}

/** For a shell: a foreign name that is more than a name is quoted. */
function quoted(word: string): string {
	return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function nextOf({group, kill}: KillSource): string[] {
	const pod =
		group.pod === ''
			? []
			: [
					`kubectl --namespace ${quoted(group.namespace)} describe pod ${quoted(group.pod)}`,
					`kubectl --namespace ${quoted(group.namespace)} logs ${quoted(group.pod)} --previous`,
				];
	return [...pod, ...kill.policies.map(policy => `kubectl get tracingpolicy ${quoted(policy)} --output yaml`)];
}

/** In UTC, as the other times are. */
function proofOf({kill, redact}: KillSource): string {
	const reader = {ui: {events: {time: 'utc'}}, picture: {nowMs: kill.timeMs}} as const;
	const fields = proof(reader, {kill, process: kill.process});
	return redact(fields.flatMap(field => (field.type === 'value' ? [field.value] : [])).join('; '));
}

function linkOf({execId, pid, binary, arguments: args}: ChainLink, redact: (text: string) => string) {
	return {exec_id: execId, pid, binary, arguments: redact(args)};
}

const link = {
	type: 'object',
	properties: {exec_id: text, pid: number, binary: text, arguments: text},
	required: ['exec_id', 'pid', 'binary', 'arguments'],
};

// biome-ignore format: a table reads by its rows
export const reportFields: readonly ReportField[] = [
	{name: 'schema', schema: {const: schemaName}, help: 'Name and version of this form.', value: () => schemaName},
	{name: 'time', schema: text, help: 'When it happened: RFC 3339, UTC.', value: ({kill}) => iso(kill.timeMs)},
	{name: 'state', schema: text, help: 'The state, as on the screen: KILLED, DENIED, WOULD-KILL, …', value: ({kill}) => kill.state},
	{name: 'meaning', schema: text, help: 'What the state means, in one sentence.', value: ({kill}) => reasonSentences[kill.reason] || killStateRow(kill.state).meaning},
	{name: 'proof', schema: text, help: 'What proves it, or that nothing does.', value: proofOf},
	{name: 'policies', schema: {type: 'array', items: text}, help: 'The policies that asked for it.', value: ({kill}) => kill.policies},
	{name: 'mode', schema: {enum: ['enforce', 'monitor', 'unknown', 'changed']}, help: 'The mode of the policy on that node at that time.', value: ({kill}) => kill.mode},
	{name: 'action', schema: text, help: 'The action that the event reports.', value: ({kill}) => kill.action},
	{name: 'function', schema: text, help: 'The hook: function, tracepoint or probe.', value: ({kill}) => kill.functionName},
	{name: 'object', schema: text, help: 'What the call was about: a file, an address.', value: ({event, redact}) => redact(event === undefined ? '' : describe(event).object)},
	{name: 'count', schema: number, help: 'How many: more than 1 only for UNSEEN.', value: ({kill}) => kill.count},
	{name: 'node', schema: text, help: 'The node; empty where no event named it.', value: ({nodeName}) => nodeName},
	{name: 'namespace', schema: text, help: 'Namespace of the pod; empty on the host.', value: ({group}) => group.namespace},
	{name: 'pod', schema: text, help: 'The pod; empty on the host.', value: ({group}) => group.pod},
	{name: 'container', schema: text, help: 'The container of the pod.', value: ({group}) => group.container},
	{name: 'workload', schema: text, help: 'What the pod belongs to: Deployment/api.', value: source => [factsOf(source)?.workloadKind, factsOf(source)?.workload].filter(Boolean).join('/')},
	{name: 'image', schema: text, help: 'The image of the container.', value: source => factsOf(source)?.image ?? ''},
	{name: 'binary', schema: text, help: 'The program that was hit.', value: source => factsOf(source)?.binary ?? processOf(source)?.binary ?? ''},
	{name: 'arguments', schema: text, help: 'Its arguments, as Tetragon writes them.', value: source => source.redact(factsOf(source)?.arguments ?? processOf(source)?.arguments ?? '')},
	{name: 'pid', schema: number, help: 'Its pid on the host; 0: not known.', value: source => source.kill.process?.pid ?? processOf(source)?.pid ?? 0},
	{name: 'uid', schema: number, help: 'Its user; -1: not known.', value: source => factsOf(source)?.uid ?? processOf(source)?.uid ?? -1},
	{name: 'exec_id', schema: text, help: "Tetragon's name of the process.", value: ({kill}) => kill.process?.execId ?? ''},
	{name: 'exit_time', schema: text, help: 'When it ended; empty: no exit was seen.', value: ({kill}) => iso(kill.exitMs)},
	{name: 'exit_signal', schema: text, help: 'The signal that ended it; empty: none, or not seen.', value: ({kill}) => kill.exitSignal},
	{name: 'chain', schema: {type: 'array', items: link}, help: 'Its ancestors, the parent first.', value: ({kill, redact}) => kill.chain.filter(({execId}) => execId !== kill.process?.execId).map(one => linkOf(one, redact))},
	{name: 'next', schema: {type: 'array', items: text}, help: 'What to run next.', value: source => nextOf(source)},
];

export function reportOf(source: KillSource): Readonly<Record<string, Json>> {
	return Object.fromEntries(reportFields.map(({name, value}) => [name, value(source)]));
}

export function jsonReport(source: KillSource): string {
	return JSON.stringify(reportOf(source));
}

export const csvHeader: string = reportFields.map(({name}) => name).join(',');

/** RFC 4180. A field that a spreadsheet would run as a formula begins with an apostrophe. */
export function csvReport(source: KillSource): string {
	return Object.values(reportOf(source)).map(csvField).join(',');
}

function csvField(value: Json): string {
	const plain =
		typeof value === 'object'
			? value.map(one => (typeof one === 'string' ? one : JSON.stringify(one))).join(' | ')
			: String(value);
	const inert = /^[=+@\t\r-]/.test(plain) && typeof value !== 'number' ? `'${plain}` : plain;
	return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Raw foreign text: the writer makes it safe. */
export function textReport(source: KillSource): string[] {
	const {kill, group, nodeName} = source;
	const report = reportOf(source) as Readonly<Record<string, string>>;
	const where =
		group.pod === '' ? `host ${nodeName}` : `${group.namespace}/${group.pod} ${group.container} on ${nodeName}`;
	const chain = (report['chain'] as unknown as ReadonlyArray<{pid: number; binary: string; arguments: string}>).map(
		one => `${one.pid} ${one.binary} ${one.arguments}`.trim(),
	);
	return [
		`${report['time']} ${kill.state} by policy ${kill.policies.join(' and ')} (${kill.mode})`,
		`  where    ${where}`,
		`  what     ${[kill.functionName, report['object']].filter(Boolean).join(' ')} action ${kill.action}`,
		`  process  ${report['pid']} ${report['binary']} ${report['arguments']}`.trimEnd(),
		...chain.map((one, index) => `  ${index === 0 ? 'parent ' : '       '}  ${one}`),
		`  proof    ${report['proof']}`,
		`  meaning  ${report['meaning']}`,
		...(report['next'] as unknown as string[]).map((one, index) => `  ${index === 0 ? 'next   ' : '       '}  ${one}`),
	];
}

/** The JSON schema of a report, draft 2020-12. */
export function reportSchema(): Readonly<Record<string, unknown>> {
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: schemaName,
		type: 'object',
		properties: Object.fromEntries(reportFields.map(({name, schema, help}) => [name, {...schema, description: help}])),
		required: reportFields.map(({name}) => name),
	};
}

export function schemaMarkdown(): string {
	const rows = reportFields.map(({name, schema, help}) => `| \`${name}\` | ${typeWord(schema)} | ${help} |`);
	return [
		'# The form of `tetratop kills`',
		'',
		`\`tetratop kills -o json\` prints one JSON object a line, \`${schemaName}\`. Within a version fields are only added; a change of a`,
		'field is a new version. `-o csv` has the same fields in the same order; lists are joined with ` | `. Made by `npm run docs`.',
		'',
		'| field | type | meaning |',
		'|---|---|---|',
		...rows,
		'',
		'## JSON schema',
		'',
		'```json',
		JSON.stringify(reportSchema(), undefined, 2),
		'```',
		'',
	].join('\n');
}

function typeWord(schema: Readonly<Record<string, unknown>>): string {
	if (schema['enum'] !== undefined || schema['const'] !== undefined) {
		return 'string';
	}

	return schema['type'] === 'array' ? 'list' : String(schema['type']);
}
