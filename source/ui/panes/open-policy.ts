/** One policy in full: what it would have hit, and its state, counters, hooks and selectors on each node. */
import type {PolicyNodeRow, PolicyRow} from '../../store/policies/policy-rows.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import type {Line} from '../frame/line.js';
import type {ShownPolicy} from '../state/shown-policies.js';
import {Cells} from '../widgets/cells.js';
import {blank, type Field, fieldLines, text, value} from '../widgets/fields.js';
import {thousands} from '../widgets/numbers.js';
import {counterWords, policyFields, stateGlyph, stateTone} from '../widgets/policy-words.js';
import type {PaneContext} from './pane.js';

function blastFields({blastRadius, mode}: PolicyRow): Field[] {
	const title = own('Blast radius');
	if (blastRadius.length === 0) {
		if (mode === 'enforce') {
			return [];
		}
		return [blank, text(title, 'strong'), text(own('it would have hit nothing so far'), 'dim', 2)];
	}
	const fields: Field[] = [
		blank,
		text(own`${title}: with enforce it would have hit ${blastRadius.length} of these`, 'strong'),
	];
	for (const {namespace, workload, binary, count} of blastRadius) {
		const place: SafeText = workload === '' ? own('(host)') : own`${safe(namespace)}/${safe(workload)}`;
		fields.push(text(own`${thousands(count)} times  ${place}  ${safe(binary)}`, 'would', 2));
	}
	return fields;
}

const podsNamed = 5;

/** What the cluster has of it. */
function clusterFields({join, namespace}: ShownPolicy): Field[] {
	if (join === undefined) {
		return [];
	}
	const {hasObject, selects, pods, words} = join;
	const kind = namespace === '' ? own('TracingPolicy') : own('TracingPolicyNamespaced');
	const object = hasObject === undefined ? own('not known') : hasObject ? kind : own('none');
	const fields = [value(own('object'), object, hasObject === false ? 'warn' : 'plain')];
	if (selects !== '') {
		fields.push(value(own('selects'), safe(selects, 400)));
	}
	if (pods !== undefined) {
		const names = pods.slice(0, podsNamed).map(pod => own`${safe(pod.namespace)}/${safe(pod.name)}`);
		const more = pods.length > podsNamed ? [own`${pods.length - podsNamed} more`] : [];
		const listed = pods.length === 0 ? own('no pod') : joinSafe([...names, ...more], own(', '));
		fields.push(value(own('applies'), own`to ${listed}`));
	}
	return [...fields, ...words.map(each => text(safe(each, 400), 'warn'))];
}

function nodeFields({glyphs}: PaneContext, node: PolicyNodeRow): Field[] {
	const head = own`${glyphs[stateGlyph(node.state)]} ${safe(node.nodeName)}: ${safe(node.state)}, ${safe(node.mode)}`;
	const counts = own`posts ${counterWords(node.posts)}  enforced ${counterWords(node.enforced)}  would ${counterWords(node.would)}  seen ${thousands(node.seen)}  missed ${counterWords(node.missed)}`;
	const fields: Field[] = [text(head, stateTone(node.state)), text(counts, 'plain', 2)];
	if (node.error !== '') {
		fields.push(text(safe(node.error), 'bad', 2));
	}
	for (const {name, state, loaded} of node.hooks) {
		fields.push(text(own`hook ${safe(name)}: ${safe(state)}`, loaded ? 'plain' : 'bad', 2));
	}
	for (const {hook, selectorIndex, label, posts, enforced, would} of node.selectors) {
		const name = label === '' ? own`${selectorIndex}` : own`${selectorIndex} ${safe(label)}`;
		const what = own`${safe(hook)} selector ${name}: posts ${thousands(posts)}  enforced ${thousands(enforced)}  would ${thousands(would)}`;
		fields.push(text(what, 'plain', 2));
	}
	return fields;
}

export function openPolicyLines(context: PaneContext, row: ShownPolicy, width: number): Line[] {
	return fieldLines(
		[
			...policyFields(context, row),
			...clusterFields(row),
			...blastFields(row),
			blank,
			text(own('Per node'), 'strong'),
			...row.perNode.flatMap(node => nodeFields(context, node)),
		],
		Math.max(1, width - 1),
	).map(line => new Cells(width).gap().segments(line).end());
}

export function openPolicy(context: PaneContext, row: ShownPolicy, width: number, rows: number): Line[] {
	const lines = openPolicyLines(context, row, width);
	const first = Math.min(context.ui.policies.scroll, Math.max(0, lines.length - rows));
	return lines.slice(first, first + rows);
}
