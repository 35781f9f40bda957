import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import {render} from 'ink-testing-library';
import {createElement} from 'react';
import {App} from '../../../source/ui/frame/app.js';
import {kinds} from '../../../source/ui/panes/pane-kinds.js';
import {inkScreen} from '../ink.js';
import {Scene} from '../panes/scene.js';
import {User} from '../user.js';

const scene = new Scene();
scene.play(scene.node('minikube'), 'tutorial-exec');

for (const [columns, rows] of [
	[80, 24],
	[120, 40],
	[200, 60],
] as const) {
	test(`Ink draws every pane as it was painted, ${columns}x${rows}`, () => {
		for (const {digit, name, short} of Object.values(kinds)) {
			const user = new User(columns, rows, scene);
			user.press(...(digit === undefined ? ['2', 'k', 'enter'] : [String(digit), 'j']));
			const drawn = inkScreen(user);
			assert.deepEqual(drawn, user.screen());
			assert.ok(
				drawn.some(row => row.includes(name) || row.includes(short)),
				`${name} is on the screen`,
			);
		}
	});
}

test('a frame that changes is drawn again', {timeout: 60_000}, async () => {
	let listener: () => void = () => {};
	let frame = {columns: 5, rows: 1, bands: [{id: 'a', height: 1, columns: [{width: 5, rows: ['one  ']}]}]};
	const {lastFrame, unmount} = render(
		createElement(App, {
			source: {
				subscribe(changed: () => void) {
					listener = changed;
					return () => {};
				},
				current: () => frame,
			},
		}),
	);
	assert.equal(lastFrame()?.trimEnd(), 'one');
	frame = {...frame, bands: [{id: 'a', height: 1, columns: [{width: 5, rows: ['two  ']}]}]};
	listener();
	while (lastFrame()?.trimEnd() !== 'two') {
		await setImmediate();
	}

	unmount();
});
