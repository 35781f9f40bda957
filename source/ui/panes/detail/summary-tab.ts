/** The tab that answers: what, why, proof, who, where. */

import type {ChainLink, Enforcement, Process} from '../../../store/processes/process.js';
import {describe} from '../../../tetragon/describe/describe.js';
import type {ProcessMessage} from '../../../tetragon/event/event.js';
import {joinSafe, own, type SafeText, safe} from '../../../text/safe.js';
import type {Glyphs} from '../../frame/glyphs.js';
import {detailWords} from '../../widgets/event-words.js';
import {blank, type Field, text, value} from '../../widgets/fields.js';
import {killWords, reasonSentences} from '../../widgets/kill-words.js';
import {momentMs} from '../../widgets/moments.js';
import {nodeNameOf} from '../../widgets/node-words.js';
import {ageOf, baseOf, isExecedIn, isRuntime, stateWord} from '../../widgets/process-words.js';
import type {PaneContext} from '../pane.js';
import {deathFields, headOfDeath, tellingPolicy} from './death-fields.js';
import {proof} from './proof-fields.js';
import {stackFields} from './stack-fields.js';
import type {Known} from './subject.js';

function whenAndWhere(context: PaneContext, {timeMs, node}: Known): Field {
	return text(own`${momentMs(context, timeMs)}  ${nodeNameOf(context.picture.nodes, node)}`, 'time', 2);
}

function headOfKill(context: PaneContext, found: Known, kill: Enforcement): Field[] {
	const words = killWords[kill.state];
	const mode = modeWords[kill.mode];
	const by = joinSafe(
		kill.policies.map(policy => safe(policy)),
		own(' and '),
	);
	const times = found.group && found.group.count > 1 ? own`, ${found.group.count} times` : own('');
	return [
		text(own`${context.glyphs[words.glyph]} ${words.name} by policy ${by} (${mode})${times}`, words.tone),
		whenAndWhere(context, found),
		// One line, so that the object of the call stays on the first screen at 80x24.
		text(reasonSentences[kill.reason] === '' ? words.meaning : safe(reasonSentences[kill.reason]), 'dim', 2),
	];
}

const modeWords: Readonly<Record<Enforcement['mode'], SafeText>> = {
	enforce: own('enforce'),
	monitor: own('monitor'),
	unknown: own('mode not known'),
	changed: own('its mode changed'),
};

function head(context: PaneContext, found: Known): Field[] {
	if (found.kill) {
		return headOfKill(context, found, found.kill);
	}
	if (found.death) {
		return headOfDeath(context, found, found.death);
	}
	if (found.event) {
		const said = describe(found.event);
		const detail = detailWords(found.event, context.glyphs, Number.POSITIVE_INFINITY, said);
		return [text(own`${safe(said.verb)} ${detail}`, 'strong'), whenAndWhere(context, found)];
	}
	const state = found.process && stateWord(found.process, context.glyphs);
	const words = state ? state.text : own('running');
	return [text(own`process ${words}`, state?.tone ?? 'strong'), whenAndWhere(context, found)];
}

function why({glyphs}: PaneContext, {body, kill, event}: Known): Field[] {
	if (!kill && body?.policy_name === undefined) {
		return [];
	}
	const called = kill?.functionName || body?.function_name || '';
	const object = event ? describe(event).object : '';
	const words = object === '' ? safe(called) : own`${safe(called)} ${glyphs.arrow} ${safe(object)}`;
	const fields: Field[] = [value(own('why'), words, 'object')];
	const action = kill?.action || body?.action;
	if (action !== undefined) {
		fields.push(value(own(''), own`action: ${safe(String(action))}`));
	}
	if (!kill) {
		fields.push(value(own(''), own`policy: ${safe(body?.policy_name ?? '')}`));
	}
	if (body?.message) {
		fields.push(value(own(''), own`message: "${safe(body.message)}"`));
	}
	if (body?.tags && body.tags.length > 0) {
		fields.push(
			value(
				own(''),
				own`tags: ${joinSafe(
					body.tags.map(tag => safe(tag)),
					own(', '),
				)}`,
			),
		);
	}
	return fields;
}

/** auid of a process that nobody logged in for. */
const noLogin = 4_294_967_295;

/** The name of its user and the uid of the login that it comes from, which sudo and su do not change. */

function login(message: ProcessMessage | undefined): Field[] {
	const name = message?.user?.name ?? '';
	const auid = message?.auid ?? noLogin;
	return [
		...(name === '' ? [] : [value(own('  user'), safe(name))]),
		...(auid === noLogin ? [] : [value(own('  login'), own`uid ${auid} (auid)`)]),
	];
}

function who({glyphs, picture}: PaneContext, {process, body}: Known): Field[] {
	const message = body?.process;
	const facts = process?.facts;
	const binary = facts?.binary ?? message?.binary;
	if (binary === undefined || binary === '') {
		return [value(own('process'), own('not known: no event named it'), 'dim')];
	}
	const pid = process?.pid ?? message?.pid ?? 0;
	const uid = facts?.uid ?? message?.uid;
	const user = uid === undefined ? own('?') : uid === 0 ? own('0 (root)') : own`${uid}`;
	return [
		value(own('process'), own`${safe(binary)}  pid ${pid}  uid ${user}`, 'binary'),
		...login(message),
		...fieldUnlessEmpty(own('  args'), facts?.arguments ?? message?.arguments),
		...fieldUnlessEmpty(own('  cwd'), facts?.cwd ?? message?.cwd),
		...(process ? badgesOf(process, glyphs, picture.nowMs) : []),
	];
}

function fieldUnlessEmpty(label: SafeText, words = ''): Field[] {
	return words === '' ? [] : [value(label, safe(words))];
}

/** How the process came to be where it is, and since when it is known. */
function badgesOf(process: Process, glyphs: Glyphs, nowMs: number): Field[] {
	const fields: Field[] = [];
	if (isExecedIn(process)) {
		const words = process.facts?.execProbe
			? own('started by a probe')
			: own('not in the init tree: kubectl exec, a probe or nsenter');
		fields.push(value(own('  badge'), own`${glyphs.execBadge} ${words}`, 'accent'));
	}
	if (isRuntime(process)) {
		fields.push(value(own('  badge'), own('runtime: it starts and enters containers'), 'accent'));
	}
	if (process.asOfDump) {
		fields.push(value(own('  as of'), own('the process cache at connect; no event has named it since'), 'dim'));
	}
	if (process.execId !== '') {
		fields.push(value(own('  age'), own`${ageOf(process, nowMs)}, ${process.events} events`));
	}
	return fields;
}

function linkOf(process: Process): ChainLink {
	return {
		execId: process.execId,
		pid: process.pid,
		binary: process.facts?.binary ?? '',
		arguments: process.facts?.arguments ?? '',
	};
}

/** From the parent to the root; of a kill as it was known when it happened. */
export function ancestorsOf({picture}: PaneContext, {process, kill, body, chain: found}: Known): readonly ChainLink[] {
	const chain = (kill?.chain ?? found).filter(({execId}) => execId !== process?.execId);
	if (chain.length > 0) {
		return chain;
	}
	const living = process ? picture.chainOf(process).map(linkOf) : [];
	if (living.length > 0 || !body?.parent) {
		return living;
	}
	return [body.parent, ...(body.ancestors ?? [])].map(message => ({
		execId: message.exec_id ?? '',
		pid: message.pid ?? 0,
		binary: message.binary ?? '',
		arguments: message.arguments ?? '',
	}));
}

export function linkWords({pid, binary, arguments: args}: ChainLink, whole: boolean): SafeText {
	const name = binary === '' ? own('(not seen itself)') : safe(whole ? binary : baseOf(binary));
	if (args === '') {
		return own`${pid} ${name}`;
	}
	const short = args.length > 120 && !whole ? own`${safe(args, 120)} (...)` : safe(args);
	return own`${pid} ${name} ${short}`;
}

function parents(context: PaneContext, found: Known): Field[] {
	return ancestorsOf(context, found)
		.slice(0, 6)
		.map((link, index) =>
			value(index === 0 ? own('parent') : own`  ${context.glyphs.up}`, linkWords(link, index === 0)),
		);
}

function where({picture}: PaneContext, {process, body, group, node, kill}: Known): Field[] {
	const facts = process?.facts;
	const pod = body?.process?.pod;
	const namespace = facts?.namespace || pod?.namespace || group?.namespace || '';
	const name = facts?.pod || pod?.name || group?.pod || '';
	const nodeName = nodeNameOf(picture.nodes, node);
	if (name === '') {
		return outsidePods({nodeName, namespace, isUnseen: kill?.state === 'UNSEEN', process, body});
	}
	const container = facts?.container || pod?.container?.name || group?.container || '';
	return [
		value(own('pod'), own`${safe(namespace)}/${safe(name)}  ${safe(container)}`, 'pod'),
		...podFields(facts, pod),
		value(own('node'), nodeName, 'node'),
	];
}

type OutsidePods = Pick<Known, 'process' | 'body'> & {
	readonly nodeName: SafeText;
	readonly namespace: string;
	readonly isUnseen: boolean;
};

/** The place of a process that no pod is known of. */
function outsidePods({nodeName, namespace, isUnseen, process, body}: OutsidePods): Field[] {
	const nodeField = value(own('node'), nodeName, 'node');
	if (isUnseen) {
		return [value(own('pod'), own('not known: the counter of a policy does not say whom')), nodeField];
	}
	const message = body?.process;
	const containerId = process?.facts?.containerId || message?.pod?.container?.id || message?.docker || '';
	if (containerId === '') {
		return [value(own('host'), nodeName, 'node')];
	}
	return [
		value(own('ctr id'), safe(containerId), 'pod'),
		...fieldUnlessEmpty(own('namespace'), namespace),
		text(own('the agent knows the container by its id and no pod of it'), 'dim'),
		nodeField,
	];
}

function podFields(facts: Process['facts'], pod: ProcessMessage['pod']): Field[] {
	const workload = facts?.workload || pod?.workload || '';
	const kind = facts?.workloadKind || pod?.workload_kind || '';
	const labels = Object.entries(facts?.podLabels ?? pod?.pod_labels ?? {}).map(
		([key, label]) => own`${safe(key)}=${safe(label)}`,
	);
	return [
		...(workload === '' ? [] : [value(own('workload'), own`${safe(kind)}/${safe(workload)}`)]),
		...fieldUnlessEmpty(own('image'), facts?.image || pod?.container?.image?.name),
		...(labels.length === 0 ? [] : [value(own('labels'), joinSafe(labels, own('  ')))]),
	];
}

const hints: readonly Field[] = [
	blank,
	text(own('= only this   ! not this   o node   4 policies'), 'dim'),
	text(own('c copy   C copy as   y raw JSON   l h tabs'), 'dim'),
];

export function summary(context: PaneContext, found: Known): Field[] {
	const parts = [
		head(context, found),
		[...why(context, found), ...proof(context, found), ...deathFields(context, found)],
		stackFields(found.body),
		who(context, found),
		parents(context, found),
		where(context, found),
		found.process && found.process.execId !== '' ? [value(own('exec_id'), safe(found.process.execId), 'dim')] : [],
		tellingPolicy(found),
	];
	const fields: Field[] = [];
	for (const part of parts) {
		if (part.length === 0) {
			continue;
		}
		if (fields.length > 0) {
			fields.push(blank);
		}
		fields.push(...part);
	}
	return [...fields, ...hints];
}
