/** The tab with everything that is known of the process: of the event's own message, and of the process table. */
import type {ProcessMessage} from '../../../tetragon/event/event.js';
import {own, type SafeText, safe} from '../../../text/safe.js';
import {blank, type Field, text, value} from '../../widgets/fields.js';
import {thousands} from '../../widgets/numbers.js';
import {stateWord} from '../../widgets/process-words.js';
import {clockMs, day} from '../../widgets/times.js';
import type {PaneContext} from '../pane.js';
import type {Known} from './subject.js';

function when(ms: number): SafeText {
	return Number.isFinite(ms) && ms > 0 ? own`${day(ms)} ${clockMs(ms)}` : own('not known');
}

function plainText(field: unknown): SafeText {
	return safe(typeof field === 'string' ? field : JSON.stringify(field));
}

/** Fields that the table of the process says already, or that have lines of their own. */
const told = new Set([
	'exec_id',
	'parent_exec_id',
	'pid',
	'uid',
	'cwd',
	'binary',
	'arguments',
	'flags',
	'start_time',
	'pod',
]);

function rest(message: ProcessMessage): Field[] {
	const fields: Field[] = [];
	for (const [name, field] of Object.entries(message)) {
		if (told.has(name) || field === undefined) {
			continue;
		}
		fields.push(text(own`${safe(name)}: ${plainText(field)}`));
	}
	return fields;
}

function ofTable({glyphs}: PaneContext, {process}: Known): Field[] {
	if (!process) {
		return [];
	}
	const {facts} = process;
	const state = stateWord(process, glyphs);
	const fields: Field[] = [
		value(own('state'), state?.text ?? safe(process.state), state?.tone ?? 'plain'),
		value(own('pid'), own`${process.pid}`),
	];
	if (facts) {
		fields.push(
			value(own('uid'), own`${facts.uid}`),
			value(own('binary'), safe(facts.binary), 'binary'),
			value(own('args'), safe(facts.arguments)),
			value(own('cwd'), safe(facts.cwd)),
			value(own('flags'), safe(facts.flags)),
			value(own('image'), safe(facts.image)),
			value(own('ctr id'), safe(facts.containerId)),
		);
	}
	const ended = Number.isNaN(process.endMs) ? own('not seen') : when(process.endMs);
	fields.push(
		value(own('start'), when(process.startMs)),
		value(own('end'), ended),
		value(own('events'), thousands(process.events)),
		value(own('exec_id'), safe(process.execId)),
		value(own('parent'), process.parentExecId === '' ? own('none') : safe(process.parentExecId)),
	);
	if (process.asOfDump) {
		fields.push(text(own('from the process cache at connect; no event has named it since'), 'dim'));
	}
	return fields;
}

export function processTab(context: PaneContext, found: Known): Field[] {
	const fields = ofTable(context, found);
	const message = found.body?.process;
	if (message) {
		const others = rest(message);
		if (others.length > 0) {
			fields.push(blank, text(own('also in the event'), 'dim'), ...others);
		}
	}
	return fields.length === 0 ? [text(own('no process is known for this event'), 'dim')] : fields;
}
