/** Events as people have them in their files: what is right on screen and in lines. The files are in test/fixtures/events. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {compactLine} from '../../source/tetragon/compact/compact.js';
import {BadLine, readLine} from '../../source/tetragon/json/json-lines.js';
import {factsOfEvent} from '../../source/tetragon/wire/facts-of-event.js';
import {newFacts} from '../../source/tetragon/wire/new-facts.js';
import {savedLines} from '../../source/ui/save/saved-lines.js';
import type {UiState} from '../../source/ui/state/state.js';
import {paneText, Scene, uiOf} from '../ui/panes/scene.js';

function linesOf(name: string): string[] {
	const path = new URL(`../fixtures/events/${name}.jsonl.gz`, import.meta.url);
	return gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
}

function eventsOf(name: string) {
	return linesOf(name).map(line => {
		const event = readLine(line);
		assert.ok(!(event instanceof BadLine));
		return event;
	});
}

function sceneOf(name: string): Scene {
	const scene = new Scene();
	scene.nowMs = Date.parse('2026-08-01T10:01:00Z');
	const node = scene.node('n1');
	for (const event of eventsOf(name)) {
		scene.take(node, event);
	}

	scene.store.tick(scene.nowMs);
	return scene;
}

function chipsOf(text: string) {
	const parsed = parseChips(text);
	assert.ok('chips' in parsed);
	return parsed.chips;
}

/** The detail of each event, as text. */
function details(scene: Scene): string[] {
	const ui: UiState = uiOf(240, 100);
	const {feed} = scene.picture(ui);
	return [...Array(feed.length).keys()].map(index => {
		const seq = feed.at(index)?.seq ?? -1;
		const detail = {open: true, subject: {type: 'event', seq}, tab: 'summary', scroll: 0} as const;
		return paneText(scene.context({...ui, focus: 'detail', detail}), 'detail').join('\n');
	});
}

test('a time of any offset and precision is UTC; an event whose time is none is kept without it', () => {
	const events = eventsOf('clocks');
	const times = events.map(event => compactLine(event, {timestamps: true}).split(' ')[0]);
	assert.equal(times.length, 19);
	assert.deepEqual(times.slice(6, 8), ['2026-08-01T10:00:02.500000000Z', '2026-08-01T17:00:02.500000000Z']);
	assert.equal(events.filter(event => event.$badTimes !== undefined).length, 9);
});

test('numbers in texts give the events that numbers give', () => {
	for (const [index, line] of linesOf('numbers-as-strings').entries()) {
		const plain = line.replaceAll(/"(\d{1,10})"/g, '$1');
		assert.notEqual(plain, line);
		assert.deepEqual(readLine(line), readLine(plain), `line ${index + 1}`);
	}
});

test("v1.0's name of an action is the action", () => {
	const facts = newFacts();
	const actions = eventsOf('actions').map(event => {
		factsOfEvent(event, facts);
		return facts.action;
	});
	assert.equal(actions[14], 13, linesOf('actions')[14]?.slice(-200));
});

test('a container that is known by its id only is a container by its short id, in tree, feed and filters', () => {
	const scene = sceneOf('odd-pods');
	const ui = uiOf(150, 60);
	const tree = paneText(scene.context(ui), 'processes').join('\n');
	assert.match(tree, /551e161c47d8/);
	const chips = chipsOf('pod:551e161c47d8');
	const feed = scene.store.openFeed(matcherOf(chips, node => scene.store.nodeName(node)).event);
	feed.step(1000, () => 0);
	assert.equal(feed.length, 3);
	const csv = [...savedLines(scene.picture(ui), 'csv')];
	assert.equal(csv.filter(row => row.includes('551e161c47d8')).length, 3);
});

test('events without exec_id show and find what they say themselves', () => {
	const scene = sceneOf('fieldfilter-no-execid');
	const ui = uiOf(150, 60);
	const all = eventsOf('fieldfilter-no-execid');
	const inXwing = all.filter(event => JSON.stringify(event).includes('"name":"xwing"')).length;
	const chips = chipsOf('pod:xwing');
	const feed = scene.store.openFeed(matcherOf(chips, node => scene.store.nodeName(node)).event);
	feed.step(1000, () => 0);
	assert.ok(inXwing > 5);
	assert.equal(feed.length, inXwing);
	const csv = [...savedLines(scene.picture(ui), 'csv')];
	assert.equal(csv.length, all.length + 1);
	assert.equal(csv.filter(row => row.includes(',xwing,')).length, inXwing);
	assert.match(details(scene)[2] ?? '', /default\/xwing/);
});

test('stacks of the kernel and of the program, and the hash of the file, are in the detail', () => {
	const shown = details(sceneOf('stacks')).join('\n');
	assert.match(shown, /old_v1_0_name\+0x2/);
	assert.match(shown, /target_function/);
	assert.match(shown, /hash +sha256:[0-9a-f]{30}/);
});

test('the name of the user and the uid of the login are in the detail', () => {
	const [first = '', second = ''] = details(sceneOf('user-auid'));
	assert.match(first, /user +alice/);
	assert.match(second, /uid 0 \(root\)/);
	assert.match(second, /login +uid 1000/);
});

test('processes of a hundred days to a year have an age in days', () => {
	const shown = details(sceneOf('age-100-days')).join('\n');
	assert.doesNotMatch(shown, /\b0y/);
});

test('a case of a newer agent shows its process and pod, and a pod filter finds it', () => {
	const scene = new Scene();
	const node = scene.node('n1');
	const process = {exec_id: 'eA==', pid: 7, binary: '/bin/new', pod: {namespace: 'default', name: 'xwing'}};
	const event = readLine(JSON.stringify({process_new: {process}, node_name: 'n1', time: '2026-08-01T10:00:00Z'}));
	assert.ok(!(event instanceof BadLine));
	assert.match(compactLine(event), /default\/xwing \/bin\/new event process_new$/);
	scene.take(node, event);
	const chips = chipsOf('pod:xwing');
	const feed = scene.store.openFeed(matcherOf(chips, () => 'n1').event);
	feed.step(1000, () => 0);
	assert.equal(feed.length, 1);
	assert.doesNotMatch(details(scene).join(''), /newer than tetratop/);
});

test('a kernel thread keeps its name', () => {
	const event = readLine('{"process_exec":{"process":{"exec_id":"a","pid":9,"binary":"[kworker/R-netns]"}}}');
	assert.ok(!(event instanceof BadLine));
	const scene = new Scene();
	scene.take(scene.node('n1'), event);
	assert.match(details(scene).join(''), /\[kworker\/R-netns\]/);
});
