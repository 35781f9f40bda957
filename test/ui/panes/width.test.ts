import assert from 'node:assert/strict';
import test from 'node:test';
import {chipOf} from '../../../source/query/chip.js';
import type {Event} from '../../../source/tetragon/event/event.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import {own} from '../../../source/text/safe.js';
import {lineEditor} from '../../../source/ui/state/line-editor.js';
import type {UiState} from '../../../source/ui/state/state.js';
import {enforcing, misfits, paint, Scene, textOf, uiOf} from './scene.js';

const hostile = [
	'\u001B[2J\u001B[H\u0007\u009B31m',
	'\u202Egnp.exe\u2066\u200B\uFEFF',
	'漢字かな交じり文の長い名前の漢字かな交じり文',
	'👩‍👩‍👧‍👦🏳️‍🌈👍🏽 emoji',
	`Z\u0351\u036B\u0343\u036A\u0302\u0308\u0310\u0311A\u0310\u0314\u0351L\u0368\u030DGO\u0300`,
	'a'.repeat(10_000),
	'\u0000\n\r\t\u2028\u2029',
	'\uD800 lone',
	'',
	' ',
	'e\u0301\u0301\u0301\u0301',
	'العربية והעברית',
] as const;

function at(index: number): string {
	return hostile[index % hostile.length] ?? '';
}

function hostileScene(): Scene {
	const scene = new Scene();
	scene.nowMs = Date.UTC(2026, 10, 24, 12, 4, 29);
	const node = scene.node(at(2), {note: at(0), agent: at(1), version: at(3), via: at(4)});
	const other = scene.node(at(0), {state: 'retrying', attempt: 3, retryAtMs: scene.nowMs + 4000, note: at(5)});
	scene.store.takePolicies(
		node,
		[enforcing(at(0)), {...enforcing(at(3)), error: at(1), state: 'TP_STATE_LOAD_ERROR'}],
		1,
	);
	for (let index = 0; index < 60; index++) {
		const time = new Date(scene.nowMs + index).toISOString();
		const process = {
			exec_id: `id-${index}`,
			parent_exec_id: index % 3 === 0 ? '' : `id-${index - 1}`,
			pid: index * 7919,
			uid: index % 2 ? 4_294_967_295 : 0,
			binary: `/bin/${at(index)}`,
			arguments: at(index + 1),
			cwd: at(index + 2),
			flags: 'execve',
			start_time: time,
			in_init_tree: index % 4 !== 0,
			pod: {
				namespace: at(index >> 3),
				name: `${at(index >> 2)}-${index >> 2}`,
				workload: at(index >> 3),
				workload_kind: at(index + 4),
				container: {id: `c${index >> 2}`, name: at(index), image: {name: at(index + 3)}},
				pod_labels: {[at(index)]: at(index + 1)},
			},
		};
		scene.take(node, {process_exec: {process}, time, node_name: at(2)} as Event);
		const body = {
			process,
			function_name: at(index),
			policy_name: at(index + (index % 3)),
			message: at(index + 2),
			tags: [at(index), at(index + 1)],
			action: index % 2 ? 'KPROBE_ACTION_SIGKILL' : 'KPROBE_ACTION_OVERRIDE',
			args: [{string_arg: at(index + 3)}, {file_arg: {path: at(index)}}],
		};
		scene.take(node, {process_kprobe: body, time} as Event);
		if (index % 5 === 0) {
			scene.take(node, {process_exit: {process, signal: at(index + 1), time}, time} as Event);
		}
	}
	scene.store.rule(other, {type: 'gap', fromMs: 0, toMs: scene.nowMs, reason: at(0)}, scene.nowMs);
	scene.store.rule(other, {type: 'lost', where: 'server', count: 7406, reason: at(4)}, scene.nowMs);
	scene.store.rule(node, {type: 'restart', reason: at(3)}, scene.nowMs);
	scene.store.rule(node, {type: 'mark', text: at(1)}, scene.nowMs);
	scene.store.rule(node, {type: 'malformed', count: 3, line: 12}, scene.nowMs);
	scene.store.raise({id: at(0), severity: 'error', what: at(1), why: at(2), fix: at(3)});
	scene.store.tick(scene.nowMs);
	return scene;
}

const sizes = [
	[40, 10],
	[41, 23],
	[60, 24],
	[79, 30],
	[80, 24],
	[81, 50],
	[99, 29],
	[100, 28],
	[120, 40],
	[131, 33],
	[160, 40],
	[200, 60],
	[317, 71],
	[30, 5],
] as const;

const timeline = {
	cellMs: 5000,
	lastCellMs: 0,
	all: [1, 5, 900, 0, 3],
	shown: [0, 1, 2, 0, 0],
	kills: [0, 0, 1, 0, 0],
	lost: [0, 0, 0, 9, 0],
};

const chip = chipOf([{field: 'pod', comparison: 'fuzzy', value: at(0), bare: true}], false);

/** Everything that changes what is drawn, one at a time. */
function states(scene: Scene): ReadonlyArray<readonly [name: string, change: Partial<UiState>]> {
	const base = uiOf(80, 24);
	const row = scene.picture(base).feed.at(40);
	const follow = {...base.events, follow: false, stoppedAtEvents: 4};
	const cursors = {events: {id: row?.seq, screenRow: 3}};
	const subject = {type: 'event', seq: row?.seq ?? 0} as const;
	const prompt = {
		mode: 'filter',
		editor: lineEditor(hostile.join('')),
		candidate: -1,
		exclude: true,
		error: at(0),
	} as const;
	return [
		['at rest', {}],
		[
			'in the tree',
			{focus: 'processes', cursors: {processes: {id: 'id-7', screenRow: 2}}, tree: {...base.tree, showHost: true}},
		],
		['flat', {focus: 'processes', tree: {...base.tree, flat: true}}],
		['in the alerts', {focus: 'kills', bell: true, kills: {only: true, deaths: undefined}}],
		['scrolled', {cursors, events: follow}],
		['delta, sideways', {cursors, events: {...follow, time: 'delta', shift: 5}, highlight: chip}],
		['wrapped', {events: {...base.events, wrap: true}}],
		['wrapped and scrolled', {cursors, events: {...follow, wrap: true}}],
		['utc', {cursors, events: {...follow, time: 'utc'}, zoom: true}],
		['paused', {pause: {sinceMs: 0, atEvents: 3}, chips: [chip, chip, {...chip, server: true}, chip, chip, chip]}],
		...(['summary', 'process', 'ancestors', 'policy', 'raw'] as const).map(
			tab => [tab, {detail: {open: true, subject, tab, scroll: 3}, focus: 'detail'}] as const,
		),
		['typing', {prompt}],
		['a command', {prompt: {...prompt, mode: 'command', error: undefined, exclude: false}}],
		['policies', {view: 'policies'}],
		['one policy', {view: 'policies', policies: {openRow: `/${at(0)}`, scroll: 2}}],
		['nodes', {view: 'nodes'}],
		['big timeline', {timeline: {...base.timeline, size: 'big', cursorMs: -9000, active: true}}],
		['replay', {mode: 'replay', replay: {speed: 4, paused: false, atMs: 0, done: false}}],
		['offline', {offlineSinceMs: 0, recording: {path: at(5), events: 12}, allowWrite: true}],
		['flash', {flash: {text: own('copied'), untilMs: Number.POSITIVE_INFINITY}, targetName: at(1)}],
	];
}

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

for (const glyphs of ['unicode', 'ascii'] as const) {
	// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: nested loops over all combinations
	test(`every line is exactly as wide as its pane, and holds nothing that a terminal obeys: ${glyphs}`, () => {
		const before = charset();
		try {
			const scene = hostileScene();
			for (const [name, change] of states(scene)) {
				for (const [columns, rows] of sizes) {
					for (const {area, box, lines} of paint(scene.context(uiOf(columns, rows, change), glyphs, timeline))) {
						const where = `${name}, ${area} at ${columns}x${rows}`;
						assert.deepEqual(misfits(lines, box.rect.width), [], where);
						assert.equal(lines.length, box.rect.height, where);
						for (const line of lines) {
							assert.doesNotMatch(textOf(line), unprintable, where);
							if (glyphs === 'ascii') {
								assert.match(textOf(line), /^[ -~]*$/, where);
							}
						}
					}
				}
			}
		} finally {
			setCharset(before);
		}
	});
}

test('an empty store fills every pane at every size', () => {
	const scene = new Scene();
	for (const [name, change] of states(scene)) {
		for (const [columns, rows] of sizes) {
			for (const {area, box, lines} of paint(scene.context(uiOf(columns, rows, change)))) {
				assert.deepEqual(misfits(lines, box.rect.width), [], `${name}, ${area} at ${columns}x${rows}`);
				assert.equal(lines.length, box.rect.height, `${name}, ${area} at ${columns}x${rows}`);
			}
		}
	}
});
