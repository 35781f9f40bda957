import assert from 'node:assert/strict';
import {setTimeout as wait} from 'node:timers/promises';

/**
Waits until something is true. The limit only ends a test that would never end: it is long, because machines that run tests
are busy.
*/
export async function until(what: string, isTrue: () => boolean, ms = 60_000): Promise<void> {
	const end = Date.now() + ms;
	while (!isTrue()) {
		assert.ok(Date.now() < end, `not seen in ${ms / 1000} s: ${what}`);
		await wait(5);
	}
}
