import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chipsOf, flashOf, userOf} from './recorded-user.js';

test('a filter is checked as it is typed, and Enter keeps what is wrong', () => {
	const user = userOf();
	user.type('/bin~[');
	assert.match(user.ui.prompt?.error ?? '', /not a regular expression/);
	user.press('enter');
	assert.match(user.ui.prompt?.error ?? '', /not a regular expression/);
	user.press('ctrl-u');
	assert.equal(user.ui.prompt?.error, undefined);
	user.type('bin=curl');
	user.press('enter');
	assert.deepEqual(chipsOf(user), ['bin=curl']);
	assert.match(flashOf(user), /Esc removes the last filter/);
	user.type('/bin=curl');
	user.press('enter');
	assert.deepEqual(chipsOf(user), ['bin=curl'], 'once is enough');
	user.press('/', 'enter');
	assert.deepEqual([chipsOf(user), user.ui.prompt], [['bin=curl'], undefined]);
});

test('Ctrl-x excludes: each term is negated, a negated one is not', () => {
	const user = userOf();
	user.type('/pod=a !ns=b');
	user.press('ctrl-x', 'enter');
	assert.deepEqual(chipsOf(user).toSorted(), ['!pod=a', 'ns=b']);
});

test('Ctrl-t turns a filter into a search and back; a command stays a command', () => {
	const user = userOf();
	user.type('/bin=bash');
	user.press('ctrl-t');
	assert.equal(user.ui.prompt?.mode, 'highlight');
	user.press('ctrl-t', 'ctrl-t', 'enter');
	assert.equal(user.ui.highlight?.text, 'bin=bash');
	assert.deepEqual(chipsOf(user), []);
	user.press(':', 'ctrl-t');
	assert.equal(user.ui.prompt?.mode, 'command');
});

test('arrows choose a pod of the list, Tab takes its name, Enter filters by it', () => {
	const user = userOf();
	user.press('/');
	const {rows} = user.picture.candidates;
	assert.ok(rows.length >= 2);
	user.press('down', 'down', 'up');
	assert.equal(user.ui.prompt?.candidate, 0);
	user.press('enter');
	assert.deepEqual(chipsOf(user), [`pod=${rows[0]?.pod}`, `ns=${rows[0]?.namespace}`]);
	user.press('esc', 'esc', '/', 'tab');
	assert.equal(user.ui.prompt?.editor.text, user.picture.candidates.rows[0]?.pod);
	user.press('esc', 'esc', ':', 'tab');
	assert.equal(user.ui.prompt?.editor.text, '');
});

test('without a list the arrows, and everywhere Ctrl-p and Ctrl-n, go through the history', () => {
	const user = userOf();
	for (const line of ['mark', 'clear']) {
		user.type(`:${line}`);
		user.press('enter');
	}

	user.press(':', 'up', 'up');
	assert.equal(user.ui.prompt?.editor.text, 'mark');
	user.press('down', 'ctrl-p', 'ctrl-n');
	assert.equal(user.ui.prompt?.editor.text, 'clear');
	user.press('esc');
	assert.equal(user.ui.prompt, undefined);
});

test('Backspace in an empty filter line takes the last filter back into it', () => {
	const user = userOf();
	user.type('/bin=curl');
	user.press('enter', '/', 'backspace');
	assert.deepEqual([chipsOf(user), user.ui.prompt?.editor.text], [[], 'bin=curl']);
	user.press('backspace');
	assert.equal(user.ui.prompt?.editor.text, 'bin=cur');
	user.press('ctrl-u', 'backspace');
	assert.equal(user.ui.prompt?.editor.text, '');
});

test('Ctrl-s opens :save, F1 the help above the prompt, and Esc goes back to it', () => {
	const user = userOf();
	user.press('ctrl-s');
	assert.deepEqual([user.ui.prompt?.mode, user.ui.prompt?.editor.text], ['command', 'save ']);
	user.press('f1', 'esc', 'left', 'ctrl-e');
	assert.equal(user.ui.prompt?.editor.text, 'save ');
	user.press('esc', '4', '/');
	assert.equal(user.ui.view, 'main', 'a filter is for the panes');
});
