/** The bounds of the screen that have a name: each at its limit and one before. */
import assert from 'node:assert/strict';
import type {EventEmitter} from 'node:events';
import {test} from 'node:test';
import {remember} from '../../source/ui/state/line-editor.js';
import {Decoder} from '../../source/ui/terminal/decoder.js';
import {holdWarnings} from '../../source/ui/terminal/warnings.js';
import {Mounted} from './panes/mounted.js';
import {Scene} from './panes/scene.js';
import {User} from './user.js';

test('a paste has at most 65 536 characters', () => {
	for (const length of [65_536, 65_537]) {
		const [event] = new Decoder().push(`\u001B[200~${'a'.repeat(length)}\u001B[201~`);
		assert.equal(event?.type, 'paste');
		assert.equal(event.text.length, 65_536);
	}
});

/** Whether the bytes that begin a sequence are given up: the letter after them is then a key. */
function isGivenUp(bytes: string): boolean {
	const decoder = new Decoder();
	decoder.push(bytes);
	return decoder.push('x').some(event => event.type === 'key' && event.name === 'x');
}

test('a control sequence has at most 64 characters, a control string 4 096', () => {
	assert.equal(isGivenUp(`\u001B[${'1'.repeat(64)}`), false);
	assert.equal(isGivenUp(`\u001B[${'1'.repeat(65)}`), true);
	assert.equal(isGivenUp(`\u001BO${'1'.repeat(64)}`), false);
	assert.equal(isGivenUp(`\u001BO${'1'.repeat(65)}`), true);
	assert.equal(isGivenUp(`\u001B]${'1'.repeat(4096)}`), false);
	assert.equal(isGivenUp(`\u001B]${'1'.repeat(4097)}`), true);
});

test('the history of the prompt has 200 lines, a line 4 096 characters', () => {
	let history: readonly string[] = [];
	for (let line = 0; line < 201; line++) {
		history = remember(history, `line ${line}`);
	}
	assert.equal(history.length, 200);
	assert.equal(history[0], 'line 1');
	const user = new User();
	user.press('/');
	user.give({type: 'paste', text: 'a'.repeat(4097)});
	assert.equal(user.ui.prompt?.editor.text.length, 0);
	user.give({type: 'paste', text: 'a'.repeat(4096)});
	assert.equal(user.ui.prompt?.editor.text.length, 4096);
});

test('the way back has 100 places', () => {
	const user = new User();
	for (let step = 0; step < 60; step++) {
		user.press('4', '1');
	}
	let steps = 0;
	while (user.ui.places.past.length > 0) {
		user.press('[');
		steps++;
	}
	assert.equal(steps, 100);
});

test('20 warnings of Node are held while the screen is open', async () => {
	const printed: string[] = [];

	function print({message}: Error): void {
		printed.push(message);
	}

	const before = process.listeners('warning');
	process.removeAllListeners('warning');
	process.on('warning', print);
	const release = holdWarnings();
	for (let warning = 0; warning < 21; warning++) {
		(process as EventEmitter).emit('warning', new Error(`warning ${warning}`));
	}
	assert.deepEqual(printed, []);
	release();
	assert.equal(printed.length, 20);
	process.removeAllListeners('warning');
	for (const listener of before) {
		process.on('warning', listener);
	}
});

test('a message is on the screen for 6 s', () => {
	const user = new User();
	user.scene.nowMs = 1_000_000;
	user.press('[');
	assert.equal(user.ui.flash?.untilMs, 1_006_000);
});

test('50 pods are offered for a word of a filter', () => {
	const scene = new Scene();
	const node = scene.node('a');
	for (let pod = 0; pod < 60; pod++) {
		const process = {
			exec_id: `${pod}`,
			pid: pod,
			binary: '/bin/x',
			pod: {namespace: 'default', name: `api-${pod}`, container: {id: `containerd://${pod}`, name: 'main'}},
		};
		scene.take(node, {process_exec: {process}});
	}
	const user = new User(120, 40, scene);
	user.press('/');
	user.type('api');
	assert.equal(user.picture.candidates.rows.length, 50);
	assert.equal(user.picture.candidates.total, 60);
});

test('a row of a feed that wraps has at most 12 lines', () => {
	const scene = new Scene();
	const node = scene.node('a');
	const words = Array.from({length: 400}, (_, index) => `word${index}`).join(' ');
	scene.take(node, {process_exec: {process: {exec_id: 'x', pid: 1, binary: '/bin/x', arguments: words}}});
	const pane = new Mounted([80, 40], scene).press('2', 'f', 'w');
	assert.equal(pane.pane('events').filter(row => /word\d/.test(row)).length, 12);
});

test('64 entries of a stack are shown', () => {
	const scene = new Scene();
	const node = scene.node('a');
	const process = {exec_id: 'x', pid: 1, binary: '/bin/x'};
	const entries = Array.from({length: 65}, (_, index) => ({symbol: `symbol${index}_`, offset: '1'}));
	scene.take(node, {process_kprobe: {process, function_name: 'f', kernel_stack_trace: entries}});
	const pane = new Mounted([120, 200], scene).press('2', 'k', 'enter', 'f');
	const text = pane.text('detail');
	assert.match(text, /symbol63_/);
	assert.doesNotMatch(text, /symbol64_/);
});

test('rows that are sorted by a value that moves change places once a second', () => {
	const scene = new Scene();
	const [one = 0, other = 0] = [scene.node('one'), scene.node('other')];
	let id = 0;

	function exec(node: number, times: number): void {
		for (let count = 0; count < times; count++) {
			id++;
			scene.take(node, {process_exec: {process: {exec_id: `${id}`, pid: id, binary: '/bin/x'}}});
		}
	}

	exec(one, 5);
	const user = new User(120, 40, scene);
	user.press('5', '>', 'down', 'down', 'down', 'enter');

	function names(): readonly string[] {
		return user.picture.nodes.map(({name}) => name);
	}

	assert.deepEqual(names(), ['one', 'other']);
	exec(other, 50);
	scene.nowMs += 999;
	assert.deepEqual(names(), ['one', 'other']);
	scene.nowMs += 1;
	assert.deepEqual(names(), ['other', 'one']);
});
