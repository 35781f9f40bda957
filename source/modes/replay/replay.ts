/** A recording: on a screen with a clock of its own, or as lines. */

import type {Options} from '../../options/options.js';
import {isHeadless} from '../terminal/headless.js';

export async function runReplay(options: Options): Promise<number> {
	if (isHeadless(options)) {
		const {replayLines} = await import('./replay-lines.js');
		return replayLines(options);
	}

	const {replayScreen} = await import('./replay-screen.js');
	return replayScreen(options);
}
