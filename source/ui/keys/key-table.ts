/**
Every key of tetratop, once. Dispatch, key bar, help, docs/keys.md and the user's own keys all read this table; what is
not in it does nothing.

Never bound: ctrl-a (GNU screen), ctrl-b (tmux), ctrl-q and ctrl-@ (flow control, set mark), ctrl-] (telnet), ~ (ssh).
Nothing needs Alt, which macOS Terminal turns into characters, and each F-key has a twin, since PuTTY, screen and Mac
terminals eat them.
*/

/**
Where a key counts. A pane's own meaning comes before `global`; the scopes of typing and of overlays know only their own
keys; `always` is reached from everywhere.
*/
export type Scope =
	| 'always'
	| 'global'
	| 'processes'
	| 'events'
	| 'kills'
	| 'detail'
	| 'timeline'
	| 'policies'
	| 'nodes'
	| 'prompt'
	| 'help'
	| 'problem'
	| 'text'
	| 'menu'
	| 'chips'
	| 'ask';

export type Group = 'move' | 'find' | 'read' | 'stream' | 'tree' | 'alerts' | 'view' | 'app' | 'prompt';

export type Binding<Id extends string = string> = {
	readonly id: Id;
	/** Names as the decoder gives them: `j`, `ctrl-d`, `f1`, `shift-up`, `space`. */
	readonly keys: readonly string[];
	readonly scope: Scope;
	/** A word or two for the key bar. */
	readonly label: string;
	/** One line for the help. */
	readonly help: string;
	readonly group: Group;
	/** Place in the key bar, lowest first; without it only in the help. */
	readonly bar?: number;
	/** What the key bar shows for the keys, where one binding stands for several. */
	readonly barKeys?: string;
	readonly hidden?: boolean;
	/** A key that destroys something in other tools; here it says that tetratop is read-only. */
	readonly readOnlyFlash?: boolean;
};

function row<const Id extends string>(
	scope: Scope,
	group: Group,
	keys: string,
	id: Id,
	label: string,
	help: string,
	more: {
		readonly bar?: number;
		readonly barKeys?: string;
		readonly hidden?: boolean;
		readonly readOnlyFlash?: boolean;
	} = {},
): Binding<Id> {
	return {id, keys: keys.split(' '), scope, label, help, group, ...more};
}

export const bindings = [
	row('always', 'app', 'ctrl-c', 'quit', 'quit', 'quit from anywhere'),
	row('always', 'app', 'ctrl-z', 'suspend', 'suspend', 'suspend; fg brings it back'),
	row('always', 'app', 'ctrl-l', 'redraw', 'redraw', 'paint the whole screen again'),

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
	row('global', 'move', '1', 'go-processes', 'views', 'processes', {bar: 73, barKeys: '1-5'}),
	row('global', 'move', '2', 'go-events', 'events', 'events'),
	row('global', 'move', '3', 'go-kills', 'kills', 'kill alerts'),
	row('global', 'move', '4', 'go-policies', 'policies', 'policies'),
	row('global', 'move', '5', 'go-nodes', 'nodes', 'nodes'),
	row('global', 'move', '[ backspace', 'view-back', 'back', 'where you were before'),
	row('global', 'move', ']', 'view-forward', 'forward', 'forward again'),

	row('global', 'find', '/ \\ f4', 'filter', 'filter', 'filter: hide what does not match', {bar: 20}),
	row('global', 'find', 'S f3', 'search', 'search', 'search: keep all rows, mark the matches'),
	row('global', 'find', 'n', 'next-match', 'next', 'next match', {bar: 120, barKeys: 'n/N'}),
	row('global', 'find', 'N shift-f3', 'previous-match', 'previous', 'previous match'),
	row('global', 'find', '0', 'all-namespaces', 'all ns', 'all namespaces'),
	row('global', 'find', 'o', 'only-node', 'node', 'only this node'),
	...onEach('find', '=', 'only', 'only', 'only this value', 90),
	...onEach('find', '!', 'not', 'not', 'not this value', 95),

	row('global', 'read', 'enter', 'open', 'open', 'open, or scope all panes to a group', {bar: 40}),
	row('global', 'read', 'v', 'problems', 'problem', 'what is wrong, in full, and what to do', {bar: 160}),
	row('global', 'read', 'd', 'detail', 'detail', 'open the detail'),
	row('global', 'read', 'y', 'raw', 'json', 'raw JSON as the agent sent it', {bar: 100}),
	row('global', 'read', 'c', 'copy', 'copy', 'copy the value (OSC 52)', {bar: 110}),
	row('global', 'read', 'C', 'copy-menu', 'copy menu', 'choose what to copy'),
	row('global', 'read', 'w', 'wrap', 'wrap', 'wrap long lines'),
	row('global', 'read', 'f', 'zoom', 'zoom', 'zoom the pane, and back', {bar: 115}),
	row('global', 'read', 'L', 'plain', 'plain', 'plain screen, to select with the mouse'),

	row('global', 'stream', 'p Z', 'pause', 'pause', 'pause and resume the picture; nothing is lost', {bar: 70}),
	row('global', 'stream', 'R', 'record', 'record', 'record on and off', {bar: 140}),
	row('global', 'stream', 'ctrl-s', 'save', 'save', 'save the view: text, CSV or JSON lines by name'),
	row('global', 'stream', 'm', 'mark', 'mark', 'put a mark line in the feed', {bar: 130}),
	row('events', 'stream', 's', 'follow', 'follow', 'go to the newest and follow; again: stay here', {bar: 75}),
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
	row('global', 'alerts', 'A', 'acknowledge', 'ack', 'acknowledge all that are shown'),
	row('kills', 'alerts', 'A', 'acknowledge', 'ack', 'acknowledge all that are shown', {bar: 74}),
	row('global', 'alerts', 'b', 'bell', 'bell', 'bell on and off'),

	row('global', 'view', 'K', 'toggle-infra', 'infra', 'show or hide the infrastructure namespaces'),
	row('global', 'view', 'H', 'toggle-host', 'host', 'show or hide host processes'),
	row('global', 'view', 'P', 'toggle-probes', 'probes', 'show or hide health probes'),
	row('global', 'read', 'space', 'pin', 'pin', 'pin the row to the top of its pane, or let it go'),
	row('global', 'read', 'U', 'unpin-all', 'unpin', 'unpin all'),
	row('events', 'view', 'ctrl-w', 'column-set', 'columns', 'columns of the feed: fitting, narrow, wide'),
	row('global', 'view', '> f6', 'sort', 'sort', 'sort menu: processes, alerts, nodes, policies'),
	row('global', 'view', 'I', 'invert', 'invert', 'turn the order round'),
	row('global', 'view', 'i', 'timeline', 'timeline', 'timeline: small, big, off'),
	row('timeline', 'view', 'left h', 'time-left', 'earlier', 'earlier', {bar: 30, barKeys: 'h/l'}),
	row('timeline', 'view', 'right l', 'time-right', 'later', 'later'),
	row('timeline', 'view', 'z', 'time-zoom-in', 'zoom', 'finer cells', {bar: 35, barKeys: 'z/Z'}),
	row('timeline', 'view', 'Z', 'time-zoom-out', 'zoom', 'coarser cells'),
	row('timeline', 'view', 'v', 'time-range', 'range', 'begin a range', {bar: 37}),
	row('timeline', 'view', 'enter', 'time-jump', 'jump', 'jump there, or limit to the range', {bar: 36}),
	row('timeline', 'view', '+', 'faster', 'speed', 'replay faster', {bar: 38, barKeys: '+/-'}),
	row('timeline', 'view', '-', 'slower', 'slower', 'replay slower'),
	row('policies', 'view', 'm', 'policy-mode', 'mode', 'monitor or enforce (only with --allow-write)', {bar: 45}),

	row('global', 'app', '? f1', 'help', 'help', 'this help', {bar: 10}),
	row('global', 'app', ':', 'command', 'cmd', 'command line :ns :ctx :node :pod :pid :save :q', {bar: 30}),
	row('global', 'app', 'esc', 'escape', 'close', 'close the innermost thing, then drop the last chip'),
	row('global', 'app', 'q', 'back', 'back', 'back; quits at the root', {bar: 1_000}),
	row('global', 'app', 'Q f10', 'quit', 'quit', 'quit'),
	row('global', 'app', 'ctrl-r', 'reconnect', 'reconnect', 'reconnect now'),
	row('nodes', 'view', 'L', 'agent-log', 'agent log', 'last lines of the agent log', {bar: 45}),
	row('policies', 'read', 'y', 'policy-yaml', 'yaml', 'the YAML of the policy, from the cluster', {bar: 100}),
	row('nodes', 'app', 'ctrl-r', 'reconnect', 'reconnect', 'reconnect this node now', {bar: 47}),
	row('global', 'app', 'T', 'theme', 'theme', 'next theme'),
	row('global', 'app', 'M', 'mouse', 'mouse', 'mouse on and off'),
	row('global', 'app', ', f2', 'settings', 'settings', 'settings'),
	row('global', 'app', 'ctrl-k f9 9 delete', 'read-only', '', 'tetratop is read-only', {
		hidden: true,
		readOnlyFlash: true,
	}),

	row('prompt', 'prompt', 'enter', 'prompt-enter', 'apply', 'apply as a chip', {bar: 10}),
	row('prompt', 'prompt', 'esc', 'prompt-cancel', 'cancel', 'cancel; the view goes back to where it was', {bar: 1_000}),
	row('prompt', 'prompt', 'tab ctrl-f', 'prompt-accept', 'accept', 'accept the grey suggestion', {bar: 20}),
	row('prompt', 'prompt', 'down', 'prompt-down', 'choose', 'next candidate', {bar: 30, barKeys: 'Up/Down'}),
	row('prompt', 'prompt', 'up', 'prompt-up', 'choose', 'previous candidate; history when there is none'),
	row('prompt', 'prompt', 'ctrl-p', 'prompt-older', 'older', 'older line of the history'),
	row('prompt', 'prompt', 'ctrl-n', 'prompt-newer', 'newer', 'newer line of the history'),
	row('prompt', 'prompt', 'ctrl-t', 'prompt-mode', 'filter<->highlight', 'filter or highlight', {bar: 40}),
	row('prompt', 'prompt', 'ctrl-x', 'prompt-exclude', 'exclude', 'include or exclude', {bar: 50}),
	row('prompt', 'prompt', 'f1', 'prompt-help', 'syntax', 'the query language'),
	row('prompt', 'prompt', 'ctrl-g', 'prompt-help', 'syntax', 'the query language', {bar: 60}),

	row('help', 'app', 'esc q enter ? f1', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('help'),
	row('help', 'find', '/ S f3', 'help-find', 'find a key', 'find a key', {bar: 20}),
	row('problem', 'app', 'esc q enter', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('problem'),
	row('problem', 'app', 'r', 'retry', 'retry', 'try again now', {bar: 10}),
	row('problem', 'read', 'c', 'copy', 'copy', 'copy what to do', {bar: 30}),
	row('menu', 'app', 'esc q', 'overlay-close', 'close', 'close', {bar: 1_000}),
	row('text', 'app', 'esc q enter', 'overlay-close', 'close', 'close', {bar: 1_000}),
	...scrolls('text'),
	row('text', 'read', 'c', 'copy', 'copy', 'copy the text', {bar: 30}),
	...scrolls('menu'),
	row('menu', 'app', 'enter space', 'menu-choose', 'choose', 'choose', {bar: 10}),
	row('chips', 'find', 'space', 'chip-toggle', 'off/on', 'put the filter off, and on again', {bar: 10}),
	row('chips', 'find', 'enter', 'chip-edit', 'edit', 'edit the filter in the prompt', {bar: 20}),
	row('chips', 'find', '!', 'chip-invert', 'invert', 'turn the filter round', {bar: 30}),
	row('chips', 'find', 'D delete', 'chip-delete', 'delete', 'drop the filter', {bar: 40}),
	row('chips', 'find', 'f', 'chips-off', 'all off', 'put all filters off, and on again', {bar: 50}),
	...scrolls('chips'),
	row('chips', 'app', 'esc q', 'overlay-close', 'close', 'close', {bar: 1_000}),
	row('ask', 'app', 'y', 'answer-yes', 'yes', 'yes', {bar: 10}),
	row('ask', 'app', 'n N q esc', 'answer-no', 'no', 'no', {bar: 20}),
] as const;

/** Rows with a value under the cursor; in the tree these keys fold, or would hide whole branches. */
function onEach<const Id extends string>(
	group: Group,
	keys: string,
	id: Id,
	label: string,
	help: string,
	bar: number,
): Binding<Id>[] {
	const scopes: readonly Scope[] = ['events', 'kills', 'detail', 'policies', 'nodes'];
	return scopes.map(scope => row(scope, group, keys, id, label, help, {bar}));
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
