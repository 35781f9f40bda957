import {Refusal} from '../problem.js';

export class WrongWords extends Refusal {}

/** Runs what reads the user's words; its refusals end the program as a wrong flag does. */
export function readWords<Value>(read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		throw error instanceof Refusal ? new WrongWords(error.what, error.why, error.fix, false) : error;
	}
}
