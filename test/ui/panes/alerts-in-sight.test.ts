import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chooseTheme} from '../../../source/ui/frame/theme.js';
import {paintArea} from '../../../source/ui/screen.js';
import {actor, counters, policy, Scene as Story, startMs} from '../../store/scene.js';
import {User} from '../user.js';
import {boxesOf, Scene} from './scene.js';

function watching(story: Story, columns = 120, rows = 40): User {
	const user = new User(columns, rows, new Scene(story.store));
	user.scene.nowMs = startMs + 10_000;
	return user;
}

function killed(kind: 'process_kprobe' | 'process_uprobe' = 'process_kprobe'): Story {
	const story = new Story();
	story.policies(0, policy('ENFORCE'));
	const cat = actor();
	story.exec(1, cat);
	story.send(2, {
		[kind]: {
			process: cat,
			policy_name: 'deny-shadow',
			action: 'KPROBE_ACTION_SIGKILL',
			...(kind === 'process_uprobe' ? {path: '/usr/lib/libssl.so', symbol: 'SSL_write'} : {function_name: 'f'}),
		},
	});
	story.exit(2.01, cat, 'SIGKILL');
	story.tick(10);
	return story;
}

test('e under a filter that hides all alerts says how many, and how to see them', () => {
	const user = watching(killed());
	user.type('/pod=nowhere');
	user.press('enter', 'e');
	const screen = user.screen().join('\n');
	assert.match(screen, /the filter hides 1 alert: Esc removes the last filter/);
	assert.match(screen, /none of 1 alert matches the filter/);
	user.press('esc', 'e');
	assert.equal(user.ui.detail.subject?.type, 'kill');
});

test('a selected kill has a tone of its own in every theme, colours or not', () => {
	const user = watching(killed());
	user.press('3');
	const context = {...user.scene.context(user.ui), picture: user.picture};
	const box = boxesOf(user.ui).kills;
	assert.ok(box);
	const row = paintArea(context, 'kills', box).find(line => line.some(({tone}) => tone === 'cursor'));
	assert.equal(row?.find(({text}) => text.includes('KILLED'))?.tone, 'cursor-killed');
	for (const name of ['default', 'light', 'mono', 'high-contrast'] as const) {
		const {tones} = chooseTheme({}, {color: 'always', theme: name});
		assert.notEqual(tones['cursor-killed'].on, tones.cursor.on, name);
	}
});

test('the reason of a kill by a probe is its symbol', () => {
	const user = watching(killed('process_uprobe'), 200, 50);
	const screen = user.screen().join('\n');
	assert.match(screen, /KILLED .*SSL_write/);
});

test('a process that would have been killed has its mark in the tree, alive and ended', () => {
	const story = new Story();
	story.policies(0, policy('MONITOR'));
	const cat = actor();
	story.exec(1, cat);
	story.hook(2, cat);
	const user = watching(story, 120, 40);
	user.press('1', 't');
	assert.match(user.screen().join('\n'), /cat +\S+ would-kill/);
	story.exit(5, cat);
	assert.match(user.screen().join('\n'), /cat +\S+ would-kill/);
});

test('KILL of a node counts what was killed there, and nothing that would have been', () => {
	const story = new Story();
	story.policies(0, policy('ENFORCE'), policy('MONITOR', {name: 'watch', stats: counters({})}));
	const [cat, dog] = [actor(), actor()];
	story.exec(1, cat);
	story.hook(2, cat);
	story.exit(2.01, cat, 'SIGKILL');
	story.exec(3, dog);
	story.hook(4, dog, {policy: 'watch'});
	story.tick(10);
	assert.deepEqual(story.states(), ['KILLED×1', 'WOULD-KILL×1']);
	assert.equal(story.store.nodes(startMs + 10_000)[0]?.kills, 1);
});

test('the time under a verdict is the time of the verdict, also with the cursor on the process in the tree', () => {
	const user = watching(killed(), 200, 50);
	user.press('1', 't');
	assert.match(user.screen().join('\n'), /KILLED by policy deny-shadow[^\n]*\n[^\n]*03:04:07\.000/);
});
