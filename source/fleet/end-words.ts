import type {EndReason} from '../tetragon/agent/link.js';

/** A gRPC status in words. */
export function endWords({code, text}: EndReason): string {
	switch (code) {
		case undefined:
			return text;
		case 0:
		case 1:
			return `the agent ended the stream (${text})`;
		case 14:
			return `connection lost (${text})`;
		default:
			return `the stream ended with code ${code}: ${text}`;
	}
}
