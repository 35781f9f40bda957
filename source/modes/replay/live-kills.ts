/** `tetratop kills TARGET`: a report for each enforcement that the nodes of a target still know, and with --follow of new ones. */
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import {Fleet} from '../../fleet/fleet.js';
import {refusalOf} from '../../problem.js';
import {Keep} from '../../store/keep.js';
import {Store} from '../../store/store.js';
import {buildRequest} from '../../tetragon/filter/filter.js';
import {type FleetMode, permitted} from '../fleet/mode.js';
import {askedPast, pastJoiner} from '../fleet/past.js';
import {finish, note, openLines} from '../terminal/lines.js';
import {asUsageError} from '../usage-error.js';
import {KillPrinter} from './kill-printer.js';

const bufferBytes = 16 * 1024 * 1024;
const lookMs = 250;
/** Milliseconds for the policies' modes after the last event, and for the nodes to be reached at all. */
const modesMs = 1500;
const reachMs = 60_000;
/** A kill whose exit is no event yet by then is not proven by one. */
const settleMs = 60_000;

export async function runLiveKills(asked: FleetMode): Promise<number> {
	const mode = permitted(asked);
	const {options} = mode;
	const writer = openLines();
	const store = new Store({bufferBytes});
	const span = askedPast(options, Date.now()) ?? {fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY};
	const printer = new KillPrinter(options, span, store, writer);
	const {promise: over, resolve: end} = Promise.withResolvers<number>();
	const request = asUsageError(() => buildRequest(options));

	function nodeName(node: number) {
		return store.nodeName(node);
	}

	function settled() {
		setTimeout(() => (options.follow ? undefined : end(exitCodes.success)), modesMs);
	}

	const keep = new Keep({request, isOwn: mode.isOwn, scope: mode.scope, nodeName});
	const past = pastJoiner(mode, {store, request, nodeName, settled});
	const fleet = new Fleet({store, request, keep, past});
	process.once('SIGINT', () => end(exitCodes.interrupted));
	process.once('SIGTERM', () => end(exitCodes.terminated));
	void writer.left.then(() => end(exitCodes.success));
	const late = setTimeout(() => {
		note('no answer of all nodes in 60 s: the reports are of those that answered');
		end(exitCodes.failure);
	}, reachMs);
	printer.begin();
	try {
		await mode.connect(
			link => fleet.add(link),
			(node, reason) => void fleet.remove(node, reason),
			{
				raise: ({what, why, fix, severity}) => {
					note(`${what}: ${why}; ${fix}`);
					if (severity === 'error') {
						end(exitCodes.failure);
					}
				},
				settle: () => undefined,
			},
		);
	} catch (error) {
		const {what, why, fix} = refusalOf(error);
		note(`${what}: ${why}; ${fix}`);
		end(exitCodes.failure);
	}

	const looking = options.follow ? setInterval(() => printer.look(), lookMs) : undefined;
	const code = await over;
	clearTimeout(late);
	clearInterval(looking);
	for (const {name, past: words} of store.nodes().filter(node => node.past.startsWith('no past'))) {
		note(`${name}: ${words}`);
	}

	store.tick(Date.now() + settleMs);
	printer.print(() => true);
	printer.end();
	await fleet.close();
	await mode.close?.();
	const ended = await finish(writer, false);
	return code === exitCodes.success && printer.isFound && ended === exitCodes.success ? exitCodes.found : code || ended;
}
