import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';

test(':set turns a switch by its name and says so', () => {
	const user = new User();
	user.type(':set wrap=on');
	user.press('enter');
	assert.equal(user.ui.events.wrap, true);
	assert.equal(user.ui.flash?.text, 'wrap: on');
	user.type(':set time=utc');
	user.press('enter');
	assert.equal(user.ui.events.time, 'utc');
	user.type(':set own=show');
	user.press('enter');
	assert.deepEqual(user.effects, [{type: 'own', isShown: true}]);
});

test(':set says what it takes where it does not understand', () => {
	const user = new User();
	user.type(':set wrap=maybe');
	user.press('enter');
	assert.equal(user.ui.flash?.text, 'wrap is one of: on, off');
	user.type(':set __proto__=on');
	user.press('enter');
	assert.match(user.ui.flash?.text ?? '', /^:set takes .*wrap/);
});

test(':ctx says that the context cannot be changed live', () => {
	const user = new User();
	user.type(':ctx prod');
	user.press('enter');
	assert.match(user.ui.flash?.text ?? '', /tetratop --context prod$/);
});
