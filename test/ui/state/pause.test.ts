import assert from 'node:assert/strict';
import test from 'node:test';
import {Arrival} from '../../../source/store/arrival.js';
import {Store} from '../../../source/store/store.js';
import {emptyEvents} from '../../../source/ui/panes/empty.js';
import type {PaneContext} from '../../../source/ui/panes/pane.js';
import {initialState} from '../../../source/ui/state/initial.js';
import {View} from '../../../source/ui/state/view.js';
import {actor, policy, Scene as Story, signals, startMs} from '../../store/scene.js';
import {textOf} from '../panes/scene.js';
import {User} from '../user.js';

function exec(pid: number) {
	return {process_exec: {process: {exec_id: `${pid}`, pid, binary: `/bin/number-${pid}`}}};
}

test('a pause keeps what is shown and of how many; what comes meanwhile counts as new', () => {
	const store = new Store();
	const node = store.openNode('a');

	function take(pid: number): void {
		store.take(node, new Arrival().line(Buffer.from(JSON.stringify(exec(pid))), exec(pid)), 1000 + pid);
	}

	const view = new View(store);
	const ui = initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: false, chips: []});
	for (let pid = 1; pid <= 5; pid++) {
		take(pid);
	}

	const paused = {...ui, pause: {sinceMs: 1005, atEvents: 5}};
	assert.equal(view.picture(paused, 1005).feed.shown, 5);
	for (let pid = 6; pid <= 20; pid++) {
		take(pid);
	}

	const picture = view.picture(paused, 1020);
	assert.deepEqual([picture.feed.shown, picture.feed.total, picture.feed.length], [5, 5, 5]);
	assert.equal(picture.totals.events, 20, 'the header says how many are new');
	assert.equal(view.picture(ui, 1021).feed.shown, 20);
});

test('a pause that outlives its buffer counts nothing below none, and says what became of it', () => {
	const store = new Store({bufferBytes: 64 * 1024});
	const node = store.openNode('a');
	const view = new View(store);
	const ui = initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: false, chips: []});
	const paused = {...ui, pause: {sinceMs: 1005, atEvents: 5}};
	for (let pid = 1; pid <= 5000; pid++) {
		store.take(node, new Arrival().line(Buffer.from(JSON.stringify(exec(pid))), exec(pid)), 1000 + pid);
		if (pid === 5 || pid % 100 === 0) {
			const {feed} = view.picture(paused, 1000 + pid);
			assert.ok(feed.total >= 0 && feed.shown >= 0 && feed.shown <= 5, `${feed.shown} of ${feed.total}`);
		}
	}

	const words = emptyEvents({ui: paused, picture: view.picture(paused, 7000)} as PaneContext, 70, 5).map(textOf);
	assert.match(words.join(' '), /what was paused has left the buffer/);
});

test('the alerts of a pause stand as they stood', () => {
	const story = new Story();
	const {store} = story;
	story.policies(0, policy('MONITOR'));
	story.hook(1, actor({pod: 'x'}), {action: signals.kill});
	const view = new View(store);
	const ui = initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: false, chips: []});
	const paused = {...ui, pause: {sinceMs: startMs + 1000, atEvents: 1}};

	function counts(state: typeof ui) {
		const {killRows} = view.picture(state, startMs + 3000);
		return [killRows.length, killRows.at(0)?.count];
	}

	assert.deepEqual(counts(paused), [1, 1]);
	story.hook(2, actor({pod: 'x'}), {action: signals.kill});
	assert.deepEqual(counts(paused), [1, 1]);
	store.acknowledge('all');
	assert.equal(view.picture(paused, startMs + 3000).killRows.at(0)?.acknowledged, true);
	assert.deepEqual(counts(ui), [1, 2]);
});

test('G goes live, and pressed again stays live; s goes there and stops', () => {
	const user = new User();
	const node = user.scene.store.openNode('a');
	for (let pid = 1; pid <= 60; pid++) {
		user.scene.take(node, exec(pid));
	}

	user.press('2', 'up', 'up');
	assert.equal(user.ui.events.follow, false);
	user.press('G');
	assert.equal(user.ui.events.follow, true);
	user.press('G', 'G', 'end');
	assert.equal(user.ui.events.follow, true);
	user.press('p', 'G');
	assert.equal(user.ui.pause, undefined, 'nor can a frozen picture be live');
	user.press('s');
	assert.equal(user.ui.events.follow, false);
});
