/**
A fleet without a screen: one line per event on standard output, everything else on standard error. It goes on when an
agent goes away, as the screen does; it ends when the reader leaves, on a signal, when the first try of an address fails,
and when an agent says in so many words (status OK) that there is no more.
*/
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import type {EventSink} from '../../fleet/event-sink.js';
import {Fleet} from '../../fleet/fleet.js';
import type {Problem} from '../../problem.js';
import {refusalOf} from '../../problem.js';
import {Keep} from '../../store/keep.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {Recorder} from '../recorder.js';
import {finish, formOf, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import type {FleetMode} from './mode.js';
import {Push} from './server-filter.js';

export async function fleetLines(mode: FleetMode): Promise<number> {
	const {options, isOwn} = mode;
	const form = formOf(options);
	const writer = openLines();
	const names: string[] = [];
	const problems = new Map<string, string>();
	let seen = 0;
	const {promise: over, resolve: end} = Promise.withResolvers<number>();
	function raise(problem: Problem): void {
		const text = `${problem.what}: ${problem.why}; ${problem.fix}`;
		if (problems.get(problem.id) === text) {
			return;
		}

		problems.set(problem.id, text);
		note(text);
		// An address that cannot be reached at all is the whole task; of a cluster one node is not.
		const isFatal = problem.severity === 'error' || (mode.isSingle === true && seen === 0);
		// Nor is a server or a pod that was lost after a while: the rest goes on, and it may come back.
		if (isFatal && (mode.isSingle === true || (seen === 0 && !problem.id.startsWith('node/')))) {
			end(exitCodes.failure);
		}
	}

	const recorder = new Recorder(raise, id => problems.delete(id));
	const intake: EventSink = {
		openNode(name) {
			const known = names.indexOf(name);
			return known === -1 ? names.push(name) - 1 : known;
		},
		setNode(_node, {state}) {
			seen += state === 'streaming' || state === 'quiet' ? 1 : 0;
		},
		renameNode(node, name) {
			names[node] = name;
		},
		take(_node, {bytes, event}) {
			writer.write(event === undefined ? form.frame(bytes) : form.event(bytes, event));
		},
		hide() {},
		takeDump() {},
		takePolicies() {},
		rule(node, rule) {
			if (rule.type === 'gap') {
				const seconds = Math.max(1, Math.round((rule.toMs - rule.fromMs) / 1000));
				note(`${names[node] ?? ''}: ${rule.reason}; the events of ${seconds} s are missing`);
			} else if (rule.type === 'restart') {
				note(`${names[node] ?? ''}: ${rule.reason}`);
			} else if (rule.type === 'lost') {
				note(`${names[node] ?? ''}: ${rule.count} events are lost: ${rule.reason}`);
			} else if (rule.type === 'stalled') {
				const seconds = Math.round((rule.toMs - rule.fromMs) / 1000);
				note(`${names[node] ?? ''}: stood still for ${seconds} s; what the agent dropped meanwhile is missing`);
			}
		},
		setLostServer() {},
		malformed(count) {
			note(`${count} lines could not be read`);
		},
		raise,
		settle: id => void problems.delete(id),
	};

	const request = asUsageError(() => buildRequest(options));
	const keep = new Keep({request, isOwn, scope: mode.scope, nodeName: node => names[node] ?? ''});
	const push = new Push(request, false, mode.targetChips ?? (() => []));
	const fleet = new Fleet({
		store: intake,
		request,
		keep,
		narrowed: () => push.request(),
		tap: () => recorder.tap,
		ended(reason) {
			if (mode.isSingle === true && reason.code === 0) {
				end(exitCodes.success);
			}
		},
	});

	function stop(code: number) {
		return () => end(code);
	}

	process.once('SIGINT', stop(exitCodes.interrupted));
	process.once('SIGTERM', stop(exitCodes.terminated));
	process.once('SIGHUP', stop(129));
	void writer.left.then(stop(exitCodes.success));
	if (options.record) {
		await recorder.toggle(options.record);
	}

	try {
		await mode.connect(
			link => fleet.add(link),
			(node, reason) => void fleet.remove(node, reason),
			{raise, settle: id => void problems.delete(id)},
		);
	} catch (error) {
		const {what, why, fix} = refusalOf(error);
		raise({id: 'connect', severity: 'error', what, why, fix});
	}

	const code = await over;
	await fleet.close();
	await mode.close?.();
	await recorder.stop();
	const ended = await finish(writer);
	return code === exitCodes.success ? ended : code;
}
