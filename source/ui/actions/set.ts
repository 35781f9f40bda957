/** `:set name=value`: the switches of the screen by name. */
import {table} from '../../runtime/table.js';
import {own, safe} from '../../text/safe.js';
import {type ThemeName, themeNames} from '../frame/theme.js';
import {type Effect, flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';
import {type TimeFormat, timeFormats} from '../widgets/moments.js';

type Setting = {
	readonly values: readonly string[];
	readonly apply: (ui: UiState, value: string) => {readonly ui: UiState; readonly effects?: readonly Effect[]};
};

function isOn(value: string): boolean {
	return value === 'on';
}

const onOff: readonly string[] = ['on', 'off'];

const settings: Readonly<Record<string, Setting>> = table<Setting>({
	host: {values: onOff, apply: (ui, value) => ({ui: {...ui, tree: {...ui.tree, showHost: isOn(value)}}})},
	infra: {values: onOff, apply: (ui, value) => ({ui: {...ui, tree: {...ui.tree, showInfra: isOn(value)}}})},
	flat: {values: onOff, apply: (ui, value) => ({ui: {...ui, tree: {...ui.tree, flat: isOn(value)}}})},
	probes: {values: onOff, apply: (ui, value) => ({ui: {...ui, events: {...ui.events, showProbes: isOn(value)}}})},
	fold: {values: onOff, apply: (ui, value) => ({ui: {...ui, events: {...ui.events, fold: isOn(value)}}})},
	wrap: {values: onOff, apply: (ui, value) => ({ui: {...ui, events: {...ui.events, wrap: isOn(value), shift: 0}}})},
	time: {
		values: timeFormats,
		apply: (ui, value) => ({ui: {...ui, events: {...ui.events, time: value as TimeFormat}}}),
	},
	deaths: {
		values: ['policy', 'all'],
		apply: (ui, value) => ({ui: {...ui, kills: {...ui.kills, deaths: value as 'policy' | 'all'}}}),
	},
	bell: {values: onOff, apply: (ui, value) => ({ui: {...ui, bell: isOn(value)}})},
	theme: {
		values: themeNames,
		apply: (ui, value) => ({ui, effects: [{type: 'theme', name: value as ThemeName}]}),
	},
	ascii: {values: onOff, apply: (ui, value) => ({ui, effects: [{type: 'ascii', isOn: isOn(value)}]})},
	own: {values: ['show', 'hide'], apply: (ui, value) => ({ui, effects: [{type: 'own', isShown: value === 'show'}]})},
});

export const settingNames: readonly string[] = Object.keys(settings);

/** Each `name=value` that `:set` takes. */
export const settingAssignments: readonly string[] = Object.entries(settings).flatMap(([name, {values}]) =>
	values.map(value => `${name}=${value}`),
);

/** What `:set` takes, for the docs: `wrap=on|off`. */
export const settingWords: readonly string[] = Object.entries(settings).map(
	([name, {values}]) => `${name}=${values.join('|')}`,
);

export function setNamed(scene: Scene, argument: string): Reaction {
	const [name = '', value = ''] = argument.split(/[=\s]+/);
	const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
	if (!setting) {
		return stay(flash(scene, safe(`:set takes ${Object.keys(settings).join(', ')}`)));
	}

	if (!setting.values.includes(value)) {
		return stay(flash(scene, own`${safe(name)} is one of: ${safe(setting.values.join(', '))}`));
	}

	const {ui, effects = []} = setting.apply(scene.ui, value);
	const isSaid = effects.length > 0;
	return stay(isSaid ? ui : flash(scene, own`${safe(name)}: ${safe(value)}`, ui), ...effects);
}
