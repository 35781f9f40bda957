/**
A fleet without a screen: one line per event on standard output. The program goes on when an agent goes away, as the screen
does. It ends when the reader leaves, on a signal, when an address cannot be reached, and when the agent at an address ends
the stream with status OK.
*/
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import {Fleet} from '../../fleet/fleet.js';
import {refusalOf} from '../../problem.js';
import {keepYoungGenerationSmall} from '../../runtime/heap.js';
import {Keep} from '../../store/keep.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {Recorder} from '../recorder.js';
import {finish, formOf, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import {EventLines} from './event-lines.js';
import {GrowingNote} from './growing-note.js';
import type {FleetMode} from './mode.js';
import {pastJoiner} from './past.js';
import {Push} from './server-filter.js';

/** Longest wait for the reader after a signal or a failure. */
const lastWriteMs = 300;

export async function fleetLines(mode: FleetMode): Promise<number> {
	keepYoungGenerationSmall();
	const {options} = mode;
	const form = formOf(options);
	const writer = openLines();
	const {promise: over, resolve: end} = Promise.withResolvers<number>();

	function endWith(code: number) {
		return () => end(code);
	}

	const recorder: Recorder = new Recorder(
		problem => lines.raise(problem),
		id => lines.settle(id),
	);
	const lines: EventLines = new EventLines(mode, form, writer, endWith(exitCodes.failure), recorder);
	const missing = new GrowingNote(
		() => recorder.missing,
		count => `${count} events are not in the recording`,
		note,
	);
	const request = asUsageError(() => buildRequest(options));
	const keep = new Keep({request, isOwn: mode.isOwn, scope: mode.scope, nodeName: node => lines.nameOf(node)});
	const push = new Push(request, false, mode.targetChips ?? (() => []));
	const fleet = new Fleet({
		store: lines,
		request,
		keep,
		past: pastJoiner(mode, {store: lines, request, nodeName: node => lines.nameOf(node)}),
		narrowed: () => push.request(),
		tap: () => recorder.tap,
		ended(reason) {
			if (mode.isSingle === true && reason.code === 0) {
				end(exitCodes.success);
			}
		},
	});
	process.once('SIGINT', endWith(exitCodes.interrupted));
	process.once('SIGTERM', endWith(exitCodes.terminated));
	process.once('SIGHUP', endWith(exitCodes.hungUp));
	void writer.left.then(endWith(exitCodes.success));
	if (options.record) {
		await recorder.toggle(options.record);
	}

	await connect(mode, fleet, lines, () => {
		if (push.isStale()) {
			fleet.refilter();
		}
	});
	const code = await over;
	// Who has sent a signal does not want to wait for a reader that takes nothing.
	const timer = code === exitCodes.success ? undefined : setTimeout(() => writer.abandon(), lastWriteMs);
	await fleet.close();
	await mode.close?.();
	await recorder.stop();
	missing.end();
	lines.badFrames.end();
	const ended = await finish(writer, recorder.hasFailed);
	clearTimeout(timer);
	return lines.faults.code(code === exitCodes.success ? ended : code);
}

async function connect(mode: FleetMode, fleet: Fleet, lines: EventLines, narrowed: () => void): Promise<void> {
	try {
		await mode.connect(
			link => fleet.add(link),
			(node, reason) => void fleet.remove(node, reason),
			{raise: problem => lines.raise(problem), settle: id => lines.settle(id), narrowed},
		);
	} catch (error) {
		const {what, why, fix} = refusalOf(error);
		lines.raise({id: 'connect', severity: 'error', what, why, fix});
	}
}
