/** `tetratop doctor` for an address and the demo: tries each step to each agent once, and prints a line a step. */

import type {Problem} from '../../problem.js';
import {refusalOf} from '../../problem.js';
import type {Link} from '../../tetragon/agent/link.js';
import {say} from '../terminal/print.js';
import type {FleetMode} from './mode.js';

/** Exit codes: all well, some, none. */
const codes = {all: 0, some: 1, none: 2} as const;
/** The time for finding nodes and problems, in milliseconds: at most `lookMs`, and `quietMs` after the last one found. */
const lookMs = 10_000;
const quietMs = 1500;
const openMs = 15_000;

export async function examine(mode: FleetMode): Promise<number> {
	const links = new Map<string, Link>();
	const problems = new Map<string, Problem>();
	let lastNews = performance.now();

	function news(): void {
		lastNews = performance.now();
	}

	try {
		await mode.connect(
			link => {
				links.set(link.node, link);
				news();
			},
			node => {
				links.delete(node);
				news();
			},
			{
				raise(problem) {
					problems.set(problem.id, problem);
					news();
				},
				settle: id => void problems.delete(id),
			},
		);
		const started = performance.now();
		while (
			mode.isSingle !== true &&
			performance.now() - started < lookMs &&
			(links.size === 0 || performance.now() - lastNews < quietMs)
		) {
			await new Promise(resolve => {
				setTimeout(resolve, 100);
			});
		}
	} catch (error) {
		say(words('bad', refusalOf(error)));
		return codes.none;
	}

	for (const problem of problems.values()) {
		say(words(problem.severity === 'note' ? 'ok ' : 'bad', problem));
	}

	const results = await Promise.all([...links.values()].map(visit));
	await mode.close?.();
	const well = results.filter(Boolean).length;
	say(`${well} of ${links.size} agents answer`);
	return well === 0 ? codes.none : well === links.size ? codes.all : codes.some;
}

function words(state: string, {what, why, fix}: {what: string; why: string; fix: string}): string {
	return `${state}  ${what}: ${why}; ${fix}`;
}

async function visit(link: Link): Promise<boolean> {
	try {
		const connection = await link.open(AbortSignal.timeout(openMs));
		try {
			const version = await connection.version();
			say(`ok   ${link.node}: ${version} via ${connection.via}, ${connection.agent}`);
			const policies = await connection.policies();
			const dump = await connection.dump();
			say(
				`ok   ${link.node}: ${policies === undefined ? 'policies cannot be read' : `${policies.length} policies`}, ${
					dump === undefined ? 'no process cache' : `${dump.filter(({alive}) => alive).length} processes run`
				}`,
			);
			for (const missing of connection.missing()) {
				say(`..   ${link.node}: ${missing}`);
			}

			return true;
		} finally {
			connection.close();
		}
	} catch (error) {
		say(words(`bad  ${link.node}:`, refusalOf(error)));
		return false;
	}
}
