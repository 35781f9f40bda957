import assert from 'node:assert/strict';
import {setTimeout as wait} from 'node:timers/promises';

/** Waits until something is true; fails with the words after the time. */
export async function until(what: string, isTrue: () => boolean, ms = 5000): Promise<void> {
	const end = Date.now() + ms;
	while (!isTrue()) {
		assert.ok(Date.now() < end, `still not: ${what}`);
		await wait(5);
	}
}
