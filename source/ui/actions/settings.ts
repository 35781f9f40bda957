/** The settings menu: the switches of the screen, each with its key. */
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {MenuItem, UiState} from '../state/state.js';

function onOff(value: boolean): string {
	return value ? 'on' : 'off';
}

function items(ui: UiState): MenuItem[] {
	return [
		{id: 'do toggle-host', label: 'host processes (H)', text: onOff(ui.tree.showHost)},
		{id: 'do toggle-infra', label: 'infrastructure namespaces (K)', text: onOff(ui.tree.showInfra)},
		{id: 'do toggle-probes', label: 'health probes (P)', text: onOff(ui.events.showProbes)},
		{id: 'do tree-flat', label: 'flat process list (t)', text: onOff(ui.tree.flat)},
		{id: 'do wrap', label: 'wrap long lines (w)', text: onOff(ui.events.wrap)},
		{id: 'do time-format', label: 'time in the feed (t)', text: ui.events.time},
		{id: 'do timeline', label: 'timeline (i)', text: ui.timeline.size},
		{id: 'do bell', label: 'bell at a kill (b)', text: onOff(ui.bell)},
		{id: 'do theme', label: 'theme (T)', text: ''},
		{id: 'do mouse', label: 'mouse (M)', text: ''},
	];
}

export function settings({ui}: Scene): Reaction {
	return stay({...ui, overlay: {type: 'menu', title: 'Settings', items: items(ui), cursor: 0}});
}

export const settingActions = {settings};
