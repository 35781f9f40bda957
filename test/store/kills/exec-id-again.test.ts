import assert from 'node:assert/strict';
import {test} from 'node:test';
import {actor, policy, Scene} from '../scene.js';

const daySeconds = 86_400;

test('an exec_id that is given again on another day is another process, and its kill another kill', () => {
	const scene = new Scene();
	scene.policies(0, policy('ENFORCE'));
	for (const day of [0, 1, 2]) {
		const start = day * daySeconds;
		const cat = {
			...actor({pid: 77}),
			exec_id: 'c2FtZQ==',
			start_time: new Date(Date.UTC(2026, 0, 2 + day)).toISOString(),
		};
		const pod = {...cat, pod: {...cat.pod, namespace: `day${day}`}};
		scene.policies(start, policy('ENFORCE'));
		scene.exec(start + 1, pod);
		scene.hook(start + 2, pod);
		scene.exit(start + 2.01, pod, 'SIGKILL');
		scene.tick(start + 5);
	}
	assert.deepEqual(scene.states(), ['KILLED×1', 'KILLED×1', 'KILLED×1']);
	assert.deepEqual(
		scene.store
			.kills()
			.groups.map(({namespace}) => namespace)
			.toSorted(),
		['day0', 'day1', 'day2'],
	);
});
