/** A fleet on the screen. */

import {exitCodes} from '../../exit-codes.js';
import type {Fleet} from '../../fleet/fleet.js';
import {refusalOf} from '../../problem.js';
import {Keep} from '../../store/keep.js';
import {Store} from '../../store/store.js';
import type {EventsRequest} from '../../tetragon/agent/link.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import type {PolicySwitch, Services} from '../../ui/effects.js';
import type {UiState} from '../../ui/state/state.js';
import {Recorder} from '../recorder.js';
import {openScreen} from '../terminal/open-screen.js';
import {baseServices} from '../terminal/services.js';
import {asUsageError} from '../usage-error.js';
import type {FleetMode} from './mode.js';
import {askedPast, pastJoiner} from './past.js';
import {Push} from './server-filter.js';
import {signals} from './signal-filter.js';

export async function fleetScreen(mode: FleetMode, open: typeof openScreen = openScreen): Promise<number> {
	const screen = new FleetScreen(mode);
	await open({
		options: mode.options,
		store: screen.store,
		targetName: mode.targetName,
		mode: mode.mode,
		...(mode.chips ? {chips: mode.chips} : {}),
		services: screen.services(),
		onPainted: () => void screen.start(),
	});
	return exitCodes.success;
}

class FleetScreen {
	readonly #mode: FleetMode;
	/** A node streamed once. */
	#hasStreamed = false;
	/** What the flags ask of every agent. */
	readonly #request: EventsRequest;
	readonly store: Store;
	readonly #keep: Keep;
	readonly #recorder: Recorder;
	readonly #push: Push;
	#fleet: Fleet | undefined;
	#closing: Promise<void> | undefined;

	constructor(mode: FleetMode) {
		const {options, isOwn} = mode;
		this.#mode = mode;
		this.#request = asUsageError(() => buildRequest(options));
		askedPast(options, Date.now());
		const store = new Store({bufferBytes: options.buffer});
		this.store = store;
		this.#keep = new Keep({request: this.#request, isOwn, nodeName: node => store.nodeName(node)});
		this.#recorder = new Recorder(
			problem => store.raise(problem),
			id => store.settle(id),
			() => store.policyLists(),
		);
		this.#push = new Push(this.#request, options.serverFilter === true, mode.targetChips ?? (() => []));
	}

	/** Connects, after the first paint: the screen appears before any agent is reached. */
	async start(): Promise<void> {
		const {store} = this;
		if (this.#mode.options.record) {
			await this.#recorder.toggle(this.#mode.options.record);
		}

		try {
			const {Fleet} = await import('../../fleet/fleet.js');
			const fleet = new Fleet({
				store,
				request: this.#request,
				keep: this.#keep,
				past: pastJoiner(this.#mode, {store, request: this.#request, nodeName: node => store.nodeName(node)}),
				narrowed: () => this.#push.request(),
				...(this.#mode.watchDeaths === undefined ? {} : {widened: signals}),
				tap: () => this.#recorder.tap,
			});
			this.#fleet = fleet;
			this.#mode.watchDeaths?.({
				pod: news => store.deaths.pod(news, Date.now()),
				event: news => store.deaths.event(news, Date.now()),
				look: sight => store.deaths.look(sight),
			});
			await this.#mode.connect(
				link => fleet.add(link),
				(node, reason) => void fleet.remove(node, reason),
				{raise: problem => store.raise(problem), settle: id => store.settle(id)},
			);
		} catch (error) {
			const {what, why, fix} = refusalOf(error);
			store.raise({id: 'connect', severity: 'error', what, why, fix});
		}
	}

	services(): Services {
		const {options, policyYaml, agentLog, isOwn} = this.#mode;
		return {
			...baseServices,
			refresh: ui => this.#refresh(ui),
			reconnect: name => this.#reconnect(name),
			...(options.allowWrite ? {switchPolicy: change => this.#switchPolicy(change)} : {}),
			...(policyYaml ? {policyYaml} : {}),
			...(agentLog ? {agentLog} : {}),
			showOwn: isShown => {
				this.#keep.isOwnShown = isShown;
				return isOwn !== undefined;
			},
			record: async path => this.#recorder.toggle(path),
			close: async () => {
				this.#closing ??= this.#close();
				await this.#closing;
			},
		};
	}

	#refresh(before: UiState): UiState {
		const {ui, stale} = this.#push.update(this.#recorder.refresh(this.#mode.refresh?.(before) ?? before));
		if (stale) {
			this.#fleet?.refilter();
		}

		return {...ui, connecting: this.#stepsToShow(ui)};
	}

	/**
	The steps of connecting, until the first node streams. Never again after that: what was seen stays on the screen when the
	watched pod is deleted or the API server is lost, and the message line says what happened.
	*/
	#stepsToShow(ui: UiState): UiState['connecting'] {
		this.#hasStreamed ||=
			this.store.totals().events > 0 ||
			this.store.nodes().some(({state}) => state === 'streaming' || state === 'quiet');
		return this.#hasStreamed || ui.isConnectHidden ? undefined : this.#mode.steps?.();
	}

	#reconnect(name: string | undefined): void {
		this.#mode.onReconnect?.();
		this.#fleet?.retry(name === undefined ? undefined : this.store.nodes().find(node => node.name === name)?.id);
	}

	async #switchPolicy(change: PolicySwitch): Promise<string> {
		const {switchOnNodes} = await import('./switch-policy.js');
		return this.#fleet ? switchOnNodes(this.#fleet, this.store, change) : 'no agent is connected';
	}

	async #close(): Promise<void> {
		await this.#fleet?.close();
		await this.#mode.close?.();
		await this.#recorder.stop();
	}
}
