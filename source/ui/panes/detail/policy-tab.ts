/** The tab with the policy behind the event: its mode on this node, its counters, what fired. */
import {own, type SafeText, safe} from '../../../text/safe.js';
import {blank, type Field, text, value} from '../../widgets/fields.js';
import {killWords} from '../../widgets/kill-words.js';
import {policyFields} from '../../widgets/policy-words.js';
import type {PaneContext} from '../pane.js';
import type {Known} from './subject.js';

function fired({kill, body}: Known): Field[] {
	const fields: Field[] = [];
	const called = kill?.functionName || body?.function_name;
	if (called) {
		fields.push(value(own('hook'), safe(called)));
	}
	const action = kill?.action || body?.action;
	if (action !== undefined) {
		fields.push(value(own('action'), safe(String(action))));
	}
	if (kill) {
		const {name, meaning, tone} = killWords[kill.state];
		fields.push(value(own('state'), own`${name}: ${meaning}`, tone));
		fields.push(value(own('mode'), kill.mode === 'unknown' ? own('not known on this node') : safe(kill.mode)));
	}
	return fields;
}

export function policyTab(context: PaneContext, found: Known): Field[] {
	const name = found.kill?.policy || found.body?.policy_name || '';
	if (name === '') {
		return [text(own('no policy: Tetragon reports exec and exit of every process by itself'), 'dim')];
	}
	const title: SafeText = safe(name);
	const rows = context.picture.policies.filter(policy => policy.name === name);
	const fields: Field[] = [text(title, 'strong'), blank, ...fired(found)];
	if (rows.length === 0) {
		return [...fields, blank, text(own('no node lists this policy now'), 'dim')];
	}
	for (const row of rows) {
		fields.push(blank, ...policyFields(context, row));
	}
	return fields;
}
