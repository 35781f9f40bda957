import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import {enforcing, monitoring, paneText, Scene, uiOf} from './scene.js';

const before = charset();
after(() => setCharset(before));

function scene(): Scene {
	const made = new Scene();
	const first = made.node('node-1');
	const second = made.node('node-2', {state: 'retrying', attempt: 3, note: 'stream EOF'});
	const broken: PolicyStatus = {
		...enforcing('bad-hook'),
		state: 'TP_STATE_LOAD_ERROR',
		error: 'attach kprobe foo: not found',
	};
	made.store.takePolicies(first, [monitoring('file-monitoring-filtered'), broken], 1);
	made.store.takePolicies(second, [enforcing('file-monitoring-filtered')], 1);
	made.play(first, 'file-enforce');
	return made;
}

test('a policy says its state in words, on how many nodes, and that its mode differs between them', () => {
	const lines = paneText(scene().context(uiOf(120, 40, {view: 'policies'})), 'policies');
	assert.match(lines[1] ?? '', /NAME +NS +MODE +STATE +NODES +POST\/s ENFORCED WOULD +SEEN MISSED +NOTE/);
	assert.match(lines[2] ?? '', /bad-hook +\(all\) +enforce +✖ load_error +0\/2 .*attach kprobe foo/);
	assert.match(lines[3] ?? '', /file-mon.* +mixed +● enabled +2\/2/);
});

test('an open policy that monitors lists what it would have hit', () => {
	const ui = uiOf(120, 40, {
		view: 'policies',
		policies: {openRow: '/file-monitoring-filtered', scroll: 0},
	});
	const text = paneText(scene().context(ui), 'policies').join('\n');
	assert.match(text, /Blast radius: with enforce it would have hit 3 of these/);
	assert.match(text, /1 times {2}default\/xwing {2}\/usr\/bin\/cat/);
	assert.match(text, /● node-1: enabled, monitor/);
	assert.match(text, /● node-2: enabled, enforce/);
});

test('a node that is tried again says when and why', () => {
	const lines = paneText(scene().context(uiOf(120, 40, {view: 'nodes'}), 'ascii'), 'nodes');
	assert.match(lines[0] ?? '', /2: 1 streaming - 1 retry/);
	assert.match(lines.find(line => line.includes('node-2')) ?? '', /~ retry 3 .*stream EOF$/);
});
