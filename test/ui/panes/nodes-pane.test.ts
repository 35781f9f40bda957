import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../../../source/store/store.js';
import {User} from '../user.js';
import {Scene} from './scene.js';

test('what tetratop runs on the nodes is left out, and how many events that were is said', () => {
	const store = new Store();
	const user = new User(120, 40, new Scene(store));
	const node = user.scene.node('worker-1');
	store.hide(node);
	user.scene.take(node, {process_exec: {process: {exec_id: 'theirs', pid: 2, binary: '/usr/bin/cat'}}});
	assert.equal(user.picture.totals.events, 1);
	user.press('5');
	assert.match(user.screen().join('\n'), /5 NODES\] 1: 1 streaming · own execs hidden: 1 /);
});
