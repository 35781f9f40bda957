/** The screen before the user has touched it. */
import type {Chip} from '../../query/chip.js';
import type {Narrowing} from '../../query/narrowing.js';
import type {UiState} from './state.js';

export type InitialOptions = Pick<UiState, 'columns' | 'rows' | 'targetName' | 'mode' | 'allowWrite'> & {
	readonly chips: readonly Chip[];
	readonly given?: readonly Narrowing[];
};

export function initialState({chips, given = [], ...rest}: InitialOptions): UiState {
	return {
		...rest,
		view: 'main',
		focus: 'events',
		zoom: false,
		overlay: undefined,
		prompt: undefined,
		history: {filter: [], highlight: [], command: []},
		chips,
		given,
		wasNarrowed: false,
		places: {past: [], future: []},
		highlight: undefined,
		pause: undefined,
		cursors: {},
		sorts: {},
		pins: {},
		tree: {
			folded: new Map(),
			flat: false,
			showHost: false,
			showInfra: false,
			followProcess: undefined,
			shift: 0,
		},
		events: {
			follow: true,
			stoppedAtEvents: 0,
			time: 'clock',
			wrap: false,
			fold: true,
			columns: 'fitting',
			shift: 0,
			showProbes: true,
		},
		kills: {only: false, deaths: undefined},
		policies: {openRow: undefined, scroll: 0},
		detail: {open: false, subject: undefined, tab: 'summary', scroll: 0},
		timeline: {size: 'small', cellMs: 5000, cursorMs: undefined, rangeMs: undefined, active: false},
		flash: undefined,
		bell: false,
		recording: undefined,
		clusterPolicies: undefined,
		offlineSinceMs: undefined,
		replay: undefined,
		connecting: undefined,
		isConnectHidden: false,
	};
}
