/** The form of lines and their way to standard output, for a fleet and a replay. */
import process from 'node:process';
import {exitCodes} from '../../exit-codes.js';
import {compactForm} from '../../headless/compact.js';
import type {Form} from '../../headless/form.js';
import {jsonForm} from '../../headless/json.js';
import {LineWriter} from '../../headless/line-writer.js';
import {standardOutput} from '../../headless/standard-output.js';
import type {Options} from '../../options/options.js';
import {safe} from '../../text/safe.js';
import {isColorless} from '../../ui/frame/theme.js';

/** The form of -o; without it json, as tetra. */
export function formOf(options: Options): Form {
	const terminal = process.stdout.isTTY === true;
	if (options.output !== 'compact') {
		return jsonForm({terminal});
	}

	const color = options.color === 'auto' ? terminal && !isColorless(process.env) : options.color === 'always';
	return compactForm({
		terminal,
		timestamps: options.timestamps,
		color,
		stackTraces: options.stackTraces,
		imaHash: options.imaHash,
	});
}

export function openLines(): LineWriter {
	return new LineWriter(standardOutput());
}

/** A note to standard error. @param more lines below it, such as the YAML of a Role; each line is made safe by itself. */
export function note(text: string, ...more: readonly string[]): void {
	process.stderr.write([`tetratop: ${safe(text)}`, ...more.map(line => safe(line)), ''].join('\n'));
}

/** Counts the lines that an error of tetratop left out. The other lines are printed; a stack trace never is. */
export class LineFaults {
	#count = 0;
	#first = '';

	/** Runs what makes and writes the line of an event; an error in it costs this line only. */
	guard(write: () => void): void {
		try {
			write();
		} catch (error) {
			this.#count++;
			if (this.#count === 1) {
				this.#first = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
				note(`an event could not be printed: ${this.#first}; this is a fault of tetratop, and the others are printed`);
			}
		}
	}

	/** The exit code: that of a crash when lines were left out. */
	code(code: number): number {
		if (this.#count === 0) {
			return code;
		}

		note(
			`${this.#count === 1 ? '1 event' : `${this.#count} events`} could not be printed, by a fault of tetratop: ${this.#first}`,
		);
		return exitCodes.crash;
	}
}

/** Writes the lines that wait, and returns the exit code. */
export async function finish(writer: LineWriter, failed = false): Promise<number> {
	await writer.end();
	if (writer.failure !== undefined) {
		note(`writing failed: ${writer.failure}`);
		return exitCodes.failure;
	}

	return failed ? exitCodes.failure : exitCodes.success;
}
