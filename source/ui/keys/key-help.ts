/**
The binding table in words: key bar, help and docs/keys.md.
*/
import {table} from '../../runtime/table.js';
import {concat, own, type SafeText, safe} from '../../text/safe.js';
import {fit, widthOf} from '../../text/width.js';
import type {Glyphs} from '../frame/glyphs.js';
import type {Line, Segment} from '../frame/line.js';
import type {PaneKind} from '../panes/pane-kind.js';
import {panes, views} from '../panes/pane-kinds.js';
import type {ActionId, Binding, Group, Scope} from './key-table.js';
import {defaultKeymap, isClosed, type Keymap} from './keymap.js';

const spelled: Readonly<Record<string, string>> = table<string>({
	up: 'Up',
	down: 'Down',
	left: 'Left',
	right: 'Right',
	home: 'Home',
	end: 'End',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	insert: 'Ins',
	delete: 'Del',
	backspace: 'Backspace',
	enter: 'Enter',
	tab: 'Tab',
	esc: 'Esc',
	space: 'Space',
});

/** A key as people write it: `ctrl-s` is Ctrl-s, `pagedown` is PgDn, `f1` is F1. */
export function keyLabel(key: string): string {
	const [, modifiers = '', plain = key] = /^((?:(?:ctrl|alt|shift)-)*)(.+)$/.exec(key) ?? [];
	const name = spelled[plain] ?? (/^f\d+$/.test(plain) ? plain.toUpperCase() : plain);
	return modifiers.replace('shift-', 'Shift-').replace('ctrl-', 'Ctrl-').replace('alt-', 'Alt-') + name;
}

/** How the keys are shown: by default the built-in ones on a read-only screen. */
export type KeyView = {readonly keymap?: Keymap; readonly allowWrite?: boolean};

/** What a key says that would change something in the cluster, on a screen without write access. */
const readOnlyWords = {label: 'read-only', help: 'read-only: start with --allow-write to switch a policy'};

/** Bindings that count in a scope, its own before the global ones that they do not hide. */
function visibleIn(scope: Scope, {keymap = defaultKeymap, allowWrite = false}: KeyView): Binding<ActionId>[] {
	return bindingsIn(scope, keymap).map(binding =>
		binding.writes && !allowWrite ? {...binding, ...readOnlyWords} : binding,
	);
}

function bindingsIn(scope: Scope, keymap: Keymap): Binding<ActionId>[] {
	const mine = keymap.bindings.filter(binding => binding.scope === scope && !binding.hidden);
	if (isClosed(scope)) {
		return mine;
	}
	const taken = new Set(mine.flatMap(binding => binding.keys));
	const ids = new Set(mine.map(binding => binding.id));
	const rest = keymap.bindings.filter(
		binding =>
			(binding.scope === 'global' || binding.scope === 'always') &&
			!binding.hidden &&
			!(ids.has(binding.id) && binding.keys.every(key => taken.has(key))) &&
			!binding.keys.every(key => taken.has(key)),
	);
	return [...mine, ...rest];
}

function barKeys(binding: Binding<ActionId>, keymap: Keymap, glyphs: Glyphs): SafeText {
	const first = binding.keys[0] ?? '';
	const isDefault = defaultKeymap.byKey.get(binding.scope)?.get(first)?.id === binding.id;
	if (binding.barKeys !== undefined && (keymap === defaultKeymap || isDefault)) {
		return safe(binding.barKeys);
	}
	return first === 'enter' ? glyphs.enter : safe(keyLabel(first));
}

/** The key bar of a scope, exactly `width` cells: most useful entries first, only whole ones, and always the key that goes back. */
export function keyBar(scope: Scope, width: number, glyphs: Glyphs, view: KeyView = {}): Line {
	const {keymap = defaultKeymap} = view;
	const seen = new Set<ActionId>();
	const entries = visibleIn(scope, view)
		.filter(binding => binding.bar !== undefined && binding.keys.length > 0)
		.sort((left, right) => (left.bar ?? 0) - (right.bar ?? 0))
		.filter(({id}) => !seen.has(id) && seen.add(id))
		.map(binding => ({
			keys: barKeys(binding, keymap, glyphs),
			label: safe(` ${binding.label}`),
			isLast: binding.bar === 1_000,
		}))
		.map(entry => ({...entry, cells: widthOf(entry.keys) + widthOf(entry.label)}));
	const last = entries.find(entry => entry.isLast);
	let room = width - 1 - (last ? last.cells : 0);
	const line: Segment[] = [{text: own(' '), tone: 'plain'}];

	function put({keys, label}: {keys: SafeText; label: SafeText}, gap: SafeText): void {
		line.push({text: keys, tone: 'strong'}, {text: concat(label, gap), tone: 'dim'});
	}

	for (const entry of entries) {
		if (entry.isLast) {
			continue;
		}
		if (entry.cells + 2 > room) {
			break;
		}
		room -= entry.cells + 2;
		put(entry, own('  '));
	}
	if (last && room >= 0) {
		put(last, own(''));
	}
	const used = line.reduce((sum, segment) => sum + widthOf(segment.text), 0);
	if (used > width) {
		return [{text: fit(line.map(({text}) => text)[0] ?? own(''), width), tone: 'dim'}];
	}
	return used < width ? [...line, {text: fit(own(''), width - used), tone: 'plain'}] : line;
}

export type HelpEntry = {readonly keys: SafeText; readonly help: SafeText};
export type HelpPage = {readonly title: SafeText; readonly entries: readonly HelpEntry[]};

const groups: readonly (readonly [Group, SafeText])[] = [
	['prompt', own('PROMPT')],
	['move', own('MOVE')],
	['find', own('FIND')],
	['read', own('READ')],
	['stream', own('STREAM')],
	['tree', own('TREE')],
	['alerts', own('ALERTS')],
	['view', own('VIEW')],
	['app', own('APP')],
];

/** The keys that count in a scope, by group. `find`: only entries that contain this text. */
export function helpPages(scope: Scope, find = '', view: KeyView = {}): HelpPage[] {
	const wanted = find.toLowerCase();
	const visible = visibleIn(scope, view);
	const pages: HelpPage[] = [];
	for (const [group, title] of groups) {
		const entries = visible
			.filter(binding => binding.group === group)
			.map(binding => ({keys: binding.keys.map(keyLabel).join(' '), help: binding.help}))
			.filter(({keys, help}) => keys.includes(find) || help.toLowerCase().includes(wanted))
			.map(({keys, help}) => ({keys: safe(keys), help: safe(help)}));
		if (entries.length > 0) {
			pages.push({title, entries});
		}
	}
	return pages;
}

function titlesOf(table: Readonly<Record<string, PaneKind>>): Array<readonly [string, string]> {
	return Object.values(table).map(({id, name, digit}) => [id, digit === undefined ? name : `${name} (${digit})`]);
}

const scopeTitles: ReadonlyArray<readonly [scope: string, title: string]> = [
	['global', 'Panes and views'],
	['always', 'Everywhere, also while typing'],
	...titlesOf(panes),
	['timeline', 'Timeline'],
	...titlesOf(views),
	['prompt', 'Prompt'],
	['help', 'Help'],
	['help-search', 'A search in the help'],
	['problem', 'A problem'],
	['text', 'A text on the screen'],
	['menu', 'A menu'],
	['chips', 'The list of filters (:filter)'],
	['ask', 'A question'],
];

function code(key: string): string {
	return `\`${keyLabel(key).replaceAll('|', '\\|')}\``;
}

/** docs/keys.md and `tetratop keys`. */
export function keysMarkdown(keymap = defaultKeymap): string {
	const parts = ['# Keys', '', 'Made from the binding table of the program (`source/ui/keys/key-table.ts`).', ''];
	for (const [scope, title] of scopeTitles) {
		const rows = keymap.bindings.filter(binding => binding.scope === scope && !binding.hidden);
		if (rows.length === 0) {
			continue;
		}
		parts.push(`## ${title}`, '', '| Keys | What | Name in `keys:` |', '| --- | --- | --- |');
		for (const {keys, help, id} of rows) {
			parts.push(`| ${keys.map(code).join(' ')} | ${help} | ${id} |`);
		}
		parts.push('');
	}
	return parts.join('\n');
}
