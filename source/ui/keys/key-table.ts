/**
The table of keys: dispatch, key bar, help, docs/keys.md and the user's own keys read it. A key that is not in it does
nothing; where a line is typed it edits the line.

Never bound: ctrl-a (GNU screen), ctrl-b (tmux), ctrl-q and ctrl-@ (flow control, set mark), ctrl-] (telnet), ~ (ssh).
No key needs Alt, since macOS Terminal types characters with it. Each action of an F-key has a second key, since PuTTY,
screen and terminals of the Mac take some F-keys for themselves.
*/

import type {KindId} from '../frame/pane-ids.js';
import {kinds} from '../panes/pane-kinds.js';

/**
Where a key counts. The keys of `always` count everywhere and first. A pane's own keys come before those of `global`; the
scopes of typing and of overlays have only their own.
*/
export type Scope =
	| 'always'
	| 'global'
	| KindId
	| 'timeline'
	| 'prompt'
	| 'help'
	| 'help-search'
	| 'problem'
	| 'text'
	| 'menu'
	| 'chips'
	| 'ask';

export type Group = 'move' | 'find' | 'read' | 'stream' | 'tree' | 'alerts' | 'view' | 'app' | 'prompt';

export type Binding<Id extends string = string> = {
	readonly id: Id;
	/** Key names of the decoder: `j`, `ctrl-d`, `f1`, `shift-up`, `space`. */
	readonly keys: readonly string[];
	readonly scope: Scope;
	/** A word or two for the key bar. */
	readonly label: string;
	/** One line for the help. */
	readonly help: string;
	readonly group: Group;
	/** Place in the key bar, lowest first; undefined: the key is shown in the help only. */
	readonly bar?: number;
	/** What the key bar shows for the keys, where one entry shows several bindings. */
	readonly barKeys?: string;
	/** Not shown in key bar, help and docs. */
	readonly hidden?: boolean;
	/** Changes something in the cluster: without write access the key only says so. */
	readonly writes?: boolean;
};

function row<const Id extends string>(
	scope: Scope,
	group: Group,
	keys: string,
	id: Id,
	label: string,
	help: string,
	more: Pick<Binding, 'bar' | 'barKeys' | 'hidden' | 'writes'> = {},
): Binding<Id> {
	return {id, keys: keys.split(' '), scope, label, help, group, ...more};
}

export const bindings = [
	row('always', 'app', 'ctrl-c', 'quit', 'quit', 'quit from anywhere'),
	row('always', 'app', 'ctrl-z', 'suspend', 'suspend', 'suspend; fg brings it back'),
	row('always', 'app', 'ctrl-l', 'redraw', 'redraw', 'redraw the whole screen'),

	row('global', 'move', 'j down', 'down', 'down', 'next line'),
	row('global', 'move', 'k up', 'up', 'up', 'previous line'),
	row('global', 'move', 'h left', 'left', 'left', 'scroll the text to the left'),
	row('global', 'move', 'l right', 'right', 'right', 'scroll the text to the right'),
	row('global', 'move', 'pagedown ctrl-f', 'page-down', 'page down', 'a page down'),
	row('global', 'move', 'pageup', 'page-up', 'page up', 'a page up'),
	row('global', 'move', 'ctrl-d', 'half-down', 'half down', 'half a page down'),
	row('global', 'move', 'ctrl-u', 'half-up', 'half up', 'half a page up'),
	row('global', 'move', 'g home', 'top', 'top', 'first line'),
	row('global', 'move', 'G end', 'bottom', 'end', 'last line'),
	row('global', 'move', 'shift-down', 'pan-down', 'pan', 'move the view down, the selection stays'),
	row('global', 'move', 'shift-up', 'pan-up', 'pan', 'move the view up, the selection stays'),
	row('global', 'move', 'tab', 'next-pane', 'pane', 'next pane', {bar: 50}),
	row('global', 'move', 'shift-tab', 'previous-pane', 'pane', 'previous pane'),
	...goRows(),
	row('global', 'move', '[ backspace', 'view-back', 'back', 'go back to the previous place'),
	row('global', 'move', ']', 'view-forward', 'forward', 'go forward again'),

	row('global', 'find', '/ \\ f4', 'filter', 'filter', 'filter: hide what does not match', {bar: 20}),
	row('global', 'find', 'S f3', 'search', 'search', 'search: mark the matches, hide nothing'),
	row('global', 'find', 'n', 'next-match', 'next', 'next match', {bar: 120, barKeys: 'n/N'}),
	row('global', 'find', 'N shift-f3', 'previous-match', 'previous', 'previous match'),
	row('global', 'find', '0', 'all-namespaces', 'all ns', 'all namespaces'),
	row('global', 'find', 'o', 'only-node', 'node', 'only this node'),
	...onEach('find', '=', 'only', 'only', 'only this value', 90),
	...onEach('find', '!', 'not', 'not', 'not this value', 95),

	row('global', 'read', 'enter', 'open', 'open', 'open; on a group of the tree: filter by it', {bar: 40}),
	row('global', 'read', 'v', 'problems', 'problem', 'problems: what is wrong and how to fix it', {bar: 160}),
	row('global', 'read', 'd', 'detail', 'detail', 'open the detail'),
	row('global', 'read', 'y', 'raw', 'json', 'raw JSON as the agent sent it', {bar: 100}),
	row('global', 'read', 'c', 'copy', 'copy', 'copy the value (OSC 52)', {bar: 110}),
	row('global', 'read', 'C', 'copy-menu', 'copy menu', 'choose what to copy'),
	row('global', 'read', 'w', 'wrap', 'wrap', 'wrap long lines'),
	row('global', 'read', 'f', 'zoom', 'zoom', 'zoom the pane in or out', {bar: 115}),
	row('global', 'read', 'L', 'plain', 'plain', 'print the screen as plain text, to select it with the mouse'),

	row('global', 'stream', 'p Z', 'pause', 'pause', 'pause and resume the screen; no event is lost', {bar: 70}),
	row('global', 'stream', 'R', 'record', 'record', 'start or stop a recording', {bar: 140}),
	row('global', 'stream', 'ctrl-s', 'save', 'save', 'save the view: text, CSV or JSON lines by name'),
	row('global', 'stream', 'm', 'mark', 'mark', 'add a mark to the feed', {bar: 130}),
	row('events', 'stream', 's', 'follow', 'follow', 'follow the newest event, or stop following', {bar: 75}),
	row('events', 'stream', 't', 'time-format', 'time', 'time: clock, relative, delta, UTC'),

	row('processes', 'tree', 'right l +', 'unfold', 'unfold', 'unfold', {bar: 80, barKeys: '+/-'}),
	row('processes', 'tree', 'left h -', 'fold', 'fold', 'fold; on a leaf go to the parent'),
	row('processes', 'tree', '=', 'fold-toggle', 'fold', 'fold or unfold'),
	row('processes', 'tree', '* x', 'fold-all', 'all', 'fold or unfold all'),
	row('processes', 'tree', 'backspace', 'fold-parent', 'parent', 'fold into the parent'),
	row('processes', 'tree', 't', 'tree-flat', 'flat', 'tree or flat', {bar: 85}),
	row('global', 'tree', 'f5', 'tree-flat', 'flat', 'tree or flat, from any pane'),
	row('processes', 'tree', 'F', 'follow-process', 'follow', 'follow this process and its children', {bar: 87}),

	row('global', 'alerts', 'e', 'next-alert', 'alert', 'next alert, in all panes', {bar: 72, barKeys: 'e/E'}),
	row('global', 'alerts', 'E', 'previous-alert', 'alert', 'previous alert'),
	row('global', 'alerts', 'a', 'only-alerts', 'alerts', 'only alerts'),
	row('global', 'alerts', 'A', 'acknowledge', 'ack', 'acknowledge all shown alerts'),
	row('kills', 'alerts', 'A', 'acknowledge', 'ack', 'acknowledge all shown alerts', {bar: 74}),
	row('global', 'alerts', 'b', 'bell', 'bell', 'turn the bell on or off'),

	row('global', 'view', 'K', 'toggle-infra', 'infra', 'show or hide the infrastructure namespaces'),
	row('global', 'view', 'H', 'toggle-host', 'host', 'show or hide host processes'),
	row('global', 'view', 'P', 'toggle-probes', 'probes', 'show or hide health probes'),
	row('global', 'read', 'space', 'pin', 'pin', 'pin the row to the top of its pane, or unpin it'),
	row('global', 'read', 'U', 'unpin-all', 'unpin', 'unpin all'),
	row('events', 'view', 'ctrl-w', 'column-set', 'columns', 'columns of the feed: fitting, narrow, wide'),
	row('global', 'view', '> f6', 'sort', 'sort', 'sort menu: processes, alerts, nodes, policies'),
	row('global', 'view', 'I', 'invert', 'invert', 'reverse the order'),
	row('global', 'view', 'i', 'timeline', 'timeline', 'timeline: small, big, off'),
	row('timeline', 'view', 'left h', 'time-left', 'earlier', 'earlier', {bar: 30, barKeys: 'h/l'}),
	row('timeline', 'view', 'right l', 'time-right', 'later', 'later'),
	row('timeline', 'view', 'z', 'time-zoom-in', 'zoom', 'finer cells', {bar: 35, barKeys: 'z/Z'}),
	row('timeline', 'view', 'Z', 'time-zoom-out', 'zoom', 'coarser cells'),
	row('timeline', 'view', 'v', 'time-range', 'range', 'begin a range', {bar: 37}),
	row('timeline', 'view', 'enter', 'time-jump', 'jump', 'jump there, or limit to the range', {bar: 36}),
	row('timeline', 'view', '+', 'faster', 'speed', 'replay faster', {bar: 38, barKeys: '+/-'}),
	row('timeline', 'view', '-', 'slower', 'slower', 'replay slower'),
	row('policies', 'view', 'm', 'policy-mode', 'mode', 'monitor or enforce (only with --allow-write)', {
		bar: 45,
		writes: true,
	}),

	row('global', 'app', '? f1', 'help', 'help', 'this help', {bar: 10}),
	row('global', 'app', ':', 'command', 'cmd', 'command line :ns :ctx :node :pod :pid :save :q', {bar: 30}),
	row('global', 'app', 'esc', 'escape', 'close', 'close the top overlay or pane, then remove the last filter'),
	row('global', 'app', 'q', 'back', 'back', 'back; quits at the root', {bar: 1_000}),
	row('global', 'app', 'Q f10', 'quit', 'quit', 'quit'),
	row('global', 'app', 'ctrl-r', 'reconnect', 'reconnect', 'reconnect now'),
	row('nodes', 'view', 'L', 'agent-log', 'agent log', 'last lines of the agent log', {bar: 45}),
	row('policies', 'read', 'y', 'policy-yaml', 'yaml', 'the YAML of the policy, from the cluster', {bar: 100}),
	row('nodes', 'app', 'ctrl-r', 'reconnect', 'reconnect', 'reconnect this node now', {bar: 47}),
	row('global', 'app', 'T', 'theme', 'theme', 'next theme'),
	row('global', 'app', 'M', 'mouse', 'mouse', 'turn the mouse on or off'),
	row('global', 'app', ', f2', 'settings', 'settings', 'settings'),
	row('global', 'app', 'ctrl-k f9 9 delete', 'read-only', '', 'tetratop is read-only', {
		hidden: true,
	}),

	row('prompt', 'prompt', 'enter', 'prompt-enter', 'apply', 'apply the filter, search or command', {bar: 10}),
	row('prompt', 'prompt', 'esc', 'prompt-cancel', 'cancel', 'close the prompt; nothing changes', {bar: 1_000}),
	row('prompt', 'prompt', 'tab ctrl-f', 'prompt-accept', 'accept', 'take the suggested name', {bar: 20}),
	row('prompt', 'prompt', 'down', 'prompt-down', 'choose', 'next candidate', {bar: 30, barKeys: 'Up/Down'}),
	row('prompt', 'prompt', 'up', 'prompt-up', 'choose', 'previous candidate; history when there is none'),
	row('prompt', 'prompt', 'ctrl-p', 'prompt-older', 'older', 'older line of the history'),
	row('prompt', 'prompt', 'ctrl-n', 'prompt-newer', 'newer', 'newer line of the history'),
	row('prompt', 'prompt', 'ctrl-t', 'prompt-mode', 'filter<->highlight', 'filter or highlight', {bar: 40}),
	row('prompt', 'prompt', 'ctrl-x', 'prompt-exclude', 'exclude', 'include or exclude', {bar: 50}),
	row(
		'prompt',
		'prompt',
		'backspace',
		'prompt-erase',
		'erase',
		'delete a character; in an empty line edit the last filter',
	),
	row('prompt', 'prompt', 'f1', 'prompt-help', 'syntax', 'the query language'),
	row('prompt', 'prompt', 'ctrl-g', 'prompt-help', 'syntax', 'the query language', {bar: 60}),

	row('help', 'app', 'esc q enter ? f1', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('help'),
	row('help', 'find', '/ S f3', 'help-find', 'find a key', 'find a key', {bar: 20}),
	row('help-search', 'app', 'enter f1', 'overlay-close', 'close', 'close the help', {bar: 10}),
	row('help-search', 'find', 'esc', 'help-find-end', 'cancel', 'end the search', {bar: 1_000}),
	row('help-search', 'find', 'backspace', 'help-find-erase', 'erase', 'delete a character of the search'),
	row('help-search', 'move', 'down', 'down', 'scroll', 'down'),
	row('help-search', 'move', 'up', 'up', 'scroll', 'up'),
	row('help-search', 'move', 'pagedown ctrl-f ctrl-d', 'page-down', 'page', 'a page down'),
	row('help-search', 'move', 'pageup ctrl-u', 'page-up', 'page', 'a page up'),
	row('help-search', 'move', 'home', 'top', 'top', 'first line'),
	row('help-search', 'move', 'end', 'bottom', 'end', 'last line'),
	row('problem', 'app', 'esc q enter', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('problem'),
	row('problem', 'app', 'r', 'retry', 'retry', 'try again now', {bar: 10}),
	row('problem', 'read', 'c', 'copy', 'copy', 'copy the fix', {bar: 30}),
	row('menu', 'app', 'esc q', 'overlay-close', 'close', 'close', {bar: 1_000}),
	row('text', 'app', 'esc q enter', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('text'),
	row('text', 'read', 'c', 'copy', 'copy', 'copy the text', {bar: 30}),
	...scrolls('menu'),
	row('menu', 'app', 'enter space', 'menu-choose', 'choose', 'choose', {bar: 10}),
	row('chips', 'find', 'space', 'chip-toggle', 'off/on', 'turn the filter off or on', {bar: 10}),
	row('chips', 'find', 'enter', 'chip-edit', 'edit', 'edit the filter in the prompt', {bar: 20}),
	row('chips', 'find', '!', 'chip-invert', 'invert', 'negate the filter', {bar: 30}),
	row('chips', 'find', 'D delete', 'chip-delete', 'delete', 'remove the filter', {bar: 40}),
	row('chips', 'find', 'f', 'chips-off', 'all off', 'turn all filters off or on', {bar: 50}),
	...scrolls('chips'),
	row('chips', 'app', 'esc q', 'overlay-close', 'close', 'close', {bar: 1_000}),
	row('ask', 'app', 'y', 'answer-yes', 'yes', 'yes', {bar: 10}),
	row('ask', 'app', 'n N q esc', 'answer-no', 'no', 'no', {bar: 20}),
] as const;

/** The number key of each pane and view; in the key bar the first one shows them all. */
function goRows(): Binding<`go-${KindId}`>[] {
	const numbered = Object.values(kinds)
		.filter(({digit}) => digit !== undefined)
		.toSorted((one, other) => (one.digit ?? 0) - (other.digit ?? 0));
	const barKeys = `${numbered[0]?.digit}-${numbered.at(-1)?.digit}`;
	return numbered.map(({id, digit, name}, index) => {
		const words = name.toLowerCase();
		const isFirst = index === 0;
		const more = isFirst ? {bar: 73, barKeys} : {};
		return row('global', 'move', String(digit), `go-${id}` as const, isFirst ? 'views' : words, words, more);
	});
}

/** The same row for each pane with a value under the cursor; in the tree these keys fold. */
function onEach<const Id extends string>(
	group: Group,
	keys: string,
	id: Id,
	label: string,
	help: string,
	bar: number,
): Binding<Id>[] {
	const scopes = Object.values(kinds).filter(({hasValueKeys = true}) => hasValueKeys);
	return scopes.map(({id: scope}) => row(scope, group, keys, id, label, help, {bar}));
}

function scrolls(scope: Scope): Binding<'down' | 'up' | 'page-down' | 'page-up' | 'top' | 'bottom'>[] {
	return [
		row(scope, 'move', 'j down', 'down', 'scroll', 'down', {bar: 15, barKeys: 'j/k'}),
		row(scope, 'move', 'k up', 'up', 'scroll', 'up'),
		row(scope, 'move', 'pagedown ctrl-f ctrl-d', 'page-down', 'page', 'a page down'),
		row(scope, 'move', 'pageup ctrl-u', 'page-up', 'page', 'a page up'),
		row(scope, 'move', 'g home', 'top', 'top', 'first line'),
		row(scope, 'move', 'G end', 'bottom', 'end', 'last line'),
	];
}

/** What a key does. */
export type ActionId = (typeof bindings)[number]['id'];
