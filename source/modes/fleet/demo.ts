/** The demo: the program on embedded agents that play recordings. */
import type {Demo} from '../../demo/agent.js';
import type {Options} from '../../options/options.js';
import {runFleet} from './mode.js';

export async function runDemo(options: Options): Promise<number> {
	let demo: Demo | undefined;
	return runFleet({
		options,
		targetName: 'demo',
		mode: 'demo',
		async connect(add) {
			// After the first paint: the screen is there before the recordings are read.
			const {startDemo} = await import('../../demo/agent.js');
			demo = await startDemo({speed: options.speed});
			for (const link of demo.links) {
				add(link);
			}
		},
		async close() {
			await demo?.close();
		},
	});
}
