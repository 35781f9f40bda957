import assert from 'node:assert/strict';
import test from 'node:test';
import {fillTemplate, makeTemplate} from '../../source/demo/template.js';
import {decodeEvent} from '../../source/tetragon/wire/decode.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';

function id(ktime: string, pid: number) {
	return Buffer.from(`worker-1:${ktime}:${pid}`).toString('base64');
}

test('a frame moves by whole seconds: its ids and its times, and nothing else', () => {
	const moving = id('200084583107685', 1406);
	const standing = id('184560000000', 1037);

	function event(child: string, seconds: string) {
		return {
			process_exit: {
				process: {
					exec_id: child,
					pid: 1406,
					start_time: `2026-11-23T20:35:${seconds}.097425494Z`,
					parent_exec_id: standing,
				},
				parent: {exec_id: standing, start_time: '2026-11-20T01:02:03.500Z'},
				time: `2026-11-23T20:35:${seconds}.100Z`,
			},
			node_name: 'worker-1',
			time: `2026-11-23T20:35:${seconds}.000000001Z`,
		};
	}

	const seconds = Date.parse('2026-11-23T20:35:14Z') / 1000;
	const template = makeTemplate(
		Buffer.from(encodeMessage('GetEventsResponse', event(moving, '14'))),
		0,
		{ids: new Set([moving]), seconds: new Set([seconds])},
		{policy: '', enforced: false},
	);
	assert.deepEqual([template.ids.length, template.seconds.length], [1, 3]);
	assert.deepEqual(decodeEvent(fillTemplate(template, 30)), event(id('200114583107685', 1406), '44'));
	assert.deepEqual(decodeEvent(fillTemplate(template, 0)), event(moving, '14'), 'the template itself stays');
});
