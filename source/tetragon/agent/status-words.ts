/** The words of a gRPC status, for a person. */
import {type ServiceError, status} from '@grpc/grpc-js';

/** Characters of a text that are shown. */
const longest = 400;

/** grpc-js adds a note to its last error, also where it has none. */
const emptyNote = /[.\s]*Resolution note:\s*$/;

export function plainDetails(details: string): string {
	const line = details.replace(emptyNote, '').replaceAll(/\s+/g, ' ').trim();
	return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/**
The limit in bytes that a message went beyond, where grpc-js ended the call because of it. undefined: another end; an agent
may end a call with the same code.
*/
export function exceededLimit(code: number, details: string): number | undefined {
	const [, limit] =
		/^Received message (?:larger than max \(\d+ vs|that decompresses to a size larger than) (\d+)/.exec(details) ?? [];
	return code === status.RESOURCE_EXHAUSTED && limit !== undefined ? Number(limit) : undefined;
}

/** @param flag the limit is that of --max-recv-size. */
export function tooLong(what: string, limit: number, flag: boolean): string {
	const size = limit % 1024 ** 2 === 0 ? `${limit / 1024 ** 2} MiB` : `${limit} bytes`;
	return `${what} is longer than ${size}${flag ? ' (--max-recv-size)' : ''}`;
}

/** The error of a call, with its details in plain words. */
export function inWords(error: ServiceError, call: string, longestMessage: number): ServiceError {
	const limit = exceededLimit(error.code, error.details);
	error.details =
		limit === undefined
			? plainDetails(error.details)
			: tooLong(`the answer to ${call}`, limit, limit === longestMessage);
	return error;
}

export function isServiceError(error: unknown): error is ServiceError {
	return error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number';
}

/** Before v1.2 there is no GetDebug; v1.2 has it and does not know the flag. */
export function isUnknownDump(error: ServiceError): boolean {
	return error.code === status.UNIMPLEMENTED || /unknown config flag/.test(error.details);
}
