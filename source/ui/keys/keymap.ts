/** From a key to its binding, with the user's own keys merged in. */
import {type ActionId, type Binding, bindings, type Scope} from './key-table.js';
import {latinTwin} from './physical-keys.js';

export type {ActionId, Scope} from './key-table.js';

export type Keymap = {
	readonly bindings: readonly Binding<ActionId>[];
	readonly byKey: ReadonlyMap<Scope, ReadonlyMap<string, Binding<ActionId>>>;
};

/** Keys of programs around tetratop: screen, tmux, flow control, telnet, ssh. */
export const reservedKeys: readonly string[] = ['ctrl-a', 'ctrl-b', 'ctrl-q', 'ctrl-@', 'ctrl-]', '~'];

/** Scopes in which text is typed into a line. */
const typingScopes: ReadonlySet<Scope> = new Set(['prompt', 'help-search']);

/** Scopes that know only their own keys and those of `always`: the global keys do nothing there. */
const closedScopes: ReadonlySet<Scope> = new Set([...typingScopes, 'help', 'problem', 'text', 'menu', 'chips', 'ask']);

/** True where keys that write text write it into a line. */
export function isTyping(scope: Scope): boolean {
	return typingScopes.has(scope);
}

/** True where the global keys do nothing. */
export function isClosed(scope: Scope): boolean {
	return closedScopes.has(scope);
}

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

/** Keys with two actions in one scope; the built-in table has none, which a test checks. */
export function clashesOf(rows: readonly Binding<ActionId>[]): readonly Clash[] {
	return index(rows).clashes;
}

export const defaultKeymap: Keymap = {bindings, byKey: index(bindings).byKey};

/** Scopes whose keys count in a scope, first one first: nothing hides the keys of `always`. */
function scopesOf(scope: Scope): readonly Scope[] {
	return isClosed(scope) ? ['always', scope] : ['always', scope, 'global'];
}

/**
The binding of a key in a scope; undefined: the key does nothing there. A letter of another keyboard layout counts as the
Latin letter on the same key, but not where text is typed.
*/
export function bindingOf(scope: Scope, key: string, keymap = defaultKeymap): Binding<ActionId> | undefined {
	for (const each of scopesOf(scope)) {
		const found = keymap.byKey.get(each)?.get(key);
		if (found) {
			return found;
		}
	}

	const twin = isTyping(scope) ? undefined : latinTwin(key);
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

/** True for a key name of the decoder. */
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
	return `keys.${second}: "${key}" is already ${first}${scope === 'global' ? '' : ` in ${scope}`}`;
}

/** What is wrong with a key that the user has given to an action; undefined: nothing. */
function mistakeIn(id: string, key: string): string | undefined {
	const name = spelling(key);
	if (!isKeyName(name)) {
		return `keys.${id}: unknown key "${key}"`;
	}

	if (reservedKeys.includes(name)) {
		return `keys.${id}: "${key}" belongs to screen, tmux, telnet, ssh or flow control`;
	}

	const always = defaultKeymap.byKey.get('always')?.get(name);
	return always === undefined || always.id === id ? undefined : `keys.${id}: "${key}" always is ${always.id}`;
}

/** Ctrl-c quits whatever the user's keys are; their keys for `quit` replace Q and F10. */
function keepsItsKeys({scope, id}: Binding<ActionId>): boolean {
	return scope === 'always' && id === 'quit';
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

		errors.push(...keys.flatMap(key => mistakeIn(id, key) ?? []));
	}

	const merged = bindings.map(binding => {
		const keys = Object.hasOwn(overrides, binding.id) && !keepsItsKeys(binding) ? overrides[binding.id] : undefined;
		return keys ? {...binding, keys: keys.map(spelling)} : binding;
	});
	const {byKey, clashes} = index(merged);
	errors.push(...clashes.map(say));
	if (errors.length > 0) {
		return {keymap: defaultKeymap, errors};
	}

	return {keymap: {bindings: merged, byKey}, errors};
}
