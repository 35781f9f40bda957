import {StringDecoder} from 'node:string_decoder';

/** Milliseconds after which a line without an end is shown: `Password: ` waits for an answer. */
const questionMs = 150;
/** Characters of one line. */
const longestLine = 4096;

/** The lines of a plugin's stderr, and a question that has no line end. */
export class PluginWords {
	readonly #say: (line: string) => void;
	readonly #decoder = new StringDecoder('utf8');
	#open = '';
	#timer: NodeJS.Timeout | undefined;

	constructor(say: (line: string) => void) {
		this.#say = say;
	}

	push(chunk: Buffer): void {
		clearTimeout(this.#timer);
		const lines = (this.#open + this.#decoder.write(chunk)).split(/\r?\n/);
		this.#open = (lines.pop() ?? '').slice(0, longestLine);
		for (const line of lines) {
			this.#say(line.slice(0, longestLine));
		}

		if (this.#open !== '') {
			this.#timer = setTimeout(() => this.end(), questionMs);
		}
	}

	/** Says what has no line end. */
	end(): void {
		clearTimeout(this.#timer);
		const rest = this.#open;
		this.#open = '';
		if (rest !== '') {
			this.#say(rest);
		}
	}
}
