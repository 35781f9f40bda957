/** A usage error: the arguments are wrong whatever the cluster's state. Exit code 2. */
import {Refusal} from '../problem.js';

export class UsageError extends Refusal {}

/** Runs a reader of arguments; its refusals become usage errors. */
export function asUsageError<Value>(read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		throw error instanceof Refusal ? new UsageError(error.what, error.why, error.fix, false) : error;
	}
}
