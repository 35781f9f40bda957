/**
From a key to what it does, with the user's own keys merged in.
*/
import {type ActionId, type Binding, bindings, type Scope} from './key-table.js';
import {latinTwin} from './physical-keys.js';

export type {ActionId, Scope} from './key-table.js';

export type Keymap = {
	readonly bindings: readonly Binding<ActionId>[];
	readonly byKey: ReadonlyMap<Scope, ReadonlyMap<string, Binding<ActionId>>>;
};

/** Keys that belong to something around tetratop: screen, tmux, flow control, telnet, ssh. */
export const reservedKeys: readonly string[] = ['ctrl-a', 'ctrl-b', 'ctrl-q', 'ctrl-@', 'ctrl-]', '~'];

/** In these only their own keys count, and those of `always`: letters are typed, or answer a question. */
const closedScopes: ReadonlySet<Scope> = new Set(['prompt', 'help', 'problem', 'text', 'menu', 'chips', 'ask']);

type Clash = {readonly key: string; readonly scope: Scope; readonly first: string; readonly second: string};

function index(rows: readonly Binding<ActionId>[]): {byKey: Keymap['byKey']; clashes: Clash[]} {
	const byKey = new Map<Scope, Map<string, Binding<ActionId>>>();
	const clashes: Clash[] = [];
	for (const binding of rows) {
		const keys = byKey.get(binding.scope) ?? new Map<string, Binding<ActionId>>();
		byKey.set(binding.scope, keys);
		for (const key of binding.keys) {
			const first = keys.get(key);
			if (first) {
				clashes.push({key, scope: binding.scope, first: first.id, second: binding.id});
			}
			keys.set(key, binding);
		}
	}
	return {byKey, clashes};
}

/** Two actions on one key in one scope; none in the table that is built in (a test holds it). */
export function clashesOf(rows: readonly Binding<ActionId>[]): readonly Clash[] {
	return index(rows).clashes;
}

export const defaultKeymap: Keymap = {bindings, byKey: index(bindings).byKey};

/** The binding of a key in a scope; undefined: it does nothing there. Letters of other layouts count by their place. */
export function bindingOf(scope: Scope, key: string, keymap = defaultKeymap): Binding<ActionId> | undefined {
	const scopes: readonly Scope[] = closedScopes.has(scope) ? [scope, 'always'] : [scope, 'global', 'always'];
	for (const each of scopes) {
		const found = keymap.byKey.get(each)?.get(key);
		if (found) {
			return found;
		}
	}
	const twin = scope === 'prompt' ? undefined : latinTwin(key);
	return twin === undefined ? undefined : bindingOf(scope, twin, keymap);
}

/** What a key does in a scope; undefined: nothing. */
export function lookup(scope: Scope, key: string, keymap = defaultKeymap): ActionId | undefined {
	return bindingOf(scope, key, keymap)?.id;
}

const named = new Set([
	...['up', 'down', 'left', 'right', 'home', 'end', 'pageup', 'pagedown', 'insert', 'delete', 'backspace'],
	...['enter', 'tab', 'esc', 'space'],
	...Array.from({length: 20}, (_, number) => `f${number + 1}`),
]);

/** True for a key name that the decoder can give. */
export function isKeyName(key: string): boolean {
	const plain = key.replace(/^(?:(?:ctrl|alt|shift)-)+(?=.)/, '');
	return named.has(plain) || [...plain].length === 1;
}

function spelling(key: string): string {
	const lower = key.toLowerCase();
	const isNamed = isKeyName(lower) && lower.length > 1;
	return isNamed ? lower : key;
}

function say({key, scope, first, second}: Clash): string {
	return `keys.${second}: "${key}" already is ${first}${scope === 'global' ? '' : ` in ${scope}`}`;
}

/**
The table with the user's keys: `{pause: ['p', 'Z']}` replaces the keys of an action wherever it is bound. Each error is
one sentence; with any error the keymap is the built-in one.
*/
export function mergeKeys(overrides: Readonly<Record<string, readonly string[]>>): {
	readonly keymap: Keymap;
	readonly errors: readonly string[];
} {
	const known = new Set<string>(bindings.map(binding => binding.id));
	const errors: string[] = [];
	for (const [id, keys] of Object.entries(overrides)) {
		if (!known.has(id)) {
			errors.push(`keys.${id}: no such action; tetratop keys lists them`);
		}
		for (const key of keys) {
			if (!isKeyName(spelling(key))) {
				errors.push(`keys.${id}: unknown key "${key}"`);
			} else if (reservedKeys.includes(spelling(key))) {
				errors.push(`keys.${id}: "${key}" belongs to screen, tmux, telnet, ssh or flow control`);
			}
		}
	}
	const merged = bindings.map(binding => {
		const keys = Object.hasOwn(overrides, binding.id) ? overrides[binding.id] : undefined;
		return keys ? {...binding, keys: keys.map(spelling)} : binding;
	});
	const {byKey, clashes} = index(merged);
	errors.push(...clashes.map(say));
	if (errors.length > 0) {
		return {keymap: defaultKeymap, errors};
	}
	return {keymap: {bindings: merged, byKey}, errors};
}
