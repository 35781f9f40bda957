/**
`node --import=./scripts/patched-tsx.js bench/soak/verdicts.ts [--seconds N] [--seed N]`: the program on a real terminal,
with random keys, and an agent that knows what became of each process (agent.ts) while it switches modes, answers late or
never, restarts and floods. At the end the view is saved and each verdict is compared with the truth. Exit code 1 where one
is wrong, where an event is missing, or where more kills are UNSEEN than happened unseen.
*/
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {Program, rssMiB, type Size, sleep} from '../program.js';
import {SoakAgent} from './agent.js';
import {Random} from './random.js';

const {values} = parseArgs({options: {seconds: {type: 'string', default: '600'}, seed: {type: 'string'}}});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const milliseconds = Number(values.seconds) * 1000;

const sizes: readonly Size[] = [
	{columns: 120, rows: 40},
	{columns: 80, rows: 24},
	{columns: 200, rows: 60},
	{columns: 30, rows: 8},
];

const esc = '\u001B';
/** Nothing here ends the program, writes a file or asks an agent to change anything. */
const deeds: readonly (readonly string[])[] = [
	['j'],
	['k'],
	['G'],
	['g'],
	[' '],
	['\t'],
	['\r', esc],
	['p', 'p'],
	['/pod-3\r', esc],
	['/kill:would-kill\r', esc],
	['/worker', esc],
	['1', '2', '3'],
	['4', '1'],
	['5', '1'],
	['?', esc],
	['z', 'z'],
	['f', 'f'],
	['s', 's'],
	['i', 'i'],
	['a', 'a'],
	['A'],
	['e'],
	['E'],
	['v', esc],
	[':set time=date\r'],
	[':mark\r'],
	[`${esc}[A`],
	[`${esc}[6~`],
	[`${esc}[<64;20;10M`],
];

/** The fields of a line of CSV. */
function fieldsOf(line: string): readonly string[] {
	return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
		quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
	);
}

function statesOf(file: string): ReadonlyMap<string, string> {
	const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
	const names = fieldsOf(head);
	const [words, policy, state] = ['arguments', 'policy', 'state'].map(name => names.indexOf(name));
	const states = new Map<string, string>();
	for (const line of lines) {
		const fields = fieldsOf(line);
		if (fields[policy!]?.startsWith('policy-')) {
			states.set(fields[words!] ?? '', fields[state!] ?? '');
		}
	}

	return states;
}

/** Whatever is open is closed, and nothing is hidden or paused. */
async function makePlain(): Promise<void> {
	for (let index = 0; index < 40; index++) {
		const text = (await program.screen()).join('\n');
		const chips = text.split('\n')[1] ?? '';
		const key = / PAUSED /.test(chips)
			? 'p'
			: /only alerts/.test(chips)
				? 'a'
				: index < 15 || / ✕ /.test(chips)
					? esc
					: '';
		if (key === '') {
			return;
		}

		program.write(key);
		// Longer than Esc waits for the rest of a sequence.
		await sleep(700);
	}
}

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-soak-'));
const random = new Random(seed);
const agent = new SoakAgent(path.join(folder, 'agent'), new Random(seed + 1));
const complaints: string[] = [];
await agent.listen();
const program = Program.tetratop(['--server-address', `unix://${path.join(folder, 'agent')}`, '--buffer', '512M']);
try {
	await program.waitFor(/nodes 1\/1/);
	const stop = new AbortController();
	const acting = agent.act(stop.signal);
	const from = performance.now();
	while (performance.now() - from < milliseconds) {
		if (random.below(20) === 0) {
			program.resize(random.pick(sizes));
		}

		for (const keys of random.pick(deeds)) {
			program.write(keys);
			await sleep(50 + random.below(150));
		}

		await program.screen();
	}

	stop.abort();
	await acting;
	agent.isQuiet = true;
	program.resize({columns: 200, rows: 50});
	// Two polls: all counters are read.
	await sleep(23_000);
	await makePlain();
	const saved = path.join(folder, 'saved.csv');
	program.write(`:save ${saved}\r`);
	const text = await program.waitFor(/saved \d+ lines/);
	const states = statesOf(saved);
	const tally = new Map<string, number>();
	let open = 0;
	for (const [words, {policy, what, right, open: left}] of agent.truths) {
		const state = states.get(words);
		if (state === undefined) {
			complaints.push(`${words} of ${policy} (${what}) is not in the saved view`);
		} else if (left.includes(state)) {
			open++;
		} else if (!right.includes(state)) {
			complaints.push(`${words} of ${policy} was ${what}, and is called "${state}"`);
		}

		const key = `${what}: ${state}`;
		tally.set(key, (tally.get(key) ?? 0) + 1);
	}

	const unseen = Number(/(\d+) unseen/i.exec(text)?.[1] ?? 0);
	if (unseen > agent.hidden) {
		complaints.push(`${unseen} kills are UNSEEN, and ${agent.hidden} were`);
	}

	const {truths, hidden, restarts, late, lost, sent} = agent;
	process.stdout.write(
		`seed ${seed}: ${truths.size} hits, ${hidden} of them hidden, ${sent} events, ${restarts} restarts, ${late} lists late, ${lost} lost\n`,
	);
	process.stdout.write(
		`${open} open, ${unseen} UNSEEN, ${rssMiB(program.pid).toFixed(0)} MiB\n${[...tally].map(([key, count]) => `  ${key} ${count}`).join('\n')}\n`,
	);
} catch (error) {
	complaints.push(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
} finally {
	await program.close();
	await agent.close();
	rmSync(folder, {recursive: true, force: true});
}

for (const complaint of complaints) {
	process.stderr.write(`${complaint}\n`);
}

process.exitCode = complaints.length === 0 ? 0 : 1;
