import {Refusal} from '../problem.js';

export class UsageError extends Refusal {}

/** Runs what reads the user's words; its refusals end the program as a wrong flag does. */
export function asUsageError<Value>(read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		throw error instanceof Refusal ? new UsageError(error.what, error.why, error.fix, false) : error;
	}
}
