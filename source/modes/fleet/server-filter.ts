/**
The chips that the agents apply: those of the target always, with --server-filter all, and never one that would drop a wanted
event. When a chip is removed, the agents send its events again.
*/

import type {Chip} from '../../query/chip.js';
import {pushDown, withServer} from '../../query/pushdown.js';
import type {EventsRequest, ServerFilter} from '../../tetragon/agent/link.js';
import type {UiState} from '../../ui/state/state.js';

export class Push {
	readonly #base: EventsRequest;
	readonly #all: boolean;
	readonly #targetChips: () => readonly Chip[];
	/** Ids of target chips that have been on the screen: one that is not there now was removed by the user. */
	readonly #shown = new Set<string>();
	#chips: readonly Chip[] = [];
	#sent: string | undefined;

	/** `base`: the request of the flags, which holds with any chips. */
	constructor(base: EventsRequest, all: boolean, targetChips: () => readonly Chip[]) {
		this.#base = base;
		this.#all = all;
		this.#targetChips = targetChips;
	}

	/** The request for a stream that is opened now. */
	request(): EventsRequest {
		const {request} = pushDown(this.#pushable());
		this.#sent = JSON.stringify(request);
		return both(this.#base, request);
	}

	/** Returns true once when the open streams have an older request than that of the target as it is now. */
	isStale(): boolean {
		return this.#differs(JSON.stringify(pushDown(this.#pushable()).request));
	}

	/** Marks the chips that agents apply. `stale`: the open streams have an older request. */
	update(ui: UiState): {readonly ui: UiState; readonly stale: boolean} {
		// A chip that is turned off hides nothing: the agents send its events, as for one that was removed.
		this.#chips = ui.chips.filter(({off}) => !off);
		for (const {id} of this.#targetChips()) {
			if (ui.chips.some(chip => chip.id === id)) {
				this.#shown.add(id);
			}
		}

		const {request, covered} = pushDown(this.#pushable());
		const chips = withServer(ui.chips, covered);
		const isNarrowed = (this.#sent !== undefined && this.#sent !== '{}') || ui.wasNarrowed;
		const isMarked = isNarrowed === ui.wasNarrowed && chips.every((chip, index) => chip === ui.chips[index]);
		const marked = isMarked ? ui : {...ui, chips, wasNarrowed: isNarrowed};
		return {ui: marked, stale: this.#differs(JSON.stringify(request))};
	}

	/** Reported once: the caller gives the request to the agents. */
	#differs(key: string): boolean {
		const stale = this.#sent !== undefined && this.#sent !== key;
		if (stale) {
			this.#sent = key;
		}

		return stale;
	}

	#pushable(): readonly Chip[] {
		const has: (id: string) => boolean = id => this.#chips.some(chip => chip.id === id);
		const target = this.#targetChips().filter(({id}) => has(id) || !this.#shown.has(id));
		return this.#all ? [...target, ...this.#chips.filter(({id}) => !target.some(chip => chip.id === id))] : target;
	}
}

/** Passes all events that pass both. Where both ask about one field, the agents apply the flags', and pass more. */
function both(flags: EventsRequest, chips: EventsRequest): EventsRequest {
	const allow = product(flags.allow_list ?? [], chips.allow_list ?? []);
	const deny = [...(flags.deny_list ?? []), ...(chips.deny_list ?? [])];
	return {...(allow.length > 0 ? {allow_list: allow} : {}), ...(deny.length > 0 ? {deny_list: deny} : {})};
}

function product(flags: readonly ServerFilter[], chips: readonly ServerFilter[]): readonly ServerFilter[] {
	if (flags.length === 0 || chips.length === 0) {
		return [...flags, ...chips];
	}

	return flags.flatMap(flag => chips.map(chip => ({...chip, ...flag})));
}
