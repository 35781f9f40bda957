/** The tab with the chain from the root down to the process, nothing cut. */
import {own} from '../../../text/safe.js';
import {type Field, text} from '../../widgets/fields.js';
import {commandOf} from '../../widgets/process-words.js';
import type {PaneContext} from '../pane.js';
import type {Known} from './subject.js';
import {ancestorsOf, linkWords} from './summary-tab.js';

export function ancestorsTab(context: PaneContext, found: Known): Field[] {
	const chain = [...ancestorsOf(context, found)].reverse();
	const fields = chain.map((link, depth) => text(linkWords(link, true), 'plain', Math.min(depth, 12) * 2));
	const {process, body} = found;
	const indent = Math.min(chain.length, 12) * 2;
	if (process) {
		fields.push(text(own`${process.pid} ${commandOf(process, 100_000)}`, 'binary', indent));
	} else if (body?.process) {
		const {pid = 0, binary = '', arguments: args = '', exec_id = ''} = body.process;
		fields.push(text(linkWords({execId: exec_id, pid, binary, arguments: args}, true), 'binary', indent));
	}
	if (chain.length === 0) {
		fields.unshift(text(own('no parent is known'), 'dim'));
	}
	return fields;
}
