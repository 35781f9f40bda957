/** Which function does what a key stands for. The compiler holds this table against the table of keys. */

import {own, safe} from '../../text/safe.js';
import type {ActionId} from '../keys/keymap.js';
import {openPrompt, promptKey} from '../prompt/prompt.js';
import {type Effect, flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {acknowledge, toggleBell, toggleOnlyAlerts, walkAlerts} from './alerts.js';
import {deleteChip, editChip, invertChip, toggleAllChips, toggleChip} from './chips.js';
import {copy, copyMenu} from './copy.js';
import {addChips, allNamespaces, chooseValue, onlyNode, open} from './filters.js';
import {followEvents, moveBy, movePages, moveToFirst, moveToLast, panBy} from './lists.js';
import {pin, turnColumns, unpinAll} from './pins.js';
import {goBack, goForward} from './places.js';
import {answerYes, askPolicyMode} from './policies.js';
import {nextMatch} from './search.js';
import {settings} from './settings.js';
import {showLog, showPolicy, showProblems} from './show.js';
import {chooseSort, invertSort, openSortMenu} from './sort.js';
import {timelineJump, timelineMove, timelineRange, timelineZoom} from './timeline.js';
import {
	foldAll,
	foldIntoParent,
	foldOrParent,
	followProcess,
	toggleFlat,
	toggleFold,
	toggleHost,
	toggleInfra,
	unfold,
} from './tree.js';
import {
	back,
	closeOne,
	cyclePane,
	focusPane,
	openDetail,
	openHelp,
	shiftText,
	showView,
	toggleFollow,
	togglePause,
	toggleProbes,
	toggleWrap,
	toggleZoom,
	turnTab,
	turnTimeFormat,
	turnTimeline,
} from './views.js';

type Action = (scene: Scene) => Reaction;

function effect(what: Effect): Action {
	return ({ui}) => stay(ui, what);
}

const closeOverlay: Action = ({ui}) => stay({...ui, overlay: undefined});

function sideways(by: number): Action {
	return scene => (scene.ui.focus === 'detail' ? turnTab(scene, by) : shiftText(scene, by));
}

/** Keys of the prompt are named once more here, since the prompt edits a line with all others. */
function typed(key: string): Action {
	return scene => promptKey(scene, key, '');
}

export const actions: Readonly<Record<ActionId, Action>> = {
	quit: effect({type: 'quit'}),
	suspend: effect({type: 'suspend'}),
	redraw: effect({type: 'redraw'}),
	down: scene => moveBy(scene, 1),
	up: scene => moveBy(scene, -1),
	left: sideways(-1),
	right: sideways(1),
	'page-down': scene => movePages(scene, 1),
	'page-up': scene => movePages(scene, -1),
	'half-down': scene => movePages(scene, 0.5),
	'half-up': scene => movePages(scene, -0.5),
	top: moveToFirst,
	bottom: moveToLast,
	'pan-down': scene => panBy(scene, 1),
	'pan-up': scene => panBy(scene, -1),
	'next-pane': scene => cyclePane(scene, 1),
	'previous-pane': scene => cyclePane(scene, -1),
	'go-processes': scene => focusPane(scene, 'processes'),
	'go-events': scene => focusPane(scene, 'events'),
	'go-kills': scene => focusPane(scene, 'kills'),
	'go-policies': scene => showView(scene, 'policies'),
	'go-nodes': scene => showView(scene, 'nodes'),
	'view-back': goBack,
	'view-forward': goForward,
	filter: scene => openPrompt(scene, 'filter', scene.ui.history.filter),
	search: scene => openPrompt(scene, 'highlight', scene.ui.history.highlight),
	'next-match': scene => nextMatch(scene, 1),
	'previous-match': scene => nextMatch(scene, -1),
	'all-namespaces': allNamespaces,
	'only-node': onlyNode,
	only: scene => chooseValue(scene, false),
	not: scene => chooseValue(scene, true),
	open,
	detail: scene => openDetail(scene),
	raw: scene => openDetail(scene, 'raw'),
	copy,
	'copy-menu': copyMenu,
	wrap: toggleWrap,
	zoom: toggleZoom,
	plain: effect({type: 'plain-screen'}),
	pause: togglePause,
	record: effect({type: 'record', path: undefined}),
	save: scene => openPrompt(scene, 'command', scene.ui.history.command, 'save '),
	mark: effect({type: 'mark'}),
	follow: scene => (scene.ui.events.follow ? toggleFollow(scene) : stay(followEvents(scene.ui))),
	'time-format': turnTimeFormat,
	unfold,
	fold: foldOrParent,
	'fold-toggle': toggleFold,
	'fold-all': foldAll,
	'fold-parent': foldIntoParent,
	'tree-flat': toggleFlat,
	'follow-process': followProcess,
	'next-alert': scene => walkAlerts(scene, 1),
	'previous-alert': scene => walkAlerts(scene, -1),
	'only-alerts': toggleOnlyAlerts,
	acknowledge,
	bell: toggleBell,
	'toggle-infra': toggleInfra,
	'toggle-host': toggleHost,
	'toggle-probes': toggleProbes,
	timeline: turnTimeline,
	'time-left': scene => timelineMove(scene, -1),
	'time-right': scene => timelineMove(scene, 1),
	'time-zoom-in': scene => timelineZoom(scene, -1),
	'time-zoom-out': scene => timelineZoom(scene, 1),
	'time-range': timelineRange,
	'time-jump': timelineJump,
	faster: effect({type: 'replay', change: 'faster'}),
	slower: effect({type: 'replay', change: 'slower'}),
	'policy-mode': askPolicyMode,
	'policy-yaml': showPolicy,
	'agent-log': showLog,
	problems: showProblems,
	help: openHelp,
	command: scene => openPrompt(scene, 'command', scene.ui.history.command),
	escape: closeOne,
	back,
	reconnect: effect({type: 'reconnect', node: undefined}),
	theme: effect({type: 'theme'}),
	mouse: effect({type: 'mouse'}),
	settings,
	'read-only': scene => stay(flash(scene, own('tetratop is read-only: it kills and deletes nothing'))),
	'prompt-enter': typed('enter'),
	'prompt-cancel': typed('esc'),
	'prompt-accept': typed('tab'),
	'prompt-down': typed('down'),
	'prompt-up': typed('up'),
	'prompt-older': typed('ctrl-p'),
	'prompt-newer': typed('ctrl-n'),
	'prompt-mode': typed('ctrl-t'),
	'prompt-exclude': typed('ctrl-x'),
	'prompt-help': openHelp,
	'overlay-close': closeOverlay,
	'help-find': ({ui}) =>
		stay(ui.overlay?.type === 'help' ? {...ui, overlay: {...ui.overlay, search: '', scroll: 0}} : ui),
	retry: ({ui}) => stay({...ui, overlay: undefined}, {type: 'reconnect', node: undefined}),
	'menu-choose': choose,
	pin,
	'unpin-all': unpinAll,
	'column-set': turnColumns,
	sort: openSortMenu,
	invert: invertSort,
	'chip-toggle': toggleChip,
	'chip-edit': editChip,
	'chip-invert': invertChip,
	'chip-delete': deleteChip,
	'chips-off': toggleAllChips,
	'answer-yes': answerYes,
	'answer-no': closeOverlay,
};

/** A menu's item says what it is for in the first word of its id: a chip, a text to copy, a setting to turn. */
function choose(scene: Scene): Reaction {
	const {overlay} = scene.ui;
	if (overlay?.type !== 'menu') {
		return stay(scene.ui);
	}

	const ui = {...scene.ui, overlay: undefined};
	const item = overlay.items[overlay.cursor];
	const [kind, ...rest] = (item?.id ?? '').split(' ');
	switch (kind) {
		case 'chip':
			return addChips({...scene, ui}, rest.join(' '), {...ui, view: 'main'});
		case 'copy':
			return stay(ui, {type: 'copy', text: item?.text ?? '', what: safe(item?.label ?? '')});
		case 'sort':
			return chooseSort({...scene, ui}, rest.join(' '));
		case 'do':
			return actions[rest[0] as ActionId]({...scene, ui});
		default:
			return stay(ui);
	}
}
