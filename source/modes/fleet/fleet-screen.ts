/** The screen over a fleet. */

import {exitCodes} from '../../exit-codes.js';
import type {Fleet} from '../../fleet/fleet.js';
import {refusalOf} from '../../problem.js';
import {Keep} from '../../store/keep.js';
import {Store} from '../../store/store.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import type {PolicySwitch} from '../../ui/effects.js';
import type {UiState} from '../../ui/state/state.js';
import {Recorder} from '../recorder.js';
import {openScreen} from '../terminal/open-screen.js';
import {baseServices} from '../terminal/services.js';
import {asUsageError} from '../usage-error.js';
import type {FleetMode} from './mode.js';
import {Push} from './server-filter.js';

/** Opens the screen over the fleet; `open` is for tests. Returns the exit code. */
export async function fleetScreen(mode: FleetMode, open: typeof openScreen = openScreen): Promise<number> {
	const {options} = mode;
	const request = asUsageError(() => buildRequest(options));
	const {isOwn} = mode;
	const store = new Store({bufferBytes: options.buffer});
	const keep = new Keep({request, isOwn, nodeName: node => store.nodeName(node)});
	const recorder = new Recorder(
		problem => store.raise(problem),
		id => store.settle(id),
		() => store.policyLists(),
	);
	const push = new Push(request, options.serverFilter, mode.targetChips ?? (() => []));
	let fleet: Fleet | undefined;
	let closing: Promise<void> | undefined;

	function stepsToShow(ui: UiState): UiState['connecting'] {
		const isThere = store.nodes().some(({state}) => state === 'streaming' || state === 'quiet');
		return isThere || ui.isConnectHidden ? undefined : mode.steps?.();
	}

	async function switchPolicy(change: PolicySwitch): Promise<string> {
		const {switchOnNodes} = await import('./switch-policy.js');
		return fleet ? switchOnNodes(fleet, store, change) : 'no agent is connected';
	}

	async function close(): Promise<void> {
		await fleet?.close();
		await mode.close?.();
		await recorder.stop();
	}

	async function start(): Promise<void> {
		if (options.record) {
			await recorder.toggle(options.record);
		}

		try {
			const {Fleet} = await import('../../fleet/fleet.js');
			const made = new Fleet({store, request, keep, narrowed: () => push.request(), tap: () => recorder.tap});
			fleet = made;
			await mode.connect(
				link => made.add(link),
				(node, reason) => void made.remove(node, reason),
				{raise: problem => store.raise(problem), settle: id => store.settle(id)},
			);
		} catch (error) {
			const {what, why, fix} = refusalOf(error);
			store.raise({id: 'connect', severity: 'error', what, why, fix});
		}
	}

	await open({
		options,
		store,
		targetName: mode.targetName,
		mode: mode.mode,
		...(mode.chips ? {chips: mode.chips} : {}),
		services: {
			...baseServices,
			refresh(before) {
				const {ui, stale} = push.update(recorder.refresh(mode.refresh?.(before) ?? before));
				if (stale) {
					fleet?.reopen();
				}

				return {...ui, connecting: stepsToShow(ui)};
			},
			reconnect(name) {
				mode.onReconnect?.();
				fleet?.retry(name === undefined ? undefined : store.nodes().find(node => node.name === name)?.id);
			},
			...(options.allowWrite ? {switchPolicy} : {}),
			...(mode.policyYaml ? {policyYaml: mode.policyYaml} : {}),
			...(mode.agentLog ? {agentLog: mode.agentLog} : {}),
			showOwn(isShown) {
				keep.isOwnShown = isShown;
				return isOwn !== undefined;
			},
			record: async path => recorder.toggle(path),
			async close() {
				closing ??= close();
				await closing;
			},
		},
		onPainted: () => void start(),
	});
	return exitCodes.success;
}
