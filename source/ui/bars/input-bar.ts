/**
The line in which a filter or a command is typed; while nothing is typed it is only the prompt's sign.

    /pod~apica_                                   fields: pod ns node bin arg pol ev
*/
import {fields} from '../../query/chip.js';
import {killFilters} from '../../store/enforcement-states.js';
import {joinSafe, own, type SafeText, safe} from '../../text/safe.js';
import {graphemes, widthOf} from '../../text/width.js';
import {completionsOf} from '../actions/commands.js';
import type {Line} from '../frame/line.js';
import type {PaneContext, PaneRect} from '../panes/pane.js';
import {killWord} from '../state/candidates.js';
import type {Prompt, PromptMode} from '../state/state.js';
import {Cells} from '../widgets/cells.js';

const signs: Readonly<Record<PromptMode, SafeText>> = {
	filter: own('/'),
	highlight: own('highlight /'),
	command: own(':'),
};

const filterHint = own`fields: ${safe(fields.join(' '))}`;
/** While a state of an enforcement is typed. */
const killHint = safe(killFilters.join(' '));

/** As many completions as tell what can follow; the first is the one that Tab takes. */
const mostHints = 12;

function commandHint(context: PaneContext, {editor}: Prompt): SafeText {
	const lines = completionsOf(context, editor.text);
	const words = lines.slice(0, mostHints).map(line => safe(line.slice(line.lastIndexOf(' ') + 1), 64));
	return words.length === 0 ? own('') : own`Tab: ${joinSafe(words, own(' '))}`;
}

/** The rest of the best completion, while the cursor is at the end of the line. */
function greyRest(context: PaneContext, {mode, editor}: Prompt): SafeText {
	const {text, at} = editor;
	const [line = ''] = mode === 'command' && text !== '' && at === text.length ? completionsOf(context, text) : [];
	return line.startsWith(text) ? safe(line.slice(text.length), 256) : own('');
}

function hintOf(context: PaneContext, prompt: Prompt): SafeText {
	const {mode, exclude, editor} = prompt;
	if (mode === 'command') {
		return commandHint(context, prompt);
	}
	if (killWord(editor.text) !== undefined) {
		return killHint;
	}
	return exclude ? own('exclude what matches') : filterHint;
}

/** The part of the typed text around the cursor that fits; a long paste is longer than the line. */
function visible(before: SafeText, after: SafeText, room: number): readonly [SafeText, SafeText] {
	if (widthOf(before) + widthOf(after) < room) {
		return [before, after];
	}
	const kept: string[] = [];
	let width = 0;
	for (const part of graphemes(before).reverse()) {
		width += widthOf(part);
		if (width > room - 2) {
			break;
		}
		kept.unshift(part);
	}
	return [safe(kept.join('')), after];
}

export function inputPane(context: PaneContext, {rect}: PaneRect): Line[] {
	const {ui, glyphs, compact} = context;
	const {prompt} = ui;
	const cells = new Cells(rect.width);
	if (!compact) {
		cells.gap();
	}
	if (!prompt) {
		return [cells.put(glyphs.prompt, 'dim').end()];
	}
	const {text, at} = prompt.editor;
	cells.put(own`${prompt.exclude ? own('!') : own('')}${signs[prompt.mode]}`, 'accent');
	const behind: SafeText = prompt.error === undefined ? hintOf(context, prompt) : safe(prompt.error, 512);
	const [under = ' ', ...rest] = graphemes(safe(text.slice(at)));
	const [before, after] = visible(safe(text.slice(0, at)), safe(rest.join('')), cells.left);
	const [next, ...grey] = graphemes(greyRest(context, prompt));
	cells
		.put(before)
		.put(next === undefined ? safe(under) : safe(next), 'cursor')
		.put(after);
	if (next !== undefined) {
		cells.put(safe(grey.join('')), 'dim');
	}
	const room = cells.left - 2;
	if (prompt.error === undefined ? widthOf(behind) <= room : room > 8) {
		const shown = Math.min(widthOf(behind), room);
		cells.gap(cells.left - shown).field(behind, shown, prompt.error === undefined ? 'dim' : 'bad');
	}
	return [cells.end()];
}
