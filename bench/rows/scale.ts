/** The same events from one node and from many: CPU an event, memory. */
import process from 'node:process';
import {bundled} from '../bundle.js';
import {cpuSeconds, Program, rssMiB, sleep} from '../program.js';
import type {Result, Row} from '../row.js';
import {Sending} from '../sending.js';

const rate = 20_000;

export const scaleRow: Row = {
	name: 'scale',
	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one measurement from start to end; its order is what is measured
	async measure({tiny}) {
		const many = await bundled('many-nodes.ts');
		const results: Result[] = [];
		let atOne = Number.NaN;
		try {
			for (const nodes of tiny ? [1, 3] : [1, 10, 100, 500]) {
				const sending = await Sending.start('fork-storm', nodes);
				const program = new Program([process.execPath, many.file, sending.folder, String(nodes)]);
				try {
					await program.waitFor(new RegExp(`nodes ${nodes}/${nodes}`), 60_000);
					sending.order({type: 'rate', perSecond: tiny ? 1000 : rate});
					await sleep(tiny ? 200 : 5000);
					const spanSeconds = tiny ? 0.5 : 10;
					const cpu = cpuSeconds(program.pid);
					sending.order({type: 'count'});
					const before = await sending.wait('counted');
					await sleep(spanSeconds * 1000);
					sending.order({type: 'pause'});
					const after = await sending.wait('counted');
					const cost = ((cpuSeconds(program.pid) - cpu) / (after.sent - before.sent)) * 1e6;
					atOne = nodes === 1 ? cost : atOne;
					const ratio = cost / atOne;
					const rss = rssMiB(program.pid);
					results.push({
						row: 'scale',
						what: `${nodes} node${nodes === 1 ? '' : 's'}`,
						against: `one node, ${atOne.toFixed(1)} µs`,
						ratio,
						absolute: `${cost.toFixed(1)} µs of CPU an event, RSS ${rss.toFixed(0)} MiB`,
						value: cost,
						must: nodes === 500 ? '≤ 1.5 × one node' : '(the row asks for 500)',
						reached: nodes === 500 || tiny ? ratio <= 1.5 : undefined,
						...(after.skipped > 0 ? {note: `${after.skipped} events could not be sent`} : {}),
					});
				} finally {
					await program.close();
					await sending.stop();
				}
			}
		} finally {
			many.remove();
		}

		return results;
	},
};
