import assert from 'node:assert/strict';
import test from 'node:test';
import type {EventsRequest} from '../../../source/tetragon/agent/link.js';
import {asksForWhole} from '../../../source/tetragon/filter/whole-policies.js';

const hooks = ['PROCESS_KPROBE', 'PROCESS_TRACEPOINT', 'PROCESS_UPROBE', 'PROCESS_LSM', 'PROCESS_USDT'];

test('a policy is asked for whole only when no filter of the request can hold one of its events back', () => {
	const rows: ReadonlyArray<readonly [EventsRequest, boolean]> = [
		[{}, true],
		[{allow_list: [], deny_list: []}, true],
		[{allow_list: [{}]}, true],
		[{allow_list: [{pod_regex: []}]}, true],
		[{allow_list: [{namespace: ['default']}]}, false],
		[{allow_list: [{pod_regex: ['^xwing$']}]}, false],
		[{allow_list: [{namespace: ['']}]}, false],
		[{allow_list: [{policy_names: ['deny-shadow']}]}, true],
		[{allow_list: [{policy_names: ['other']}]}, false],
		[{allow_list: [{policy_names: ['deny-shadow'], namespace: ['default']}]}, false],
		[{allow_list: [{event_set: hooks}]}, true],
		[{allow_list: [{event_set: ['PROCESS_KPROBE']}]}, false],
		[{allow_list: [{namespace: ['default']}, {event_set: hooks}]}, true],
		[{deny_list: [{health_check: true}]}, false],
		[{deny_list: [{pod_regex: ['xwing']}]}, false],
		[{deny_list: [{event_set: ['PROCESS_EXIT']}]}, true],
		[{deny_list: [{event_set: ['PROCESS_EXIT', 'PROCESS_LSM']}]}, false],
		[{deny_list: [{}]}, false],
	];
	for (const [request, isWhole] of rows) {
		assert.equal(asksForWhole(request, 'deny-shadow'), isWhole, JSON.stringify(request));
	}
});
