/** Typing a filter, a highlight or a command. Nothing is asked of the cluster before Enter. */
import {chipOf} from '../../query/chip.js';
import {meant} from '../../query/meaning.js';
import {parseChips} from '../../query/parse-chips.js';
import {termOf} from '../../query/written-term.js';
import {killFilters} from '../../store/enforcement-states.js';
import {own} from '../../text/safe.js';
import {commandReaction, completionsOf} from '../actions/commands.js';
import {killWord} from '../state/candidates.js';
import {type EditStep, edit, editStep, remember} from '../state/line-editor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Candidate, Prompt, UiState} from '../state/state.js';

function withPrompt(ui: UiState, prompt: Prompt): UiState {
	return {...ui, prompt};
}

/** Checks the text as it is typed, so that a mistake is named in place. */
function retyped(ui: UiState, prompt: Prompt): UiState {
	if (prompt.mode === 'command') {
		return withPrompt(ui, {...prompt, error: undefined});
	}

	const parsed = parseChips(prompt.editor.text);
	return withPrompt(ui, {...prompt, error: 'error' in parsed ? parsed.error : undefined});
}

function edited(ui: UiState, prompt: Prompt, step: EditStep): UiState {
	const editor = edit(prompt.editor, step);
	return editor.text === prompt.editor.text
		? withPrompt(ui, {...prompt, editor})
		: retyped(ui, {...prompt, editor, candidate: -1});
}

/** An action on the open prompt; without one nothing happens. */
function inPrompt(change: (scene: Scene, prompt: Prompt) => Reaction | UiState): (scene: Scene) => Reaction {
	return scene => {
		const {ui} = scene;
		const next = ui.prompt ? change(scene, ui.prompt) : ui;
		return 'effects' in next ? next : stay(next);
	};
}

/** A key that the table does not bind in the prompt: it edits the line. `text` is what it writes, '' for a control key. */
export function typeInPrompt({ui}: Scene, name: string, text: string): Reaction {
	const step = editStep(name, text === '' ? undefined : text);
	return stay(ui.prompt && step ? edited(ui, ui.prompt, step) : ui);
}

export function promptPaste({ui}: Scene, text: string): Reaction {
	return ui.prompt ? stay(edited(ui, ui.prompt, {type: 'insert', text})) : stay(ui);
}

/** Moves in the list of candidates; where there is none, in the history. */
function choose(by: 1 | -1): (scene: Scene) => Reaction {
	return inPrompt(({ui, picture}, prompt) => {
		const {rows} = picture.candidates;
		if (prompt.mode === 'command' || rows.length === 0) {
			return edited(ui, prompt, {type: by === 1 ? 'newer' : 'older'});
		}

		const candidate = Math.max(-1, Math.min(rows.length - 1, prompt.candidate + by));
		return withPrompt(ui, {...prompt, candidate});
	});
}

function edits(step: EditStep): (scene: Scene) => Reaction {
	return inPrompt(({ui}, prompt) => edited(ui, prompt, step));
}

/** The best completion of a command; of a filter the chosen candidate, or the first, becomes the text; after `kill:` the first state that begins so. */
const accept = inPrompt((scene, prompt) => {
	const {ui, picture} = scene;
	if (prompt.mode === 'command') {
		const {text} = prompt.editor;
		// In an empty line the best is no better than the others.
		const [line] = text === '' ? [] : completionsOf(scene, text);
		return line === undefined ? ui : edited(ui, prompt, {type: 'set', text: line});
	}

	const state = killWord(prompt.editor.text)?.toLowerCase();
	if (state !== undefined) {
		const {text} = prompt.editor;
		const found = killFilters.find(filter => filter.startsWith(state) && filter !== state);
		const typed = text.slice(0, text.length - state.length);
		return found ? edited(ui, prompt, {type: 'set', text: typed + found}) : ui;
	}

	const chosen = picture.candidates.rows[Math.max(0, prompt.candidate)];
	return chosen ? edited(ui, prompt, {type: 'set', text: chosen.pod}) : ui;
});

/** Deletes the character before the cursor; in an empty filter line the last filter is taken back into the line. */
const erase = inPrompt(({ui}, prompt) => {
	const last = ui.chips.at(-1);
	if (prompt.editor.text !== '' || prompt.mode !== 'filter' || last === undefined) {
		return edited(ui, prompt, {type: 'backspace'});
	}

	const editor = edit(prompt.editor, {type: 'set', text: last.text});
	return retyped({...ui, chips: ui.chips.slice(0, -1)}, {...prompt, editor});
});

const turnMode = inPrompt(({ui}, prompt) =>
	prompt.mode === 'command' ? ui : withPrompt(ui, {...prompt, mode: prompt.mode === 'filter' ? 'highlight' : 'filter'}),
);

function filterOf(candidate: Candidate): string {
	const pod = termOf('pod', candidate.pod);
	return candidate.namespace === '' ? pod : `${pod} ${termOf('ns', candidate.namespace)}`;
}

function excluded(text: string): string {
	const parsed = parseChips(text);
	return 'error' in parsed ? text : parsed.chips.map(chip => chipOf(chip.terms, !chip.negate).text).join(' ');
}

const submit = inPrompt((scene, prompt) => {
	const {ui, picture} = scene;
	const {text} = prompt.editor;
	const history = remember(prompt.editor.history, text);
	const closed: UiState = {...ui, prompt: undefined, history: {...ui.history, [prompt.mode]: history}};
	if (prompt.mode === 'command') {
		return commandReaction({...scene, ui: closed}, text.trim());
	}

	const chosen = picture.candidates.rows[prompt.candidate];
	const wanted = chosen ? filterOf(chosen) : text;
	const parsed = parseChips(prompt.exclude ? excluded(wanted) : wanted);
	if ('error' in parsed) {
		return withPrompt(ui, {...prompt, error: parsed.error});
	}

	const asked = meant(parsed.chips, picture.known);
	if (prompt.mode === 'highlight') {
		return {...closed, highlight: asked[0]};
	}

	if (asked.length === 0) {
		return closed;
	}

	const chips = [...ui.chips, ...asked.filter(chip => !ui.chips.some(known => known.text === chip.text))];
	return flash(scene, own('Esc removes the last filter'), {...closed, chips});
});

export const promptActions = {
	'prompt-enter': submit,
	'prompt-cancel': inPrompt(({ui}) => ({...ui, prompt: undefined})),
	'prompt-accept': accept,
	'prompt-down': choose(1),
	'prompt-up': choose(-1),
	'prompt-older': edits({type: 'older'}),
	'prompt-newer': edits({type: 'newer'}),
	'prompt-mode': turnMode,
	'prompt-exclude': inPrompt(({ui}, prompt) => withPrompt(ui, {...prompt, exclude: !prompt.exclude})),
	'prompt-erase': erase,
};
