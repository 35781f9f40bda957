/**
A line that is being typed: pure steps from one state to the next, moving by grapheme, as a reader counts.
The text is raw: it may be pasted from anywhere and is made safe where it is drawn.
*/
import {table} from '../../runtime/table.js';
import {graphemes} from '../../text/width.js';
import type {LineEditor} from './state.js';

export type EditStep =
	| {readonly type: 'insert'; readonly text: string}
	| {readonly type: 'left' | 'right' | 'word-left' | 'word-right' | 'start' | 'end'}
	| {readonly type: 'backspace' | 'delete' | 'delete-word' | 'delete-to-start' | 'delete-to-end' | 'yank'}
	| {readonly type: 'older' | 'newer'}
	| {readonly type: 'set'; readonly text: string};

const historyLimit = 200;
/** A pasted file is not a filter. */
const textLimit = 4096;

export const emptyEditor: LineEditor = {text: '', at: 0, killed: '', history: [], historyAt: 0, draft: ''};

/** An editor with a text, the cursor at its end, and what was entered before, oldest first. */
export function lineEditor(text = '', history: readonly string[] = []): LineEditor {
	return {
		...emptyEditor,
		text,
		at: text.length,
		history,
		historyAt: history.length,
	};
}

/** The history with the line at its end; empty lines and repeats of the last one are not kept. */
export function remember(history: readonly string[], line: string): readonly string[] {
	if (line.trim() === '' || history.at(-1) === line) {
		return history;
	}
	return [...history, line].slice(-historyLimit);
}

function before({text, at}: LineEditor): string {
	return text.slice(0, at);
}

function after({text, at}: LineEditor): string {
	return text.slice(at);
}

function replaced(editor: LineEditor, left: string, right: string): LineEditor {
	return {
		...editor,
		text: left + right,
		at: left.length,
		historyAt: editor.history.length,
		draft: '',
	};
}

/** Start of the word before the cursor, as ctrl-w in a shell: spaces, then what is no space. */
function wordStart(left: string): number {
	return left.search(/\S+\s*$/) === -1 ? 0 : left.search(/\S+\s*$/);
}

function wordEnd(editor: LineEditor): number {
	return editor.at + (/^\s*\S+/.exec(after(editor))?.[0].length ?? after(editor).length);
}

function moved(editor: LineEditor, at: number): LineEditor {
	return {...editor, at};
}

/** Where a grapheme begins, so that an insertion that joins with its neighbours leaves the cursor between two of them. */
function insert(editor: LineEditor, inserted: string): LineEditor {
	const oneLine = inserted.replace(/\r\n|[\r\n\t\u2028\u2029]/g, ' ');
	const left = before(editor) + oneLine;
	const right = after(editor);
	if (left.length + right.length > textLimit) {
		return editor;
	}
	let at = 0;
	for (const grapheme of graphemes(left + right)) {
		if (at >= left.length) {
			break;
		}
		at += grapheme.length;
	}
	return {...replaced(editor, left, right), at};
}

function removed(editor: LineEditor, from: number, to: number, keep: boolean): LineEditor {
	if (from === to) {
		return editor;
	}
	const next = replaced(editor, editor.text.slice(0, from), editor.text.slice(to));
	return keep ? {...next, killed: editor.text.slice(from, to)} : next;
}

function recalled(editor: LineEditor, historyAt: number): LineEditor {
	if (historyAt < 0 || historyAt > editor.history.length || historyAt === editor.historyAt) {
		return editor;
	}
	const draft = editor.historyAt === editor.history.length ? editor.text : editor.draft;
	const text = historyAt === editor.history.length ? draft : (editor.history[historyAt] ?? '');
	return {...editor, text, at: text.length, historyAt, draft};
}

export function edit(editor: LineEditor, step: EditStep): LineEditor {
	const {text, at} = editor;
	const previous = at - (graphemes(before(editor)).at(-1)?.length ?? 0);
	const next = at + (graphemes(after(editor))[0]?.length ?? 0);
	switch (step.type) {
		case 'insert':
			return insert(editor, step.text);
		case 'set':
			return replaced(editor, step.text, '');
		case 'left':
			return moved(editor, previous);
		case 'right':
			return moved(editor, next);
		case 'word-left':
			return moved(editor, wordStart(before(editor)));
		case 'word-right':
			return moved(editor, wordEnd(editor));
		case 'start':
			return moved(editor, 0);
		case 'end':
			return moved(editor, text.length);
		case 'backspace':
			return removed(editor, previous, at, false);
		case 'delete':
			return removed(editor, at, next, false);
		case 'delete-word':
			return removed(editor, wordStart(before(editor)), at, true);
		case 'delete-to-start':
			return removed(editor, 0, at, true);
		case 'delete-to-end':
			return removed(editor, at, text.length, true);
		case 'yank':
			return insert(editor, editor.killed);
		case 'older':
			return recalled(editor, editor.historyAt - 1);
		case 'newer':
			return recalled(editor, editor.historyAt + 1);
	}
}

const stepByKey: Readonly<Record<string, EditStep>> = table<EditStep>({
	left: {type: 'left'},
	right: {type: 'right'},
	'ctrl-left': {type: 'word-left'},
	'ctrl-right': {type: 'word-right'},
	home: {type: 'start'},
	end: {type: 'end'},
	'ctrl-a': {type: 'start'},
	'ctrl-e': {type: 'end'},
	backspace: {type: 'backspace'},
	delete: {type: 'delete'},
	'ctrl-d': {type: 'delete'},
	'ctrl-w': {type: 'delete-word'},
	'ctrl-u': {type: 'delete-to-start'},
	'ctrl-k': {type: 'delete-to-end'},
	'ctrl-y': {type: 'yank'},
	'ctrl-p': {type: 'older'},
	'ctrl-n': {type: 'newer'},
});

/** The step of a key in a one-line editor; undefined: not an editing key. `text` is what the key types, if it does. */
export function editStep(name: string, text?: string): EditStep | undefined {
	if (text !== undefined) {
		return {type: 'insert', text};
	}
	return stepByKey[name];
}
