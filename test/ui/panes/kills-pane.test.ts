/** The kill alerts as a component. */
import assert from 'node:assert/strict';
import {atEachSize, enforced, Mounted, type Size} from './mounted.js';

function alerts(size: Size): Mounted {
	return new Mounted(size, enforced()).press('3', 'f');
}

/** Pod and process of each row. */
function rowsOf(pane: Mounted): readonly string[] {
	return [...pane.text('kills').matchAll(/KILLED +1 (\S+) +(?:spaceship +)?(\w+)/g)].map(
		([, pod, name]) => `${pod} ${name}`,
	);
}

atEachSize('every kill has its state, pod, process and policy, the newest first', size => {
	const pane = alerts(size);
	assert.deepEqual(rowsOf(pane), ['default/tiefighter head', 'default/xwing bash', 'default/xwing cat']);
	assert.match(pane.pane('kills')[0] ?? '', /3 killed/);
	assert.match(pane.text('kills'), /file-mo/);
	assert.match(pane.text('kills'), /\/etc\/shadow/);
});

atEachSize('the cursor moves by rows and stops at both ends', size => {
	const pane = alerts(size);
	const seen = [pane.chosen('kills')];
	for (const key of ['j', 'j', 'j']) {
		seen.push(pane.press(key).chosen('kills'));
	}

	assert.equal(new Set(seen).size, 3);
	assert.equal(seen[2], seen[3]);
	assert.match(seen[0] ?? '', /tiefighter/);
	assert.equal(pane.press('g').chosen('kills'), seen[0]);
	assert.equal(pane.press('k').chosen('kills'), seen[0]);
	assert.equal(pane.press('G').chosen('kills'), seen[2]);
});

atEachSize('sorted by pod, and reversed', size => {
	const pane = alerts(size).press('>', 'j', 'j', 'j', 'enter');
	assert.match(pane.text('kills'), /by pod/);
	const sorted = rowsOf(pane);
	assert.match(sorted[0] ?? '', /tiefighter/);
	assert.deepEqual(rowsOf(pane.press('I')).at(-1), sorted[0]);
});

atEachSize('Enter opens the detail of the alert under the cursor, Esc closes it', size => {
	const pane = alerts(size).press('enter');
	assert.match(pane.text('detail'), /KILLED by policy file-monitoring-filtered/);
	assert.match(pane.text('detail'), /security_file_permission → \/etc\/shadow/);
	const isOpenAnyway = size[0] === 200;
	assert.equal(pane.press('esc', 'esc').has('detail'), isOpenAnyway);
});

atEachSize('A acknowledges all alerts: none is open, and their rows stay to be read', size => {
	const pane = alerts(size).press('A');
	assert.deepEqual(pane.user.effects, [{type: 'acknowledge', group: 'all'}]);
	pane.user.scene.store.acknowledge('all');
	assert.equal(pane.user.picture.kills.unacknowledged, 0);
	assert.equal(rowsOf(pane).length, 3);
});

atEachSize('an empty pane says that it works, and a filter that hides all says so', size => {
	assert.match(new Mounted(size).press('3', 'f').text('kills'), /no kill\. No node is known yet\./);
	const filtered = alerts(size).enter('/', 'pod=nothing');
	assert.match(filtered.press('3').text('kills'), /none of 3 alerts matches the filter/);
});
