/** A tracing policy in words: its mode, its state on the nodes, its counters. */
import type {PolicyRow} from '../../store/policies/policy-rows.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import type {GlyphName, Glyphs} from '../frame/glyphs.js';
import type {Tone} from '../frame/line.js';
import {type Field, text, value} from './fields.js';
import {bytes, rate, thousands} from './numbers.js';

export function stateGlyph(state: string): GlyphName {
	if (state === 'enabled') {
		return 'nodeOk';
	}
	if (state === 'partial' || state === 'mixed' || state === 'loading' || state === 'unloading') {
		return 'nodePartial';
	}
	return state.includes('error') ? 'nodeBad' : 'nodeOff';
}

export function stateTone(state: string): Tone {
	if (state === 'enabled') {
		return 'good';
	}
	if (state.includes('error')) {
		return 'bad';
	}
	return state === 'disabled' || state === 'skipped' ? 'dim' : 'warn';
}

export function modeTone(mode: string): Tone {
	if (mode === 'enforce') {
		return 'strong';
	}
	return mode === 'monitor' || mode === 'mon_only' ? 'would' : 'dim';
}

/** `?` for a counter that no agent reports: it is unknown, not zero. */
export function counterWords(count: number | undefined): SafeText {
	return count === undefined ? own('?') : thousands(count);
}

/** Why the counters are higher than the number of events that were seen. */
export function missedWords({missed, unseen}: PolicyRow): SafeText | undefined {
	if (missed === undefined || missed === 0) {
		return undefined;
	}
	const kills = unseen > 0 ? own`, ${thousands(unseen)} of them enforcements` : own('');
	return own`${thousands(missed)} events did not come here${kills}: NoPost or NotifyEnforcer actions, a rate limit, or lost`;
}

/** Where a policy is listed but not on all nodes. */
export function absentWords({nodes, ofNodes, perNode}: PolicyRow): SafeText | undefined {
	const absent = ofNodes - perNode.filter(({state}) => state !== 'unlisted').length;
	if (absent > 0) {
		return own`absent on ${absent} of ${ofNodes} nodes`;
	}
	return nodes < ofNodes ? own`enabled on ${nodes} of ${ofNodes} nodes` : undefined;
}

function share(part: number): SafeText {
	const percent = part * 100;
	return percent > 0 && percent < 1 ? own('<1 %') : own`${Math.round(percent)} %`;
}

/** The policy as labelled values, for the detail. */
export function policyFields({glyphs}: {readonly glyphs: Glyphs}, row: PolicyRow): Field[] {
	const where = row.namespace === '' ? own('cluster-wide') : own`namespace ${safe(row.namespace)}`;
	const absent = absentWords(row);
	const missed = missedWords(row);
	const fields: Field[] = [
		value(own('policy'), own`${safe(row.name)}, ${where}`),
		value(own('mode'), safe(row.mode), modeTone(row.mode)),
		value(
			own('state'),
			own`${glyphs[stateGlyph(row.state)]} ${safe(row.state)} on ${row.nodes}/${row.ofNodes} nodes`,
			stateTone(row.state),
		),
	];
	if (absent) {
		fields.push(text(absent, 'warn', 9));
	}
	if (row.error !== '') {
		fields.push(value(own('error'), safe(row.error), 'bad'));
	}
	if (row.note !== '') {
		fields.push(value(own('note'), safe(row.note), 'warn'));
	}
	fields.push(
		value(own('enforced'), counterWords(row.enforced)),
		value(own('would'), counterWords(row.would)),
		value(own('posts'), own`${rate(row.postsPerSecond)}/s`),
		value(own('seen'), own`${thousands(row.seen)}, ${share(row.share)} of all events`),
		value(own('missed'), counterWords(row.missed), (row.missed ?? 0) > 0 ? 'loss' : 'plain'),
	);
	if (missed) {
		fields.push(text(missed, 'dim', 9));
	}
	fields.push(value(own('memory'), row.kernelMemoryBytes > 0 ? bytes(row.kernelMemoryBytes) : own('not reported')));
	const modes = [...new Set(row.perNode.map(node => node.mode))].filter(mode => mode !== row.mode);
	if (row.perNode.length > 1 && modes.length > 0) {
		const each = row.perNode.map(node => own`${safe(node.nodeName)} ${safe(node.mode)}`);
		fields.push(value(own('by node'), joinSafe(each, own(', ')), 'warn'));
	}
	return fields;
}
