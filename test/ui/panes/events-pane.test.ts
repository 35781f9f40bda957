/** The event feed as a component. */
import assert from 'node:assert/strict';
import {atEachSize, enforced, Mounted, type Size} from './mounted.js';
import {Scene} from './scene.js';

function feed(size: Size): Mounted {
	return new Mounted(size, enforced()).press('2');
}

atEachSize('the newest event is the last row, and the cursor follows it', size => {
	const pane = feed(size);
	assert.match(pane.text('events'), /follow/);
	assert.match(pane.chosen('events'), /20:35:37\.968 .*exit +bash 0/);
	pane.user.scene.take(0, {process_exec: {process: {exec_id: 'new', pid: 7, binary: '/bin/newest'}}});
	assert.match(pane.chosen('events'), /exec +\/bin\/newest/);
});

atEachSize('a move up stops following: the row stays, new events are counted, and G follows again', size => {
	const pane = feed(size).press('k');
	const chosen = pane.chosen('events');
	assert.match(chosen, /20:35:37\.958/);
	pane.user.scene.take(0, {process_exec: {process: {exec_id: 'new', pid: 7, binary: '/bin/newest'}}});
	assert.equal(pane.chosen('events'), chosen);
	assert.match(pane.text('events'), /scrolled, \+1 new/);
	assert.match(pane.press('G').chosen('events'), /\/bin\/newest/);
	assert.match(pane.text('events'), /follow/);
});

atEachSize('the first row is the oldest event', size => {
	const pane = feed(size).press('g');
	const times = [...pane.text('events').matchAll(/\d\d:\d\d:\d\d\.\d+/g)].map(([time]) => time);
	assert.ok(times.length > 3);
	assert.deepEqual(times, times.toSorted());
	assert.ok(pane.chosen('events').includes(times[0] ?? 'no time'));
});

function longCall(size: Size): Mounted {
	const scene = new Scene();
	const node = scene.node('minikube');
	const words = Array.from({length: 40}, (_, index) => `word${index}`).join(' ');
	scene.take(node, {process_exec: {process: {exec_id: 'long', pid: 9, binary: '/bin/x', arguments: words}}});
	return new Mounted(size, scene).press('2', 'f');
}

atEachSize('a long detail is cut with a mark, wrapped it is shown whole', size => {
	const pane = longCall(size);
	const cut = pane.text('events');
	assert.match(cut, /…/);
	assert.doesNotMatch(cut, /word39/);
	const wrapped = pane.press('w').text('events');
	for (let index = 0; index < 40; index++) {
		assert.match(wrapped, new RegExp(`\\bword${index}\\b`));
	}
});

atEachSize('the right key scrolls the detail, the left key back', size => {
	const pane = longCall(size);
	const before = pane.text('events');
	const scrolled = pane.press('right').text('events');
	assert.doesNotMatch(scrolled, /\/bin\/x/);
	assert.equal(pane.press('left').text('events'), before);
});

atEachSize('t changes how the time is written', size => {
	const pane = feed(size).press('g');
	const seen = new Set<string>();
	for (let press = 0; press < 4; press++) {
		seen.add(/▸\s*(\S+)/.exec(pane.chosen('events'))?.[1] ?? '');
		pane.press('t');
	}

	// The clock of these tests is UTC: it reads like the last format.
	assert.equal(seen.size, 3);
	assert.match(pane.chosen('events'), /▸\s*\d\d:\d\d:\d\d\.\d+/);
});

atEachSize('a kill and the exit that proves it have a mark', size => {
	const pane = feed(size).press('f').enter('/', 'pod=tiefighter');
	const text = pane.text('events');
	assert.match(text, /✖ KILL .*head \/etc\/shadow/);
	assert.match(text, /✖ exit .*head SIGKILL/);
});

atEachSize('an empty feed says whether nothing came or a filter hides it', size => {
	const pane = new Mounted(size).press('2', 'f');
	assert.match(pane.text('events'), /no events yet\. No node is known yet\./);
	const filtered = feed(size).press('f').enter('/', 'pod=nothing');
	assert.match(filtered.text('events'), /0 of 78 events match/);
	assert.match(filtered.text('events'), /Esc removes +pod=nothing/);
	assert.match(filtered.press('esc', 'esc').text('events'), /20:35:37/);
});
