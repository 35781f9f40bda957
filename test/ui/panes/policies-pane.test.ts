import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import type {PolicyStatus} from '../../../source/tetragon/agent/policy.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import {atEachSize, Mounted, type Size} from './mounted.js';
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

function policies(size: Size): Mounted {
	return new Mounted(size, scene()).press('4');
}

function names(pane: Mounted): readonly string[] {
	return [...pane.text('policies').matchAll(/^.?[ ▸]*(bad-hook|file-m\S*)/gm)].map(
		([, name]) => name?.slice(0, 6) ?? '',
	);
}

atEachSize('every policy has a row with its mode, its state and the nodes that have it', size => {
	const pane = policies(size);
	assert.deepEqual(names(pane), ['bad-ho', 'file-m']);
	assert.match(pane.pane('policies').find(row => row.includes('bad-hook')) ?? '', /enforce +✖ load_error +0\/2/);
	assert.match(pane.pane('policies').find(row => row.includes('file-m')) ?? '', /mixed +● enabled +2\/2/);
});

atEachSize('the cursor moves by rows, and I reverses the order', size => {
	const pane = policies(size);
	assert.match(pane.chosen('policies'), /bad-hook/);
	assert.match(pane.press('j').chosen('policies'), /file-m/);
	assert.match(pane.press('j').chosen('policies'), /file-m/);
	assert.deepEqual(names(pane.press('I')), ['file-m', 'bad-ho']);
});

atEachSize('sorted by what was seen, the policy with events comes first', size => {
	const pane = policies(size).press('>', 'j', 'j', 'j', 'j', 'j', 'enter');
	assert.deepEqual(names(pane), ['file-m', 'bad-ho']);
});

atEachSize('Enter opens the policy: its modes and its nodes; j scrolls it, Esc closes it', size => {
	const pane = policies(size).press('j', 'enter');
	const open = pane.text('policies');
	assert.match(open, /node-1: enabled, monitor/);
	const isTall = size[1] > 24;
	assert.equal(pane.press('j').text('policies') === open, isTall, 'a text that fits does not scroll');
	pane.press('esc');
	assert.match(pane.chosen('policies'), /file-m/);
});

atEachSize('without a policy the pane says whether a node reported', size => {
	assert.match(new Mounted(size).press('4').text('policies'), /No node has reported its policies yet\./);
	const silent = new Scene();
	silent.store.takePolicies(silent.node('node-1'), [], 1);
	assert.match(new Mounted(size, silent).press('4').text('policies'), /No node reports a policy\./);
});

test('the policies view joins the lists of the agents with what the cluster has', () => {
	const made = scene();
	const ui = uiOf(120, 40, {
		view: 'policies',
		clusterPolicies: {
			objects: [
				{name: 'lost', namespace: 'default'},
				{name: 'bad-hook', namespace: ''},
			],
			pods: [{namespace: 'default', name: 'xwing', node: 'node-1', labels: {}, containers: []}],
			seesWide: true,
			seesNamespaces: 'all',
			seesPods: true,
			words: [],
			target: {words: 'xwing', isTarget: () => true},
		},
	});
	const lines = paneText(made.context(ui), 'policies');
	const text = lines.join('\n');
	assert.match(text, /bad-hook .* load_error +0\/2 +1 /);
	assert.match(text, /file-mon.* no object/);
	assert.match(text, /lost +default +unknown +\S unlisted +0\/2 +1 .* on no agent/);
	assert.match(text, /applies to xwing: 2 policies; loaded on its node: 0/);
	assert.match(text, /lost is not loaded on node-1: its agent does not list it/);
	assert.match(text, /file-monitoring-filtered is loaded on node-1, node-2, and no object of the cluster explains it/);
	const open = {...ui, policies: {openRow: 'default/lost', scroll: 0}};
	const opened = paneText(made.context(open), 'policies').join('\n');
	assert.match(opened, /object +TracingPolicyNamespaced/);
	assert.match(opened, /selects +pods of default/);
	assert.match(opened, /applies +to default\/xwing/);
	assert.match(opened, /default\/lost is an object \(TracingPolicyNamespaced\) of the cluster, and no agent lists it/);
});
