/** The process tree as a component. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {atEachSize, enforced, Mounted, type Size} from './mounted.js';

function tree(size: Size): Mounted {
	return new Mounted(size, enforced()).press('1');
}

atEachSize('the tree has namespaces, pods, containers and processes, each a step further in', size => {
	const rows = tree(size).pane('processes');

	function indentOf(name: RegExp): number {
		const row = rows.find(text => name.test(text)) ?? '';
		return row.replace(/^│?▸?/, border => ' '.repeat(border.length)).search(/\S/);
	}

	const steps = [/default/, /tiefighter/, /spaceship/, /1474/].map(indentOf);
	assert.deepEqual(
		steps.slice(1).map((column, index) => Math.sign(column - (steps[index] ?? Number.NaN))),
		[1, 1, 1],
	);
	assert.match(rows[0] ?? '', /3 pods/);
	assert.match(rows.find(row => row.includes('1475')) ?? '', /├─ 1475 .*✖ KILLED/);
	assert.match(rows.find(row => row.includes('1476')) ?? '', /└─ 1476 /);
});

atEachSize('the cursor moves by rows, to both ends, and stays on the screen', size => {
	const pane = tree(size);
	assert.match(pane.chosen('processes'), /default/);
	assert.match(pane.press('j').chosen('processes'), /tiefighter/);
	assert.match(pane.press('k').chosen('processes'), /default/);
	assert.match(pane.press('G').chosen('processes'), /host processes/);
	assert.match(pane.press('g').chosen('processes'), /default/);
});

atEachSize('a folded row hides what is below it and says how many processes that are', size => {
	const pane = tree(size).press('j');
	assert.match(pane.text('processes'), /1475/);
	pane.press('-');
	assert.match(pane.chosen('processes'), /▸.*tiefighter.*\(3\)/);
	assert.doesNotMatch(pane.text('processes'), /1475/);
	pane.press('+');
	assert.match(pane.text('processes'), /1475/);
	assert.doesNotMatch(pane.chosen('processes'), /\(3\)/);
});

atEachSize('flat, the tree has processes only, each with its pod', size => {
	const rows = tree(size).press('t').pane('processes');
	assert.doesNotMatch(rows.join('\n'), /spaceship/);
	assert.match(rows.find(row => row.includes('1475')) ?? '', /tief.* head/);
});

atEachSize('sorted by alerts, the pod with more kills comes first, and I reverses it', size => {
	const pane = tree(size);

	function pods(): readonly string[] {
		return [
			...pane
				.press('f')
				.text('processes')
				.matchAll(/tiefighter|xwing/g),
		].map(([name]) => name);
	}

	pane.press('>', 'j', 'j', 'enter');
	assert.deepEqual(pods(), ['xwing', 'tiefighter']);
	assert.match(pane.screen().join('\n'), /alerts/);
	pane.press('f', 'I');
	assert.deepEqual(pods(), ['tiefighter', 'xwing']);
});

atEachSize('Enter on a pod limits all panes to it', size => {
	const pane = tree(size).press('j', 'enter');
	assert.doesNotMatch(pane.text('processes'), /xwing/);
	assert.match(pane.text('events'), /tiefighter/);
	assert.doesNotMatch(pane.text('events'), /xwing|\(host\)/);
});

atEachSize('an empty tree says that it works, and a filter that hides all says so', size => {
	const empty = new Mounted(size).press('1');
	assert.match(empty.text('processes'), /no process yet\. No node is known yet\./);
	const filtered = tree(size).enter('/', 'pod=nothing');
	assert.match(filtered.press('1').text('processes'), /no process of \d+ matches the filter/);
});

test('a long command line is scrolled sideways in the flat list', () => {
	const pane = tree([80, 24]);
	pane.user.scene.take(0, {
		process_exec: {process: {exec_id: 'long', pid: 9, binary: '/bin/x', arguments: `${'a'.repeat(90)}END`}},
	});
	pane.press('H', 't', 'G');
	assert.doesNotMatch(pane.text('processes'), /END/);
});
