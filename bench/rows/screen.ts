/** What the screen costs while it is looked at: CPU, bytes to the terminal, the time from a key to its echo, memory. */
import {Program, rssMiB, sleep} from '../program.js';
import {median, percentile, type Result, type Row} from '../row.js';
import {Sending} from '../sending.js';

type Scene = {readonly sending: Sending; readonly program: Program};

/** Runs the program on the events of a silent agent; `parameters` are added to its command line. */
async function onScreen<Value>(
	work: (scene: Scene) => Promise<Value>,
	recording = 'fork-storm',
	parameters: readonly string[] = [],
): Promise<Value> {
	const sending = await Sending.start(recording);
	const program = Program.tetratop(['--server-address', sending.address(), ...parameters]);
	try {
		await sending.wait('subscribed');
		await program.waitFor(/nodes 1\/1/);
		return await work({sending, program});
	} finally {
		await program.close();
		await sending.stop();
	}
}

function percentOf(value: number): string {
	return `${value.toFixed(1)} % of a core`;
}

function cpuResult(row: string, what: string, percent: number, limit: number): Result {
	return {
		row,
		what,
		against: 'one core',
		ratio: percent / 100,
		absolute: percentOf(percent),
		value: percent,
		must: `≤ ${limit} % of a core`,
		reached: percent <= limit,
	};
}

const idle: Row = {
	name: 'idle',
	measure: ({tiny}) =>
		onScreen(async ({program}) => {
			await sleep(tiny ? 100 : 4000);
			const {cpuPercent} = await program.watch(tiny ? 0.3 : 20);
			return [cpuResult('idle', '0 events/s', cpuPercent, 1)];
		}),
};

const busy: Row = {
	name: 'busy',
	measure: ({tiny}) =>
		onScreen(async ({sending, program}) => {
			const results: Result[] = [];
			for (const [rate, limit] of [
				[1000, 20],
				[5000, 60],
			] as const) {
				sending.order({type: 'rate', perSecond: rate});
				await sleep(tiny ? 100 : 5000);
				const {cpuPercent} = await program.watch(tiny ? 0.3 : 12);
				results.push(cpuResult('busy', `${rate.toLocaleString('en')} events/s`, cpuPercent, limit));
			}

			return results;
		}),
};

const bytes: Row = {
	name: 'bytes',
	measure: ({tiny}) =>
		onScreen(async ({sending, program}) => {
			function result(what: string, value: number, limit: number): Result {
				return {
					row: 'bytes',
					what,
					against: 'all cells of 120x40, 5 times a second',
					ratio: value / (120 * 40 * 5),
					absolute: `${(value / 1000).toFixed(1)} kB/s`,
					value,
					must: `≤ ${limit / 1000} kB/s`,
					reached: value <= limit,
				};
			}

			sending.order({type: 'rate', perSecond: 1000});
			await sleep(tiny ? 100 : 4000);
			const scrolling = await program.watch(tiny ? 0.3 : 10);
			// Paused, the panes stand; what goes on is the count of what has come since.
			program.write('p');
			await sleep(tiny ? 100 : 1500);
			const counter = await program.watch(tiny ? 0.3 : 10);
			return [
				result('feed scrolling at 1 000 events/s', scrolling.bytesPerSecond, 40_000),
				result('one counter changing (paused at 1 000 events/s)', counter.bytesPerSecond, 4000),
			];
		}),
};

const keyLatency: Row = {
	name: 'key-latency',
	measure: ({tiny}) =>
		onScreen(async ({sending, program}) => {
			sending.order({type: 'rate', perSecond: 5000});
			await sleep(tiny ? 200 : 4000);
			const latencies = await echoes(program, tiny ? 5 : 150);

			function result(what: string, value: number, limit: number): Result {
				return {
					row: 'key latency',
					what,
					against: 'one frame of a 30 Hz screen',
					ratio: value / (1000 / 30),
					absolute: `${value.toFixed(1)} ms`,
					value,
					must: `≤ ${limit} ms`,
					reached: value <= limit,
				};
			}

			return [
				result('median at 5 000 events/s', median(latencies), 33),
				result('p99 at 5 000 events/s', percentile(latencies, 0.99), 100),
			];
		}),
};

/** Types letters into the command line and waits for each to stand on the screen; milliseconds from key to the bytes that show it. */
async function echoes(program: Program, count: number): Promise<number[]> {
	const latencies: number[] = [];
	program.write(':');
	await sleep(300);
	for (let index = 0; index < count; index++) {
		if (index % 12 === 0) {
			// ctrl-u empties the line.
			program.write('\u0015');
			await sleep(150);
		}

		const wanted = `:${'qxzj'.repeat(4).slice(0, (index % 12) + 1)}`;
		let lastAt = 0;
		program.heard = (_data, atMs) => {
			lastAt = atMs;
		};
		const from = performance.now();
		program.write(wanted.at(-1)!);
		for (;;) {
			const screen = await program.screen();
			if (screen.some(row => row.replaceAll(' ', '').includes(wanted))) {
				latencies.push(lastAt - from);
				break;
			}

			if (performance.now() - from > 3000) {
				throw new Error(`no echo of ${wanted}; the screen:\n${screen.join('\n')}`);
			}

			await sleep(1);
		}

		// At another moment of the 200 ms between two frames each time.
		await sleep(40 + ((index * 37) % 90));
	}

	program.heard = () => {};
	return latencies;
}

function mebibytes(value: number): string {
	return `${value.toFixed(0)} MiB`;
}

const memory: Row = {
	name: 'memory',
	async measure({tiny}) {
		function result(what: string, value: number, limit: number): Result {
			return {
				row: 'memory',
				what,
				against: `the limit, ${limit} MB`,
				ratio: (value * 2 ** 20) / (limit * 1e6),
				absolute: `${mebibytes(value)} (${((value * 2 ** 20) / 1e6).toFixed(0)} MB)`,
				value,
				must: `≤ ${limit} MB`,
				reached: value * 2 ** 20 <= limit * 1e6,
			};
		}

		const quiet = await onScreen(async ({program}) => {
			await sleep(tiny ? 100 : 10_000);
			return rssMiB(program.pid);
		});
		const wanted = tiny ? 2000 : 100_000;
		const kept = await onScreen(
			async ({sending, program}) => {
				sending.order({type: 'rate', perSecond: 10_000});
				await sleep(wanted / 10 + 150);
				sending.order({type: 'pause'});
				await sleep(tiny ? 500 : 2000);
				const [, shown = '0'] = /([\d,]+) of [\d,]+ shown/.exec((await program.screen()).join('\n')) ?? [];
				const events = Number(shown.replaceAll(',', ''));
				if (events < wanted * (tiny ? 0.5 : 1)) {
					throw new Error(`only ${shown} events are kept`);
				}

				return {rss: rssMiB(program.pid), events};
			},
			'fork-storm',
			['--buffer', '192MiB'],
		);
		return [
			result('idle, one node', quiet, 130),
			result(`${kept.events.toLocaleString('en')} events of fork-storm kept`, kept.rss, 320),
		];
	},
};

export const screenRows: readonly Row[] = [idle, busy, keyLatency, bytes, memory];
