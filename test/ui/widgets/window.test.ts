import assert from 'node:assert/strict';
import test from 'node:test';
import {windowOf} from '../../../source/ui/widgets/window.js';

test('the selected row keeps its screen line while rows come above it', () => {
	for (const came of [0, 1, 50, 3000]) {
		const {first} = windowOf(500 + came, 200 + came, 7, 20, false);
		assert.equal(200 + came - first, 7);
	}
});

test('following shows the last rows', () => {
	assert.deepEqual(windowOf(100, 3, 0, 10, true), {first: 90, count: 10});
	assert.deepEqual(windowOf(4, 3, 0, 10, true), {first: 0, count: 4});
});

test('no line stays empty while there are rows for it', () => {
	assert.deepEqual(windowOf(100, 99, 0, 10, false), {first: 90, count: 10});
	assert.deepEqual(windowOf(100, 2, 9, 10, false), {first: 0, count: 10});
});

test('a pane without lines and a list without rows show nothing', () => {
	assert.deepEqual(windowOf(100, 5, 3, 0, false), {first: 0, count: 0});
	assert.deepEqual(windowOf(0, -1, 0, 10, false), {first: 0, count: 0});
	assert.deepEqual(windowOf(0, -1, 0, 10, true), {first: 0, count: 0});
});

test('the selected row is always in the window, whatever line it is said to stand on', () => {
	for (let length = 1; length < 30; length++) {
		for (let index = 0; index < length; index++) {
			for (const screenRow of [-3, 0, 4, 99]) {
				const {first, count} = windowOf(length, index, screenRow, 8, false);
				assert.ok(index >= first && index < first + count, `${index} of ${length} at ${screenRow}`);
				assert.equal(count, Math.min(8, length));
			}
		}
	}
});
