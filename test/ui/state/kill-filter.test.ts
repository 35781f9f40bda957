import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actor, policy, Scene as Story, startMs} from '../../store/scene.js';
import {Scene} from '../panes/scene.js';
import {User} from '../user.js';

function watching(story: Story): User {
	const user = new User(120, 40, new Scene(story.store));
	user.scene.nowMs = startMs + 1000;
	return user;
}

test('a filter by states follows the verdicts: a kill whose exit comes later moves from one to the other', () => {
	const story = new Story();
	story.policies(0, policy('ENFORCE'));
	const cat = actor();
	story.exec(1, cat);
	story.hook(2, cat);
	const user = watching(story);
	user.type('/kill:sent');
	user.press('enter');
	assert.equal(user.picture.feed.shown, 1);
	assert.equal(user.picture.killRows.length, 1);
	story.exit(2.1, cat, 'SIGKILL');
	user.scene.nowMs += 3000;
	story.tick(4);
	assert.equal(user.picture.feed.shown, 0);
	assert.equal(user.picture.killRows.length, 0);
	user.press('esc');
	user.type('/kill:KILLED');
	user.press('enter');
	assert.equal(user.picture.feed.shown, 1);
	assert.equal(user.picture.killRows.length, 1);
});

test('the prompt names the states, and Tab completes one', () => {
	const user = watching(new Story());
	user.type('/kill:');
	assert.match(user.screen().join('\n'), /kill: .*: killed sent kill\? unseen denied/);
	user.type('not');
	user.press('tab', 'enter');
	assert.equal(user.ui.chips[0]?.text, 'kill:not-killed');
});
