/**
`node --import=./scripts/patched-tsx.js bench/soak.ts [--minutes N] [--seed N]`: the program on a real terminal for ten minutes at 2 000 events/s while
somebody resizes, types, filters and pauses at random and the agent is killed and comes back. It must end with as much
memory as it had, no event lost that was sent (those sent to nobody while the agent was away are not sent), and a screen
that a fresh paint (ctrl-l) does not change. Exit code 1 where one of these does not hold.
*/
import process from 'node:process';
import {parseArgs} from 'node:util';
import {Program, rssMiB, type Size, sleep} from './program.js';
import {Sending} from './sending.js';

const {values} = parseArgs({options: {minutes: {type: 'string', default: '10'}, seed: {type: 'string', default: '1'}}});
const milliseconds = Number(values.minutes) * 60_000;
let seed = Number(values.seed);

function random(below: number): number {
	seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
	return Math.floor((seed / 2 ** 32) * below);
}

function pick<Value>(list: readonly Value[]): Value {
	return list[random(list.length)]!;
}

const sizes: readonly Size[] = [
	{columns: 120, rows: 40},
	{columns: 80, rows: 24},
	{columns: 200, rows: 60},
	{columns: 61, rows: 17},
	{columns: 100, rows: 28},
	{columns: 30, rows: 8},
];

const esc = '\u001B';
/** Nothing here ends the program, writes a file or asks an agent to change anything. */
const deeds: readonly (readonly string[])[] = [
	['j'],
	['k'],
	['jjjjjjjj'],
	['\t'],
	['G'],
	['g'],
	[' '],
	['\r', esc],
	['p', 'p'],
	['/xwing\r', esc],
	['/exit\r', '\u007F'],
	['/worker', esc],
	['1', '2', '3'],
	['4', '1'],
	['5', '1'],
	['?', esc],
	['z', 'z'],
	['f', 'f'],
	['s', 's'],
	['i', 'i'],
	['e'],
	[`${esc}[A`],
	[`${esc}[B`],
	[`${esc}[6~`],
	[`${esc}[5~`],
];

const rate = 2000;
const sending = await Sending.start('fork-storm');
const program = Program.tetratop(['--server-address', sending.address()]);
const complaints: string[] = [];
let restarts = 0;
let sent = 0;

try {
	await sending.wait('subscribed');
	await program.waitFor(/nodes 1\/1/);
	sending.order({type: 'rate', perSecond: rate});
	const from = performance.now();
	const memory: Array<{readonly minute: number; readonly mebibytes: number}> = [];
	let nextReading = 0;
	let nextRestart = 20_000;
	while (performance.now() - from < milliseconds) {
		const at = performance.now() - from;
		if (at >= nextReading) {
			nextReading += Math.min(30_000, milliseconds / 12);
			memory.push({minute: at / 60_000, mebibytes: rssMiB(program.pid)});
			console.log(
				`${(at / 60_000).toFixed(1)} min  RSS ${memory.at(-1)!.mebibytes.toFixed(0)} MiB  ${restarts} restarts`,
			);
		}

		if (at >= nextRestart && at < milliseconds - 15_000) {
			nextRestart += 20_000 + random(40_000);
			restarts++;
			sending.order({type: 'restart', milliseconds: 200 + random(3000)});
		} else if (random(6) === 0) {
			program.resize(pick(sizes));
		} else {
			for (const keys of pick(deeds)) {
				program.write(keys);
				await sleep(30 + random(200));
			}
		}

		// The emulator keeps up, as a terminal does.
		await program.screen();
		await sleep(random(300));
	}

	// Back to a plain screen: whatever is open is closed, whatever is set is removed.
	program.resize({columns: 120, rows: 40});
	for (let time = 0; time < 8; time++) {
		program.write(esc);
		await sleep(120);
	}

	await sleep(15_000);
	sending.order({type: 'pause'});
	const counted = await sending.wait('counted');
	({sent} = counted);
	// Until the rates of the last seconds are over, which a moment changes.
	await sleep(12_000);
	program.write('1');
	await sleep(500);

	// Before that the buffer was not full.
	const steady = memory.slice(Math.ceil(memory.length / 4));
	const early = Math.max(...steady.slice(0, Math.ceil(steady.length / 2)).map(({mebibytes}) => mebibytes));
	const late = Math.max(...steady.slice(Math.ceil(steady.length / 2)).map(({mebibytes}) => mebibytes));
	console.log(`memory: at most ${early.toFixed(0)} MiB in the first half, ${late.toFixed(0)} MiB in the second`);
	if (late > early * 1.15) {
		complaints.push(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
	}

	// The clock stands in the chips row and the header; rows that show none must be the same after a fresh paint.
	const before = await program.screen();
	program.write('\u000C');
	await sleep(1000);
	const after = await program.screen();

	function timeless(row: string): string {
		return row.replaceAll(/\d+([.:]\d+)*\s?(ms|s|m|h)?/g, '0').replaceAll(/[▁▂▃▄▅▆▇█]/g, '_');
	}

	const changed = before.flatMap((row, index) =>
		timeless(row) === timeless(after[index] ?? '') ? [] : [`- ${row}`, `+ ${after[index]}`],
	);
	if (changed.length > 0) {
		complaints.push(`a fresh paint changes the screen:\n${changed.join('\n')}`);
	}

	const {skipped} = counted;
	console.log(`${sent.toLocaleString('en')} events sent, ${skipped} not taken by the transport, ${restarts} restarts`);
	if (skipped > 0) {
		complaints.push(`${skipped} events were not read in time`);
	}

	const text = after.join('\n');
	if (!/nodes 1\/1/.test(text) || !/LOST \?(?!\S)/.test(text)) {
		complaints.push(`the screen does not say one node and nothing lost:\n${text}`);
	}
} catch (error) {
	complaints.push(error instanceof Error ? error.message : String(error));
} finally {
	await program.close();
	await sending.stop();
}

for (const complaint of complaints) {
	console.error(`SOAK: ${complaint}`);
}

console.log(
	complaints.length === 0 ? 'soak: memory flat, nothing lost, the screen is what a fresh paint shows' : 'soak: FAILED',
);
process.exitCode = complaints.length === 0 ? 0 : 1;
