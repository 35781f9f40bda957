/**
While hundreds of connections are made, most of what is allocated stays: V8 takes that for a reason to let its young
generation grow to 128 MB, which it does not give back (500 agents: 196 MiB above one agent with that, 107 to 149 without).
So the growth is held while they are made. The flag is read whenever V8 is about to grow, so it can be set at run time.
*/
import {setFlagsFromString} from 'node:v8';
import {isHeapKeptSmall} from '../small-heap.js';

/** Fewer connections do not make it grow. */
export const manyNodes = 100;

/** V8's own value. */
const usualFactor = 2;
const factorFlag = '--semi-space-growth-factor';

/** Milliseconds after which the last of 500 has connected, or is retrying alone. */
const holdMs = 60_000;

/** Returns what lets it grow again; it does so by itself after a minute. */
export function holdYoungGeneration(): () => void {
	setFlagsFromString(`${factorFlag}=1`);
	const release = () => {
		clearTimeout(timer);
		if (!isHeapKeptSmall()) {
			setFlagsFromString(`${factorFlag}=${usualFactor}`);
		}
	};
	const timer = setTimeout(release, holdMs);
	timer.unref();
	return release;
}
