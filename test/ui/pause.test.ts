import assert from 'node:assert/strict';
import test from 'node:test';
import {Store} from '../../source/store/store.js';
import {initialState} from '../../source/ui/initial.js';
import {View} from '../../source/ui/view.js';

const exec = (pid: number) => ({process_exec: {process: {exec_id: `${pid}`, pid, binary: `/bin/number-${pid}`}}});

test('a pause keeps what is shown and of how many; what comes meanwhile counts as new', () => {
	const store = new Store();
	const node = store.openNode('a');
	const take = (pid: number): void =>
		store.takeEvent(node, Buffer.from(JSON.stringify(exec(pid))), exec(pid), 1000 + pid);
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
