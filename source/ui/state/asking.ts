/** What a filter asks while it is typed: its chips as they are meant, and the candidates with their counts. */
import type {Chip} from '../../query/chip.js';
import {isPod, type Known, meant} from '../../query/meaning.js';
import {parseChips} from '../../query/parse-chips.js';
import type {Around} from '../../query/text-test.js';
import type {Store} from '../../store/store.js';
import {bareWord, candidatesOf} from './candidates.js';
import type {Picture} from './picture.js';
import type {UiState} from './state.js';
import {TextHits} from './text-hits.js';

/** While `t:-5m` is typed its instant moves in such steps: a new instant reads the whole buffer again. */
const typedMs = 10_000;

/** The chips that count now: those set, and those being typed as far as they make sense. */
export function activeChips(ui: UiState, known: Known): readonly Chip[] {
	const chips = ui.chips.filter(chip => !chip.off);
	if (ui.prompt?.mode !== 'filter' || ui.prompt.editor.text.trim() === '' || ui.prompt.exclude) {
		return chips;
	}

	const parsed = parseChips(ui.prompt.editor.text);
	return 'error' in parsed ? chips : [...chips, ...meant(parsed.chips, known)];
}

export class Asking {
	readonly #store: Store;
	readonly #hits: TextHits;

	constructor(store: Store, around: Around, clock: () => number) {
		this.#store = store;
		this.#hits = new TextHits(store, around, clock);
	}

	get isScanning(): boolean {
		return this.#hits.isScanning;
	}

	/** @param isTyped nobody has pressed Enter yet: nothing waits for a first hit. */
	known(nowMs: number, isTyped = false): Known {
		const store = this.#store;
		let pods: Known['pods'] | undefined;
		return {
			get pods() {
				pods ??= store.pods();
				return pods;
			},
			hasText: word => (isTyped ? this.#hits.count(word, 0).events > 0 : this.#hits.has(word)),
			nowMs: isTyped ? Math.floor(nowMs / typedMs) * typedMs : nowMs,
		};
	}

	candidates(ui: UiState, budgetMs: number): Picture['candidates'] {
		const word = bareWord(ui);
		if (word === undefined) {
			this.#hits.close();
			return candidatesOf(ui, this.#store, undefined);
		}

		const {value, field} = word;
		const hits = this.#hits.count(value, budgetMs);
		const isMeant = field === 'text' || !isPod(value, {pods: this.#store.pods(), hasText: () => hits.events > 0});
		return candidatesOf(ui, this.#store, {...hits, isMeant});
	}
}
