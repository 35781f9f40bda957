import assert from 'node:assert/strict';
import {test} from 'node:test';
import {edit, editStep, emptyEditor, lineEditor, remember} from '../../../source/ui/state/line-editor.js';
import type {LineEditor} from '../../../source/ui/state/state.js';

/** Types names of keys and, in quotes, text. */
function type(start: LineEditor, ...keys: readonly string[]): LineEditor {
	let editor = start;
	for (const key of keys) {
		const step = key.startsWith("'") ? editStep('paste', key.slice(1)) : editStep(key);
		assert.ok(step, key);
		editor = edit(editor, step);
	}
	return editor;
}

function shown({text, at}: LineEditor): string {
	return `${text.slice(0, at)}|${text.slice(at)}`;
}

test('letters go in at the cursor', () => {
	assert.equal(shown(type(emptyEditor, "'abc", 'left', "'X", 'home', "'Y", 'end', "'Z")), 'YabXcZ|');
});

test('the cursor moves and deletes by what a reader sees as one character', () => {
	const editor = lineEditor('ae\u0301日👍');
	assert.equal(shown(type(editor, 'left')), 'ae\u0301日|👍');
	assert.equal(shown(type(editor, 'backspace', 'backspace', 'backspace')), 'a|');
	assert.equal(shown(type(editor, 'home', 'right', 'delete')), 'a|日👍');
});

test('a combining mark that comes later joins its letter, and the cursor stays behind both', () => {
	assert.equal(shown(type(lineEditor('ex'), 'home', 'right', "'\u0301")), 'e\u0301|x');
});

test('words and line ends are deleted as in a shell, and come back with ctrl-y', () => {
	const editor = lineEditor('pod:api ns:prod  ');
	assert.equal(shown(type(editor, 'ctrl-w')), 'pod:api |');
	assert.equal(shown(type(editor, 'ctrl-w', 'ctrl-y')), 'pod:api ns:prod  |');
	assert.equal(shown(type(editor, 'ctrl-left', 'ctrl-k')), 'pod:api |');
	assert.equal(shown(type(editor, 'ctrl-left', 'ctrl-u')), '|ns:prod  ');
	assert.equal(shown(type(editor, 'home', 'ctrl-right')), 'pod:api| ns:prod  ');
	assert.equal(shown(type(emptyEditor, 'ctrl-w', 'backspace', 'ctrl-u', 'ctrl-k', 'delete')), '|');
});

test('a paste of several lines is one line', () => {
	assert.equal(shown(type(emptyEditor, "'a\r\nb\nc\td")), 'a b c d|');
});

test('a pasted file does not become the line', () => {
	assert.equal(shown(type(lineEditor('a'), `'${'x'.repeat(100_000)}`)), 'a|');
});

test('the history is walked and the line that was being typed is kept', () => {
	const editor = type(lineEditor('', ['one', 'two']), "'dra", 'ctrl-p');
	assert.equal(shown(editor), 'two|');
	assert.equal(shown(type(editor, 'ctrl-p', 'ctrl-p')), 'one|');
	assert.equal(shown(type(editor, 'ctrl-p', 'ctrl-n', 'ctrl-n', 'ctrl-n')), 'dra|');
});

test('the history keeps no empty line and no repeat, and is bounded', () => {
	assert.deepEqual(remember(remember(remember([], 'a'), 'a'), ' '), ['a']);
	let history: readonly string[] = [];
	for (let line = 0; line < 1000; line++) {
		history = remember(history, String(line));
	}
	assert.equal(history.length, 200);
	assert.equal(history.at(-1), '999');
});

test('a key that edits nothing is left to the program', () => {
	for (const name of ['enter', 'esc', 'tab', 'up', 'f1', 'ctrl-t']) {
		assert.equal(editStep(name), undefined);
	}
});
