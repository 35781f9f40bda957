/** Header, filter line and timeline as components, at three sizes. */
import assert from 'node:assert/strict';
import {atEachSize, enforced, Mounted} from '../panes/mounted.js';

atEachSize('the header names the cluster, the agents, the nodes and the kills', size => {
	const header = new Mounted(size, enforced()).text('header');
	assert.match(header, /tetratop/);
	assert.match(header, /\btest\b/);
	assert.match(header, /tetragon v1\.8\.0/);
	assert.match(header, /nodes 1\/1/);
	assert.match(header, /KILL 3/);
});

atEachSize('the filter line says what is shown of how much, and that a pause is one', size => {
	const screen = new Mounted(size, enforced());
	assert.match(screen.text('chips'), /LIVE 20:35:37.*78 of 78 shown/);
	screen.enter('/', 'pod=tiefighter');
	assert.match(screen.text('chips'), /pod=tiefighter.*7 of 78 shown/);
	screen.press('p');
	assert.match(screen.text('chips'), /PAUSED/);
	assert.doesNotMatch(screen.text('chips'), /LIVE/);
	screen.press('p', 'esc');
	assert.match(screen.text('chips'), /LIVE.*78 of 78 shown/);
});

atEachSize('i changes the timeline between small, big and off, and it has its own rows', size => {
	const screen = new Mounted(size, enforced());
	const heights = new Set<number>();
	for (let press = 0; press < 3; press++) {
		heights.add(screen.has('timeline') ? screen.pane('timeline').length : 0);
		screen.press('i');
	}

	assert.ok(heights.has(0));
	assert.ok(heights.size >= 2);
});

atEachSize('the key bar has the keys of the pane with the focus', size => {
	const screen = new Mounted(size, enforced()).press('1');
	assert.match(screen.screen().at(-1) ?? '', /\? help/);
	screen.press('/');
	assert.match(screen.screen().at(-1) ?? '', /apply/);
});
