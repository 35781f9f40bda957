import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kinds, paneIds, views} from '../../../source/ui/panes/pane-kinds.js';
import {User} from '../user.js';

function filled(): User {
	const user = new User(120, 40);
	user.scene.play(user.scene.node('minikube'), 'tutorial-exec');
	return user;
}

test('the key of a record is its id, and no two panes share a number key', () => {
	const digits = Object.values(kinds).flatMap(({digit}) => digit ?? []);
	assert.equal(new Set(digits).size, digits.length);
	for (const [key, {id}] of Object.entries(kinds)) {
		assert.equal(id, key);
	}
});

test('the number key of a pane focuses it, and the number key of a view opens and closes it', () => {
	const user = filled();
	for (const id of paneIds.filter(pane => kinds[pane].digit !== undefined)) {
		user.press(String(kinds[id].digit));
		assert.equal(user.ui.focus, id);
		assert.equal(user.ui.view, 'main');
	}

	for (const {id, digit} of Object.values(views)) {
		user.press(String(digit));
		assert.equal(user.ui.view, id);
		user.press(String(digit));
		assert.equal(user.ui.view, 'main');
	}
});

test('in a view the copy menu offers what its own row says, and nothing of the pane below it', () => {
	const user = filled();
	user.press('2', 'k', '5', 'C');
	assert.equal(user.ui.overlay?.type, 'menu');
	const {items} = user.ui.overlay as {items: ReadonlyArray<{label: string; text?: string}>};
	assert.deepEqual(
		items.map(({label, text}) => [label, text]),
		[['node', 'minikube']],
	);
});

test('the feed follows no longer after a step up, and an empty list has no cursor', () => {
	const user = filled();
	assert.equal(user.ui.events.follow, true);
	user.press('2', 'j');
	assert.equal(user.ui.events.follow, true, 'a step down at the newest row changes nothing');
	user.press('k');
	assert.equal(user.ui.events.follow, false);
	const empty = new User(120, 40);
	for (const {digit} of Object.values(kinds)) {
		if (digit !== undefined) {
			empty.press(String(digit), 'j', 'k', 'pagedown', 'pageup', 'g');
		}
	}

	assert.deepEqual(Object.values(empty.ui.cursors), []);
});
