import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';

function filtered(...filters: string[]): User {
	const user = new User(120, 40);
	user.scene.play(user.scene.node('a'), 'tutorial-exec');
	for (const filter of filters) {
		user.type(`/${filter}`);
		user.press('enter');
	}
	return user;
}

function command(user: User, line: string): void {
	user.type(`:${line}`);
	user.press('enter');
}

test(':filter lists the filters with what each hides, and Space puts one off without dropping it', () => {
	const user = filtered('ev:exec', 'pod:nowhere-at-all');
	const {total} = user.picture.feed;
	assert.equal(user.picture.feed.shown, 0);
	command(user, 'filter');
	assert.match(user.screen().join('\n'), new RegExp(`pod:nowhere-at-all +hides ${total} of ${total}`));
	user.press('down', 'space', 'esc');
	assert.ok(user.picture.feed.shown > 0);
	assert.equal(user.ui.chips.length, 2);
	assert.match(user.screen()[1] ?? '', /pod:nowhere-at-all off/);
	command(user, 'filter');
	user.press('down', 'space');
	assert.equal(user.picture.feed.shown, 0);
});

test('what a chip hides and what it shows make up the buffer', () => {
	const user = filtered('ev:exec');
	command(user, 'filter');
	const {feed, chipCounts} = user.picture;
	assert.ok(feed.shown > 0 && feed.shown < feed.total);
	assert.equal(chipCounts?.hides[0], feed.total - feed.shown);
	user.press('!');
	assert.equal(user.ui.chips[0]?.text, '!ev:exec');
	assert.equal(user.picture.chipCounts?.hides[0], feed.shown);
	user.press('esc');
	assert.equal(user.picture.chipCounts, undefined, 'nobody looks: nothing is counted');
});

test('in the list of filters Enter edits one in the prompt, D drops one, f puts all off', () => {
	const user = filtered('ev:exec', 'bin:cat');
	command(user, 'filter');
	user.press('f');
	assert.deepEqual(
		user.ui.chips.map(({off}) => off),
		[true, true],
	);
	assert.equal(user.picture.feed.shown, user.picture.feed.total);
	user.press('D');
	assert.deepEqual(
		user.ui.chips.map(({text}) => text),
		['bin:cat'],
	);
	user.press('enter');
	assert.equal(user.ui.prompt?.editor.text, 'bin:cat');
	assert.equal(user.ui.chips.length, 0);
});

test('a feed that a chip empties says which one, how much it hides, and which pod may be meant', () => {
	const user = new User(120, 40);
	const node = user.scene.node('a');
	const pod = {namespace: 'default', name: 'xwing', container: {id: 'containerd://1', name: 'xwing'}};
	user.scene.take(node, {process_exec: {process: {exec_id: '1', pid: 1, binary: '/bin/cat', pod}}});
	// What stands between events passes every filter.
	user.scene.store.rule(node, {type: 'connected', reason: 'v1.8.0'}, 1000);
	user.type('/pod=xwinf');
	user.press('enter');
	const screen = user.screen().join('\n');
	assert.match(screen, /hidden by: {2}pod=xwinf 1/);
	assert.match(screen, /did you mean: {2}xwing/);
});
