/** A recording, on a screen with a clock of its own, or as lines. */

import {exitCodes} from '../../exit-codes.js';
import type {Options} from '../../options/options.js';
import {Player} from '../../recording/player.js';
import {RecordingReader} from '../../recording/reader.js';
import {sourcesOf} from '../../recording/source.js';
import {Arrival} from '../../store/arrival.js';
import {Keep} from '../../store/keep.js';
import {Store} from '../../store/store.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {Recorder} from '../recorder.js';
import {isHeadless} from '../terminal/headless.js';
import {finish, formOf, note, openLines} from '../terminal/lines.js';
import {openScreen} from '../terminal/open-screen.js';
import {baseServices} from '../terminal/services.js';
import {asUsageError} from '../usage-error.js';

export async function runReplay(options: Options): Promise<number> {
	return isHeadless(options) ? replayLines(options) : replayScreen(options);
}

/** As fast as it can be read, unless a speed was asked for: a pipe wants all of it. */
async function replayLines(options: Options): Promise<number> {
	const sources = sourcesOf(options.operands);
	const form = formOf(options);
	const writer = openLines();
	const keep = new Keep({request: asUsageError(() => buildRequest(options))});
	const arrival = new Arrival();
	const reader = new RecordingReader(sources);
	void writer.left.then(() => reader.close());
	for await (const batch of reader.events()) {
		for (const {line, event} of batch) {
			if (keep.judge(-1, arrival.line(line, event)) === 'kept') {
				writer.write(form.event(line, event));
			}
		}

		await writer.drained();
		if (writer.closed) {
			break;
		}
	}

	const {malformed, problems} = reader;
	if (malformed) {
		note(`${malformed.count} lines are no events, the first is line ${malformed.line} of ${malformed.source}`);
	}

	for (const {source, why} of problems) {
		note(`${source}: ${why}; what came before it was read`);
	}

	return finish(writer, problems.length > 0);
}

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, Number.POSITIVE_INFINITY];

async function replayScreen(options: Options): Promise<number> {
	const sources = sourcesOf(options.operands);
	const keep = new Keep({request: asUsageError(() => buildRequest(options))});
	const arrival = new Arrival();
	const store = new Store({bufferBytes: options.buffer});
	const nodes = new Map<string, number>();

	function nodeOf(name: string): number {
		let id = nodes.get(name);
		if (id === undefined) {
			id = store.openNode(name);
			nodes.set(name, id);
			store.setNode(id, {
				state: 'streaming',
				via: 'file',
				agent: sources.map(({name: file}) => file).join(' '),
				lostServer: undefined,
			});
		}

		return id;
	}

	const recorder = new Recorder(
		problem => store.raise(problem),
		id => store.settle(id),
		() => store.policyLists(),
	);
	const player = new Player(
		sources,
		{
			event(line, event, nowMs) {
				recorder.tap?.line(line);
				const node = nodeOf(event.node_name ?? '');
				if (keep.judge(node, arrival.line(line, event)) === 'kept') {
					store.take(node, arrival, nowMs);
				} else {
					store.hide(node);
				}
			},
			policies({node, list, atMs}) {
				recorder.tap?.policies(node, list, atMs);
				store.takePolicies(nodeOf(node), list, atMs);
			},
			malformed(count, firstLine) {
				store.malformed(count, firstLine);
				store.raise({
					id: 'malformed',
					severity: 'warning',
					what: `${store.totals().malformed} lines are no events`,
					why: `the first is line ${store.totals().malformedLine ?? firstLine}`,
					fix: 'the others are shown',
				});
			},
			restart: () => store.reset(),
		},
		{speed: options.speed},
	);

	async function play(): Promise<void> {
		await player.play();
		for (const {source, why} of player.reader.problems) {
			store.raise({id: `read ${source}`, severity: 'error', what: source, why, fix: 'what came before it is shown'});
		}
	}

	async function start(): Promise<void> {
		if (options.record) {
			await recorder.toggle(options.record);
		}

		await play();
	}

	function now(): number {
		return Number.isNaN(player.nowMs) ? Date.now() : player.nowMs;
	}

	await openScreen({
		options,
		store,
		targetName: sources.map(({name}) => name).join(' '),
		mode: 'replay',
		services: {
			...baseServices,
			now,
			refresh: ui => ({
				...recorder.refresh(ui),
				replay: {speed: player.speed, paused: player.state === 'paused', atMs: now(), done: player.state === 'ended'},
			}),
			replay(change) {
				if (change === 'pause') {
					if (player.state === 'paused') {
						player.resume();
					} else {
						player.pause();
					}

					return;
				}

				const at = speeds.findIndex(speed => speed >= player.speed);
				player.setSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, at + (change === 'faster' ? 1 : -1)))] ?? 1);
			},
			seek(timeMs) {
				const wasEnded = player.state === 'ended';
				// Before its first event a recording would be an empty screen that waits.
				const isDone = player.seek(Number.isNaN(player.firstMs) ? timeMs : Math.max(timeMs, player.firstMs));
				if (isDone && wasEnded) {
					void play();
				}

				return isDone;
			},
			record: async path => recorder.toggle(path),
			async close() {
				player.close();
				await recorder.stop();
			},
		},
		onPainted: () => void start(),
	});
	return exitCodes.success;
}
