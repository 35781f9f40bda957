// Called as a member below: node:test's fake clock replaces members of this module, but not imported names.
import timers from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or at once when the signal aborts; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	try {
		await timers.setTimeout(ms, undefined, {signal});
	} catch {
		// Aborted: the caller checks its signal.
	}
}
