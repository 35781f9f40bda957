/** The one list of all that hides events, in the order of the second line. */
import type {Narrowing} from '../../query/narrowing.js';
import type {Process} from '../../store/processes/process.js';
import {baseName} from '../../tetragon/event/base-name.js';
import type {UiState} from './state.js';

/** Chips that are turned off are in it: they hide nothing, and have their place. */
export function narrowingsOf(ui: UiState): readonly Narrowing[] {
	const {chips, events, given, kills, tree} = ui;
	const list: Narrowing[] = [];
	if (tree.followProcess !== undefined) {
		const {execId, name} = tree.followProcess;
		list.push({text: `F ${name}`, isAtAgent: false, hides: {by: 'process', execId}});
	}

	if (kills.only) {
		list.push({text: 'only alerts', isAtAgent: false, hides: {by: 'alerts'}});
	}

	list.push(...given);
	for (const chip of chips) {
		list.push({text: chip.text, isAtAgent: chip.server, hides: {by: 'chip', chip}});
	}

	if (!events.showProbes) {
		list.push({text: 'probes hidden', isAtAgent: false, hides: {by: 'probes'}});
	}

	return list;
}

/** Events were left out before they came here: a count of all events is a count of those that were asked for. */
export function isLeftOut(ui: UiState): boolean {
	return ui.wasNarrowed || narrowingsOf(ui).some(({isAtAgent, hides}) => isAtAgent || hides.by === 'start');
}

/** How the chip of a followed process names it. Raw. */
export function followedName({facts, pid}: Process): string {
	return facts === undefined ? String(pid) : `${baseName(facts.binary)} ${pid}`;
}
