/** What the lines around the panes say, and what a pane says that has nothing to show. */
import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chipOf} from '../../../source/query/chip.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import {own} from '../../../source/text/safe.js';
import {paint, paneText, Scene, textOf, uiOf} from './scene.js';

const before = charset();
after(() => setCharset(before));

function chip(value: string, server = false) {
	return {
		...chipOf([{field: 'pod', comparison: 'fuzzy', value, bare: false}], false),
		server,
	};
}

test('the header drops the least important first, and never what is wrong', () => {
	const scene = new Scene();
	scene.node('a');
	scene.node('b', {state: 'blocked'});
	for (let columns = 60; columns < 220; columns += 3) {
		const [line = ''] = paneText(scene.context(uiOf(columns, 40)), 'header');
		assert.match(line, /nodes 1\/2/, `${columns}`);
		assert.match(line, /KILL 0/, `${columns}`);
		assert.match(line, /LOST/, `${columns}`);
	}
	assert.match(paneText(scene.context(uiOf(200, 60)), 'header')[0] ?? '', /WOULD 0 DENY 0 │ LOST \? srv \? cli 0/);
});

test('with one pane at a time the header says what the chips would', () => {
	const scene = new Scene();
	scene.node('a');
	const ui = uiOf(60, 20, {chips: [chip('api'), chip('web')], pause: {sinceMs: 0, atEvents: 0}});
	assert.match(paneText(scene.context(ui), 'header')[0] ?? '', /PAUSED {2}pod:api \+1 .*nodes 1\/1/);
});

test('a picture that was paused while it followed shows its newest rows', () => {
	const scene = new Scene();
	const node = scene.node('a');
	for (let pid = 1; pid <= 200; pid++) {
		scene.take(node, {process_exec: {process: {exec_id: `${pid}`, pid, binary: `/bin/number-${pid}`}}});
	}
	const ui = uiOf(80, 24, {pause: {sinceMs: 0, atEvents: 200}});
	assert.match(paneText(scene.context(ui), 'events').at(-1) ?? '', /number-200$/);
});

test('agents of several versions are said to be mixed, by their releases', () => {
	const scene = new Scene();
	scene.node('a', {version: 'v1.10.0'});
	scene.node('b', {version: 'v1.8.0-pre.0-653-g4fbfe2d74'});
	assert.match(
		paneText(scene.context(uiOf(200, 60)), 'header')[0] ?? '',
		/tetragon v1\.8\.0-pre\.0\+–v1\.10\.0 mixed via tcp/,
	);
});

test('events of policies that were counted and did not come are in the header', () => {
	const scene = new Scene();
	const node = scene.node('a');

	function counted(post: number) {
		return [
			{
				name: 'p',
				mode: 'TP_MODE_MONITOR_ONLY',
				state: 'TP_STATE_ENABLED',
				stats: {action_counters: {post: String(post)}},
			},
		];
	}

	scene.store.takePolicies(node, counted(5), 1);
	assert.doesNotMatch(paneText(scene.context(uiOf(200, 60)), 'header')[0] ?? '', /MISSED/);
	for (let poll = 1; poll < 5; poll++) {
		scene.store.takePolicies(node, counted(17), poll * 10_000);
		scene.store.tick(poll * 10_000 + 5000);
	}
	assert.match(paneText(scene.context(uiOf(200, 60)), 'header')[0] ?? '', /LOST .* MISSED 12/);
});

test('what tetratop dropped itself is in the header', () => {
	const scene = new Scene();
	scene.store.setLostServer(scene.node('a'), 7406);
	scene.store.shed('memory', 1204);
	assert.match(paneText(scene.context(uiOf(80, 24)), 'header')[0] ?? '', /LOST 8\.6k$/);
	assert.match(paneText(scene.context(uiOf(200, 60)), 'header')[0] ?? '', /LOST 8\.6k srv 7\.4k cli 1\.2k/);
});

test('a paused picture says so at the first column, with how much came', () => {
	const scene = new Scene();
	scene.nowMs = 50_000;
	const node = scene.node('a');
	for (let count = 0; count < 3; count++) {
		scene.take(node, {process_exec: {process: {exec_id: `${count}`}}});
	}
	const ui = uiOf(80, 24, {pause: {sinceMs: 8000, atEvents: 1}});
	assert.match(paneText(scene.context(ui), 'chips')[0] ?? '', /^PAUSED 00:00:42 \+2 new/);
});

test('each chip says whether the agents run it, and the first stay on the line', () => {
	const scene = new Scene();
	const ui = uiOf(120, 40, {chips: [chip('api', true), chip('web')]});
	assert.match(paneText(scene.context(ui), 'chips')[0] ?? '', /│ pod:api ✕\[S\] │ pod:web ✕ │ 0 of 0 asked for/);
	const many = uiOf(80, 24, {chips: Array.from({length: 12}, (_, index) => chip(`some-pod-${index}`))});
	assert.match(paneText(scene.context(many), 'chips')[0] ?? '', /│ pod:some-pod-0 ✕ .*│ \+\d+ │/);
});

test('the worst problem stands on the message line; a flash comes before it, not instead', () => {
	const scene = new Scene();
	scene.nowMs = 1000;
	scene.store.raise({id: 'a', severity: 'note', what: 'old agent', why: 'v1.2', fix: ''});
	scene.store.raise({id: 'b', severity: 'error', what: 'forbidden', why: 'pods/exec', fix: 'r retries'});
	assert.match(
		paneText(scene.context(uiOf(120, 40)), 'message')[0] ?? '',
		/▲ forbidden: pods\/exec \(\+1 more\) — r retries/,
	);
	const flash = {text: own('copied'), untilMs: 2000};
	assert.match(paneText(scene.context(uiOf(120, 40, {flash})), 'message')[0] ?? '', /copied │ ▲ forbidden/);
	const gone = {text: own('copied'), untilMs: 500};
	assert.doesNotMatch(paneText(scene.context(uiOf(120, 40, {flash: gone})), 'message')[0] ?? '', /copied/);
});

test('an empty pane says that it works', () => {
	const scene = new Scene();
	scene.node('a');
	const all = paint(scene.context(uiOf(120, 40)))
		.flatMap(({lines}) => lines.map(textOf))
		.join('\n');
	assert.match(all, /no events yet\. 1 node streams/);
	assert.match(all, /no kill\. 1 node streams/);
	assert.match(all, /no process yet/);
});

test('a filter that hides everything is named, with the key that removes it', () => {
	const scene = new Scene();
	const node = scene.node('a');
	scene.take(node, {process_exec: {process: {exec_id: 'x'}}});
	const context = scene.context(uiOf(120, 40, {chips: [chip('apii')]}));
	const nothing = {...context, picture: {...context.picture, feed: {...context.picture.feed, length: 0}}};
	const text = paneText(nothing, 'events').join('\n');
	assert.match(text, /0 of 1 event matches/);
	assert.match(text, /hidden by: {2}pod:apii/);
	assert.match(text, /Esc removes {2}pod:apii/);
});

test('the columns of the feed do not depend on its rows', () => {
	const scene = new Scene();
	scene.node('node-1');
	const other = scene.node('node-2');
	scene.take(other, {process_exec: {process: {exec_id: 'x', binary: '/bin/a'}}, time: '2026-11-24T00:00:00Z'});

	function column(): number {
		return paneText(scene.context(uiOf(160, 40, {zoom: true})), 'events')[1]?.indexOf('DETAIL') ?? -1;
	}

	const first = column();
	const pod = {namespace: 'n'.repeat(60), name: 'p'.repeat(250), container: {name: 'c'.repeat(60)}};
	scene.take(other, {
		process_exec: {process: {exec_id: 'y', binary: 'b'.repeat(400), pod}},
		time: '2026-11-24T00:00:01Z',
	});
	assert.ok(first > 0);
	assert.equal(column(), first);
});
