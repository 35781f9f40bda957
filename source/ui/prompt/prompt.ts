/** Typing a filter, a highlight or a command. Nothing is asked of the cluster before Enter. */
import {parseChips} from '../../query/parse.js';
import {own} from '../../text/safe.js';
import {commandReaction} from '../actions/commands.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {Prompt, PromptMode, UiState} from '../state/state.js';
import {type EditStep, edit, editStep, lineEditor, remember} from './line-editor.js';

export function openPrompt({ui}: Scene, mode: PromptMode, history: readonly string[], text = ''): Reaction {
	return stay({
		...ui,
		view: mode === 'command' ? ui.view : 'main',
		prompt: {mode, editor: lineEditor(text, history), candidate: -1, exclude: false, error: undefined},
	});
}

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

/** One key while a prompt is open. `text` is what the key writes, '' for a control key. */
export function promptKey(scene: Scene, name: string, text: string): Reaction {
	const {ui, picture} = scene;
	const {prompt} = ui;
	if (!prompt) {
		return stay(ui);
	}

	const {rows} = picture.candidates;
	switch (name) {
		case 'esc':
		case 'ctrl-c':
		case 'ctrl-g':
			return stay({...ui, prompt: undefined});
		case 'enter':
			return submit(scene, prompt);
		case 'ctrl-t':
			return prompt.mode === 'command'
				? stay(ui)
				: stay(withPrompt(ui, {...prompt, mode: prompt.mode === 'filter' ? 'highlight' : 'filter'}));
		case 'ctrl-x':
			return stay(withPrompt(ui, {...prompt, exclude: !prompt.exclude}));
		case 'up':
		case 'down': {
			if (prompt.mode === 'command' || rows.length === 0) {
				return stay(edited(ui, prompt, {type: name === 'up' ? 'older' : 'newer'}));
			}

			const candidate = Math.max(-1, Math.min(rows.length - 1, prompt.candidate + (name === 'up' ? -1 : 1)));
			return stay(withPrompt(ui, {...prompt, candidate}));
		}

		case 'ctrl-p':
			return stay(edited(ui, prompt, {type: 'older'}));
		case 'ctrl-n':
			return stay(edited(ui, prompt, {type: 'newer'}));
		case 'tab': {
			const chosen = rows[Math.max(0, prompt.candidate)];
			return chosen && prompt.mode !== 'command' ? stay(edited(ui, prompt, {type: 'set', text: chosen.pod})) : stay(ui);
		}

		case 'backspace':
			if (prompt.editor.text === '' && prompt.mode === 'filter' && ui.chips.length > 0) {
				const last = ui.chips.at(-1);
				return stay(
					retyped(
						{...ui, chips: ui.chips.slice(0, -1)},
						{...prompt, editor: edit(prompt.editor, {type: 'set', text: last?.text ?? ''})},
					),
				);
			}

			break;
		default:
	}

	const step = editStep(name);
	if (step) {
		return stay(edited(ui, prompt, step));
	}

	return text === '' ? stay(ui) : stay(edited(ui, prompt, {type: 'insert', text}));
}

export function promptPaste({ui}: Scene, text: string): Reaction {
	return ui.prompt ? stay(edited(ui, ui.prompt, {type: 'insert', text})) : stay(ui);
}

function submit(scene: Scene, prompt: Prompt): Reaction {
	const {ui, picture} = scene;
	const {text} = prompt.editor;
	const history = remember(prompt.editor.history, text);
	const closed: UiState = {...ui, prompt: undefined, history: {...ui.history, [prompt.mode]: history}};
	if (prompt.mode === 'command') {
		return commandReaction({...scene, ui: closed}, text.trim());
	}

	const chosen = picture.candidates.rows[prompt.candidate];
	const wanted = chosen
		? `pod=${quoted(chosen.pod)}${chosen.namespace === '' ? '' : ` ns=${quoted(chosen.namespace)}`}`
		: text;
	const parsed = parseChips(prompt.exclude ? excluded(wanted) : wanted);
	if ('error' in parsed) {
		return stay(withPrompt(ui, {...prompt, error: parsed.error}));
	}

	if (prompt.mode === 'highlight') {
		return stay({...closed, highlight: parsed.chips[0]});
	}

	if (parsed.chips.length === 0) {
		return stay(closed);
	}

	const chips = [...ui.chips, ...parsed.chips.filter(chip => !ui.chips.some(known => known.text === chip.text))];
	return stay(flash(scene, own('Esc removes the last filter'), {...closed, chips}));
}

function excluded(text: string): string {
	return text
		.trim()
		.split(/\s+/)
		.map(word => (word.startsWith('!') ? word.slice(1) : `!${word}`))
		.join(' ');
}

export function quoted(value: string): string {
	return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}
