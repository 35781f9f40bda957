/** Says each second how many events are not in the recording, when there are more than before. */
import type {Recorder} from '../recorder.js';

const periodMs = 900;

export class MissingNote {
	readonly #recorder: Pick<Recorder, 'missing'>;
	readonly #note: (text: string) => void;
	readonly #timer: NodeJS.Timeout;
	#said = 0;

	constructor(recorder: Pick<Recorder, 'missing'>, note: (text: string) => void) {
		this.#recorder = recorder;
		this.#note = note;
		this.#timer = setInterval(() => this.#say(), periodMs).unref();
	}

	end(): void {
		clearInterval(this.#timer);
		this.#say();
	}

	#say(): void {
		const {missing} = this.#recorder;
		if (missing > this.#said) {
			this.#said = missing;
			this.#note(`${missing} events are not in the recording`);
		}
	}
}
