/**
What the user has done to the screen. It lives outside React: actions.ts makes the next one from it, screen.ts paints it
together with a Picture of the store.
*/

import type {Chip} from '../../query/chip.js';
import type {Narrowing} from '../../query/narrowing.js';
import type {ClusterPolicies} from '../../store/policies/policy-join.js';
import type {SafeText} from '../../text/safe.js';
import type {KindId, PaneId, ViewId} from '../frame/pane-ids.js';
import type {TimeFormat} from '../widgets/moments.js';
import type {Sort} from './orders.js';

/** Sequence numbers in the feed, texts in all other lists. */
export type RowId = string | number;

/** The selection is an id; `screenRow` is the line of the pane that it keeps while other rows come and go. */
export type Cursor<Id extends RowId = RowId> = {readonly id: Id | undefined; readonly screenRow: number};

export type DetailTab = 'summary' | 'process' | 'ancestors' | 'policy' | 'raw';
export const detailTabs: readonly DetailTab[] = ['summary', 'process', 'ancestors', 'policy', 'raw'];

/** The subject of the detail pane. */
export type Subject =
	| {readonly type: 'event'; readonly seq: number}
	| {readonly type: 'process'; readonly execId: string; readonly node: number}
	| {readonly type: 'kill'; readonly groupId: string};

export type Detail = {
	/** Opened by the user; at >= 160 columns the pane is there anyway and follows the cursor. */
	readonly open: boolean;
	readonly subject: Subject | undefined;
	readonly tab: DetailTab;
	readonly scroll: number;
};

/** The line of a prompt; prompt/line-editor.ts has the steps from one to the next. */
export type LineEditor = {
	/** Raw, one line. */
	readonly text: string;
	/** UTF-16 units before the cursor, always between two graphemes. */
	readonly at: number;
	/** The text that ctrl-y inserts. */
	readonly killed: string;
	/** Older lines first. */
	readonly history: readonly string[];
	/** Place in the history; its length: the line that is being typed. */
	readonly historyAt: number;
	/** The typed line while an older one is shown. */
	readonly draft: string;
};

export type PromptMode = 'filter' | 'highlight' | 'command';

export type Prompt = {
	readonly mode: PromptMode;
	readonly editor: LineEditor;
	/** -1: none chosen. */
	readonly candidate: number;
	readonly exclude: boolean;
	/** Why the text is not a filter, in words; the last good filter stays. */
	readonly error: string | undefined;
};

/** A line that the candidates list shows: a pod, with why it is worth choosing. Raw foreign names. */
export type Candidate = {
	readonly namespace: string;
	readonly pod: string;
	readonly node: string;
	readonly events: number;
	readonly kills: number;
};

export type Overlay =
	| {readonly type: 'help'; readonly scroll: number; readonly search: string | undefined}
	| {readonly type: 'problem'; readonly id: string; readonly scroll: number}
	| {readonly type: 'text'; readonly title: string; readonly text: string; readonly scroll: number}
	| {readonly type: 'menu'; readonly title: string; readonly items: readonly MenuItem[]; readonly cursor: number}
	/** The list of the chips. */
	| {readonly type: 'chips'; readonly cursor: number}
	| {readonly type: 'ask'; readonly question: readonly string[]; readonly yes: string; readonly action: string};

export type MenuItem = {readonly id: string; readonly label: string; readonly text?: string};

/** A step of the way to the cluster. The text is raw and foreign. */
export type ConnectStep = {readonly state: 'done' | 'doing' | 'failed'; readonly text: string};

/** Where the user was, for `[` and `]`. */
export type Place = Pick<UiState, 'view' | 'focus' | 'zoom' | 'chips' | 'detail'>;

export type Pause = {readonly sinceMs: number; readonly atEvents: number};

export type UiState = {
	readonly columns: number;
	readonly rows: number;
	readonly view: ViewId;
	readonly focus: PaneId;
	readonly zoom: boolean;
	readonly overlay: Overlay | undefined;
	readonly prompt: Prompt | undefined;
	/** What was entered in each prompt, oldest first. */
	readonly history: Readonly<Record<PromptMode, readonly string[]>>;
	/** In order of adding; the target's chips come first. */
	readonly chips: readonly Chip[];
	/** What flags and configuration hide: no key removes it. */
	readonly given: readonly Narrowing[];
	/** A stream was narrower before, by a chip: the buffer may lack what the chips show now. */
	readonly wasNarrowed: boolean;
	readonly places: {readonly past: readonly Place[]; readonly future: readonly Place[]};
	/** Keeps all rows and marks the matches. */
	readonly highlight: Chip | undefined;
	readonly pause: Pause | undefined;
	/** Where the user is in each list; a list without one is at its first row. */
	readonly cursors: Readonly<Partial<Record<KindId, Cursor>>>;
	/** The order of each list that was sorted. */
	readonly sorts: Readonly<Partial<Record<KindId, Sort>>>;
	/** Rows that stay at the top of their pane. */
	readonly pins: Readonly<Partial<Record<KindId, readonly RowId[]>>>;
	readonly tree: {
		/** Explicit folds; what is not in it has the default. */
		readonly folded: ReadonlyMap<string, boolean>;
		readonly flat: boolean;
		readonly showHost: boolean;
		readonly showInfra: boolean;
		/** `name` is raw. */
		readonly followProcess: {readonly execId: string; readonly name: string} | undefined;
		readonly shift: number;
	};
	readonly events: {
		/** At the bottom, going with what comes. */
		readonly follow: boolean;
		/** Events in total when following stopped, for "+1,204 new". */
		readonly stoppedAtEvents: number;
		readonly time: TimeFormat;
		readonly wrap: boolean;
		/** Equal events that follow each other are one row with a count. */
		readonly fold: boolean;
		/** Which columns there are: as many as fit well, few, or all. */
		readonly columns: 'fitting' | 'narrow' | 'wide';
		readonly shift: number;
		readonly showProbes: boolean;
	};
	readonly kills: {
		readonly only: boolean;
		/** What the walk through the alerts stops at; undefined: all with a target, the policies' alone without one. */
		readonly deaths: 'policy' | 'all' | undefined;
	};
	readonly policies: {readonly openRow: string | undefined; readonly scroll: number};
	readonly detail: Detail;
	readonly timeline: {
		readonly size: 'off' | 'small' | 'big';
		readonly cellMs: number;
		readonly cursorMs: number | undefined;
		/** Where `v` began a range. */
		readonly rangeMs: number | undefined;
		/** It has the keys; the pane behind it keeps its cursor. */
		readonly active: boolean;
	};
	readonly flash: {readonly text: SafeText; readonly untilMs: number} | undefined;
	readonly bell: boolean;
	readonly recording: {readonly path: string; readonly events: number} | undefined;
	/** What the first line says of the target: `demo`, an address, `ctx prod-eu`. Raw. */
	readonly targetName: string;
	readonly mode: 'live' | 'replay' | 'demo';
	/** What the API of the cluster has of policies; undefined: it is not followed, or there is no cluster. */
	readonly clusterPolicies: ClusterPolicies | undefined;
	readonly offlineSinceMs: number | undefined;
	readonly replay:
		| {
				readonly speed: number;
				readonly paused: boolean;
				readonly atMs: number;
				readonly done: boolean;
				/** From 0 to 1, while everything is read at once; undefined: it is played, or its length is not known. */
				readonly progress?: number | undefined;
				/** Where the cursor is; raw. */
				readonly file?: string;
		  }
		| undefined;
	readonly allowWrite: boolean;
	/** What was tried to reach the cluster, until the first node streams or the user does not want to see it. */
	readonly connecting: readonly ConnectStep[] | undefined;
	readonly isConnectHidden: boolean;
};
