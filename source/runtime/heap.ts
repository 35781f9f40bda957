/**
V8's heap flags that can be set while the program runs. V8 reads --max-semi-space-size only at start; it reads these two
whenever the heap is about to grow.
*/
import {setFlagsFromString} from 'node:v8';

/** Fewer connections than this do not make the young generation grow. */
export const manyNodes = 100;

const growthFlag = '--semi-space-growth-factor';

/** V8's default. */
const usualGrowth = 2;

/** Milliseconds. After this time 500 nodes have connected, or wait for a retry. */
const holdMs = 60_000;

let isKeptSmall = false;

/**
Keeps the young generation at its first size, for the rest of the process: for lines, where nothing of an event lives on. V8
would let it grow to three times 16 MiB, all of it garbage, and the buffers of the network that the garbage holds on to.
*/
export function keepYoungGenerationSmall(): void {
	isKeptSmall = true;
	try {
		setFlagsFromString(`${growthFlag}=1`);
	} catch {
		// Bun has another engine.
	}
}

/**
Keeps the heap near the size of what lives in it, for the rest of the process: for the screen, which keeps events. Under a
stream of them the old generation grows to four times its live size: at millions of events the program took 530 MiB; with a
small young generation 370; with an old generation that at most doubles 275, for a tenth more CPU.
*/
export function keepHeapSmall(): void {
	keepYoungGenerationSmall();
	try {
		setFlagsFromString('--heap-growing-percent=100');
	} catch {
		// Bun has another engine.
	}
}

/**
Stops the young generation from growing while hundreds of connections are made. Most of what a connection allocates lives
on, which makes V8 grow the young generation to 128 MB and never shrink it (500 agents: 196 MiB above one agent; held: 107
to 149). Returns the function that ends the hold; the hold also ends by itself after a minute.
*/
export function holdYoungGeneration(): () => void {
	setFlagsFromString(`${growthFlag}=1`);

	function release() {
		clearTimeout(timer);
		if (!isKeptSmall) {
			setFlagsFromString(`${growthFlag}=${usualGrowth}`);
		}
	}

	const timer = setTimeout(release, holdMs);
	timer.unref();
	return release;
}
