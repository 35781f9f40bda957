import type {TestContext} from 'node:test';

/** Lets everything run that waits for no timer. */
export async function turn(): Promise<void> {
	for (let index = 0; index < 5; index++) {
		await new Promise<void>(resolve => {
			setImmediate(resolve);
		});
	}
}

/** Replaces the timers; the returned function moves the clock, at most a second at a time. */
export function fakeClock(t: TestContext): (ms: number) => Promise<void> {
	t.mock.timers.enable({apis: ['setTimeout', 'setInterval', 'Date', 'AbortSignal.timeout' as never], now: 1_000_000});
	return async ms => {
		for (let left = ms; left > 0; left -= 1000) {
			t.mock.timers.tick(Math.min(1000, left));
			await turn();
		}
	};
}
