/** The panes as a person sees them, from a recording of a real agent. */

import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {Arrival} from '../../../source/store/arrival.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import type {UiState} from '../../../source/ui/state/state.js';
import {enforcing, monitoring, paint, paneText, Scene, uiOf} from './scene.js';

const before = charset();
after(() => setCharset(before));

const policy = 'file-monitoring-filtered';

function played(status = enforcing(policy), recording = 'file-enforce'): Scene {
	const scene = new Scene();
	const node = scene.node('minikube');
	scene.store.takePolicies(node, [status], 1);
	scene.play(node, recording);
	return scene;
}

const base = uiOf(80, 24);

/** The feed with its cursor on the first enforcement, on the given line. */
function onFirstKill(scene: Scene, screenRow: number): Partial<UiState> {
	const {feed} = scene.picture(base);
	for (let index = 0; index < feed.length; index++) {
		const row = feed.at(index);
		if (row?.type === 'event' && row.process?.kills.some(kill => kill.seq === row.seq)) {
			return {
				cursors: {events: {id: row.seq, screenRow}},
				events: {...base.events, follow: false, stoppedAtEvents: 70},
			};
		}
	}
	throw new Error('no enforcement in the recording');
}

test('80x24: header and alerts in ASCII', () => {
	const context = played().context(uiOf(80, 24), 'ascii');
	assert.deepEqual(paneText(context, 'header'), [
		'tetratop  demo  tetragon v1.8.0  nodes 1/1   4.6 ev/s [...--:%:]  KILL 3  LOST ?',
	]);
	assert.deepEqual(paneText(context, 'chips'), ['LIVE 20:35:37 | 78 of 78 shown']);
	assert.deepEqual(paneText(context, 'kills'), [
		'[3 KILLS] 3 killed 0 would-kill 0 denied ---------- e/E:next/prev a:only A:ack -',
		'>20:35:32 KILLED        1 default/tiefighter      head     file-moni..-filtered',
		'   /etc/shadow  head <- bash <- podrun <- bash <- vm..  file-monitoring-filtered',
		' 20:35:31 KILLED        1 default/xwing           bash     file-moni..-filtered',
	]);
});

test('80x24: the focused tree with what became of its processes', () => {
	assert.deepEqual(paneText(played().context(uiOf(80, 24, {focus: 'processes'})), 'processes').slice(0, 10), [
		'[1 PROC] 3 pods, 1 proc ────────────────────────────────────── t:flat +/-:fold ─',
		'▸▾ default                                                       2.4    3 ▲',
		'   ▾ tiefighter                                                  0.9    1 ▲',
		'     ▾ spaceship  json-mock:v1.3.8                               0.9    1 ▲',
		'       1474 root  bash -c "head -1 /etc/shadow | tr a-z A-Z"   exit 0         0s',
		'       ├─ 1475 root  head -1 /etc/shadow                       ✖ KILLED       0s',
		'       └─ 1476 root  tr a-z A-Z                                exit 0         0s',
		'   ▾ xwing                                                       1.5    2 ▲',
		'     ▾ spaceship  json-mock:v1.3.8                               1.5    2 ▲',
		'       1428 root  cat /etc/shadow                              exit 0         0s',
	]);
});

test('120x40: the feed says what was killed, and that its exit was the policy', () => {
	const scene = played();
	const lines = paneText(scene.context(uiOf(120, 40, onFirstKill(scene, 4))), 'events');
	assert.deepEqual(lines.slice(0, 9), [
		'┬ 2 Events scrolled, +8 new ──────────────────────────── G live  f zoom ─┐',
		'│ TIME         POD                EVENT  DETAIL                          │',
		'│ 20:35:30.569 (host)             exit   tp 0 (10.5s)                    │',
		'│ 20:35:30.604 (host)             exec   /usr/local/bin/podrun xwing ba… │',
		'│ 20:35:30.648 xwing            ⇢ exec   /usr/bin/bash -c "cat /etc/sha… │',
		'│ 20:35:30.763 xwing            ⇢ exec   /usr/bin/cat /etc/shadow        │',
		'│▸20:35:31.217 xwing            ✖ KILL   cat /etc/shadow (read) = 0 fil… │',
		'│ 20:35:31.236 xwing            ✖ exit   cat SIGKILL (474ms) by policy … │',
		'│ 20:35:31.260 (host)             exit   podrun 137 (656ms)              │',
	]);
});

test('200x60: the alerts with all their columns', () => {
	const lines = paneText(played().context(uiOf(200, 60)), 'kills');
	assert.deepEqual(
		lines.slice(1, 4).map(line => line.replace(/ +│$/, '')),
		[
			'│  FIRST     LAST      STATE             × POD                           CONTAINER     PROCESS ← PARENTS                 POLICY                    MODE     REASON',
			'│▸ 20:35:32  20:35:32  KILLED            1 default/tiefighter            spaceship     head ← bash ← podrun ← bash ← v…  file-monitoring-filtered  enforce  /etc/shadow',
			'│  20:35:31  20:35:31  KILLED            1 default/xwing                 spaceship     bash ← podrun ← bash ← vmagent    file-monitoring-filtered  enforce  /etc/bar',
		],
	);
	assert.match(lines.at(-1) ?? '', /^└─+┘$/);
});

test('the detail answers what, why, proof, who and where', () => {
	const lines = paneText(played().context(uiOf(200, 60, {focus: 'kills'})), 'detail').join('\n');
	for (const answer of [
		/✖ KILLED by policy file-monitoring-filtered/,
		/why +security_file_permission → \/etc\/shadow/,
		/proof +exit 20:35:32\.335 signal SIGKILL, 2 ms/,
		/process +\/usr\/bin\/head {2}pid 1475 {2}uid 0 \(root\)/,
		/parent +1474 \/usr\/bin\/bash -c "head -1/,
		/pod +default\/tiefighter {2}spaceship/,
		/node +minikube/,
	]) {
		assert.match(lines, answer);
	}
});

test('the detail of a kill that its event does not report says how it is known', () => {
	const scene = new Scene();
	const node = scene.node('node-1');
	const {store} = scene;
	const from = Date.UTC(2026, 10, 24, 12);

	function time(ms: number) {
		return new Date(from + ms).toISOString();
	}

	function take(ms: number, event: object) {
		return store.take(
			node,
			new Arrival().frame(encodeMessage('GetEventsResponse', {...event, time: time(ms)})),
			from + ms,
		);
	}

	function list(count: string) {
		return [{...enforcing('deny-shadow'), stats: {action_counters: {signal: count, post: count}}}] as const;
	}

	store.takePolicies(node, list('0'), from);
	const process = {exec_id: 'x', pid: 7, uid: 0, binary: '/usr/bin/cat', start_time: time(900)};
	const hook = {function_name: 'security_file_permission', policy_name: 'deny-shadow', action: 'KPROBE_ACTION_POST'};
	take(900, {process_exec: {process}});
	take(1000, {process_kprobe: {process, ...hook}});
	take(1003, {process_exit: {process, signal: 'SIGKILL'}});
	store.takePolicies(node, list('1'), from + 10_000);
	scene.nowMs = from + 14_000;
	store.tick(scene.nowMs);
	const lines = paneText(scene.context(uiOf(200, 60, {focus: 'kills'})), 'detail').join('\n');
	assert.match(lines, /✖ KILLED by policy deny-shadow \(enforce\)/);
	assert.match(lines, /action: POST/);
	assert.match(lines, /proof +exit 12:00:01\.003 signal SIGKILL, 3 ms/);
	assert.match(lines, /the signal counter of the policy rose/);
	assert.match(paneText(scene.context(uiOf(200, 60)), 'events').join('\n'), /✖ KILL +deny-shadow/);
});

test('a monitor-mode SIGKILL is never called KILLED, in any pane', () => {
	const scene = played(monitoring(policy));
	for (const [columns, rows] of [
		[80, 24],
		[120, 40],
		[200, 60],
	] as const) {
		for (const focus of ['events', 'processes', 'kills', 'detail'] as const) {
			const detail = {...base.detail, open: focus === 'detail'};
			const ui = uiOf(columns, rows, {...onFirstKill(scene, 2), focus, detail});
			const text = paint(scene.context(ui))
				.flatMap(({lines}) => lines.map(line => line.map(part => part.text).join('')))
				.join('\n');
			assert.doesNotMatch(text, /KILLED|✖/, `${focus} at ${columns}x${rows}`);
			assert.match(text, /WOULD-KILL|would-kill/);
		}
	}
});

test('a SIGKILL that no policy sent says so', () => {
	const scene = new Scene();
	scene.nowMs = Date.UTC(2026, 10, 24, 12);
	const node = scene.node('node-1');
	const process = {exec_id: 'x', pid: 7, uid: 0, binary: '/usr/bin/java', start_time: '2026-11-24T11:59:00Z'};
	scene.take(node, {process_exec: {process}, time: '2026-11-24T11:59:00Z'});
	scene.take(node, {process_exit: {process, signal: 'SIGKILL'}, time: '2026-11-24T12:00:00Z'});
	const ui = uiOf(120, 40, {zoom: true});
	assert.match(paneText(scene.context(ui), 'events').join('\n'), /exit +java SIGKILL.*\(no policy event says why\)/);
});

test('a row that did not change is the same line again', () => {
	const scene = played();
	for (const area of ['events', 'processes', 'kills'] as const) {
		function draw() {
			return paint(scene.context(uiOf(120, 40))).find(each => each.area === area)?.lines ?? [];
		}

		const first = draw();
		const second = draw();
		assert.ok(first.length > 5);
		for (let row = 1; row < first.length; row++) {
			assert.equal(second[row], first[row], `${area}, line ${row}`);
		}
	}
});

test('the state of a kill that is proven later shows up in the feed', () => {
	const scene = new Scene();
	scene.nowMs = Date.UTC(2026, 10, 24);
	const node = scene.node('node-1');
	scene.store.takePolicies(node, [enforcing('deny')], scene.nowMs);
	const process = {exec_id: 'x', pid: 7, uid: 0, binary: '/bin/cat', start_time: '2026-11-23T23:59:00Z'};
	scene.take(node, {process_exec: {process}, time: '2026-11-24T00:00:00Z'});
	scene.take(node, {
		process_kprobe: {process, function_name: 'f', policy_name: 'deny', action: 'KPROBE_ACTION_SIGKILL'},
		time: '2026-11-24T00:00:00.1Z',
	});

	function draw() {
		return paneText(scene.context(uiOf(120, 40, {zoom: true})), 'events').join('\n');
	}

	assert.match(draw(), /KILL\.\. .*KILL-SENT/);
	scene.take(node, {process_exit: {process, signal: 'SIGKILL'}, time: '2026-11-24T00:00:00.2Z'});
	assert.match(draw(), /KILL {3}.*KILLED/);
	assert.doesNotMatch(draw(), /KILL-SENT/);
});

test('what belongs to the chosen process has the same bar in the tree and in the feed', () => {
	const scene = played();
	const {tree} = scene.picture(base);
	const rows = Array.from({length: tree.length}, (_, index) => tree.at(index));
	const bash = rows.find(row => row?.process?.pid === 1474);
	const ui = uiOf(200, 60, {cursors: {processes: {id: bash?.id, screenRow: 4}}});

	function barred(area: 'processes' | 'events') {
		return paneText(scene.context(ui), area).filter(line => line.includes('┃'));
	}

	assert.deepEqual(
		barred('processes').map(line => /\d+ root +\w+/.exec(line)?.[0]),
		['1474 root  bash', '1475 root  head', '1476 root  tr'],
	);
	assert.ok(barred('events').length >= 6);
	for (const line of barred('events')) {
		assert.match(line, /tiefighter/);
	}
});

test('ESC[2J in argv is shown, not executed', () => {
	const scene = new Scene();
	const node = scene.node('node-1');
	const process = {exec_id: 'x', pid: 7, uid: 0, binary: '/bin/sh', arguments: '-c \u001B[2J\u202Eevil'};
	scene.take(node, {process_exec: {process}, time: '2026-11-24T00:00:00Z'});
	const text = paneText(scene.context(uiOf(120, 40, {zoom: true})), 'events').join('\n');
	assert.match(text, /sh -c \\x1b\[2J\\u202eevil/);
	assert.ok(!text.includes('\u001B') && !text.includes('\u202E'));
});

test('the raw tab is the JSON of the event, with its own escapes and no others', () => {
	const scene = new Scene();
	const node = scene.node('node-1');
	const process = {exec_id: 'x', pid: 7, binary: 'C:\\new', arguments: '"\u001B[2J" \u202Eevil'};
	scene.take(node, {process_exec: {process}, time: '2026-11-24T00:00:00Z'});
	const subject = {type: 'event', seq: 0} as const;
	const ui = uiOf(200, 60, {focus: 'detail', detail: {open: true, subject, tab: 'raw', scroll: 0}});
	const text = paneText(scene.context(ui), 'detail').join('\n');
	assert.ok(text.includes(String.raw`"binary": "C:\\new"`), text);
	assert.ok(text.includes(String.raw`"arguments": "\"\u001b[2J\" \u202eevil"`), text);
});

test('wrapped, a row shows all of its detail and the selected one keeps its line', () => {
	const scene = played();
	const {cursors = {}, events = base.events} = onFirstKill(scene, 6);
	const lines = paneText(scene.context(uiOf(120, 40, {cursors, events: {...events, wrap: true}})), 'events');
	assert.match(lines[2 + 6] ?? '', /^│▸20:35:31\.217 xwing +✖ KILL +cat \/etc\/shadow \(read\) = 0 +│$/);
	assert.match(lines[2 + 7] ?? '', /^│ {40}file-monitoring-filtered KILLED +│$/);
	assert.match(lines[2 + 8] ?? '', /20:35:31\.236 xwing/);
	const last = paneText(scene.context(uiOf(120, 40, {events: {...base.events, wrap: true}})), 'events');
	assert.match(last.at(-1) ?? '', /exit +bash 0 \(18\.7s\)/);
});

test('a gap is drawn across the feed where it was', () => {
	const scene = new Scene();
	scene.nowMs = Date.UTC(2026, 10, 24, 12, 4, 11);
	const node = scene.node('node-7');
	scene.store.rule(
		node,
		{type: 'gap', fromMs: scene.nowMs - 13_000, toMs: scene.nowMs, reason: 'stream EOF'},
		scene.nowMs,
	);
	const lines = paneText(scene.context(uiOf(80, 24), 'ascii'), 'events');
	assert.equal(lines[1], '>- gap: node-7 12:03:58 - 12:04:11, its events are not here: stream EOF --------');
});
