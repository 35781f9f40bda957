import assert from 'node:assert/strict';
import test, {after} from 'node:test';
import {chipOf} from '../../../source/query/chip.js';
import {charset, setCharset} from '../../../source/text/charset.js';
import type {Line} from '../../../source/ui/frame/line.js';
import {askOverlay} from '../../../source/ui/overlays/ask-box.js';
import {chipsOverlay} from '../../../source/ui/overlays/chips-box.js';
import {connectScreen} from '../../../source/ui/overlays/connect-screen.js';
import {helpLines, helpOverlay} from '../../../source/ui/overlays/help-box.js';
import {menuOverlay} from '../../../source/ui/overlays/menu-box.js';
import {problemBox} from '../../../source/ui/overlays/problem-box.js';
import {textOverlay} from '../../../source/ui/overlays/text-box.js';
import {tooSmall} from '../../../source/ui/overlays/too-small.js';
import type {ConnectStep, Overlay} from '../../../source/ui/state/state.js';
import {misfits, Scene, textsOf, uiOf} from '../panes/scene.js';

const before = charset();
after(() => setCharset(before));

const evil = '\u001B[2J\u202E漢字👍🏽 '.repeat(40);

const overlays: readonly Overlay[] = [
	{type: 'help', scroll: 0, search: undefined},
	{type: 'help', scroll: 9999, search: undefined},
	{type: 'help', scroll: 0, search: 'pause'},
	{type: 'help', scroll: 0, search: evil},
	{type: 'problem', id: 'p', scroll: 0},
	{type: 'problem', id: 'gone', scroll: 7},
	{
		type: 'menu',
		title: evil,
		items: [
			{id: '1', label: evil, text: evil},
			{id: '2', label: 'x'},
		],
		cursor: 1,
	},
	{type: 'ask', question: [evil, 'second'], yes: evil, action: 'quit'},
	{type: 'text', title: evil, text: `${evil}\nsecond`, scroll: 0},
	{type: 'chips', cursor: 1},
];

const draw = {
	help: helpOverlay,
	problem: problemBox,
	menu: menuOverlay,
	ask: askOverlay,
	text: textOverlay,
	chips: chipsOverlay,
};

const chips = [evil, 'x'].map(value => chipOf([{field: 'pod', comparison: 'fuzzy', value, bare: false}], false));

function sceneWithProblem(why = evil, fix = `kubectl auth can-i ${evil}`): Scene {
	const scene = new Scene();
	scene.node('node-6', {state: 'retrying', note: evil});
	scene.store.raise({
		id: 'p',
		severity: 'error',
		what: 'Not allowed: pods/exec',
		why,
		fix,
	});
	return scene;
}

test('every overlay fills the screen exactly, at every size, whatever it was told', () => {
	const scene = sceneWithProblem();
	for (const glyphs of ['unicode', 'ascii'] as const) {
		for (const [width, height] of [
			[40, 10],
			[57, 11],
			[80, 24],
			[120, 40],
			[200, 60],
		] as const) {
			for (const overlay of overlays) {
				const context = scene.context(uiOf(width, height, {overlay, chips}), glyphs);
				const lines: Line[] = draw[overlay.type](context, {rect: {x: 0, y: 0, width, height}});
				assert.equal(lines.length, height);
				assert.deepEqual(misfits(lines, width), [], `${overlay.type} at ${width}x${height}`);
				for (const text of textsOf(lines)) {
					assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
				}
			}
			const steps: ConnectStep[] = [{state: 'failed', text: evil}];
			const connect = connectScreen(
				scene.context(uiOf(width, height), glyphs),
				{rect: {x: 0, y: 0, width, height}},
				steps,
			);
			assert.equal(connect.length, height);
			assert.deepEqual(misfits(connect, width), []);
		}
	}
});

test('the help has the keys of the pane, the query language, the states and where files are', () => {
	const scene = new Scene();
	const ui = uiOf(120, 40, {overlay: {type: 'help', scroll: 0, search: undefined}});
	const text = textsOf(helpLines(scene.context(ui), {rect: {x: 0, y: 0, width: 120, height: 40}})).join('\n');
	for (const part of ['MOVE', 'ASK (after /)', 'ns=payments', 'WOULD-KILL', 'KILL ?', 'config.yaml']) {
		assert.ok(text.includes(part), part);
	}
});

test('searching the help leaves only what was asked for', () => {
	const scene = new Scene();
	const rect = {x: 0, y: 0, width: 80, height: 24};

	function find(search: string): string {
		return textsOf(helpLines(scene.context(uiOf(80, 24, {overlay: {type: 'help', scroll: 0, search}})), {rect})).join(
			'\n',
		);
	}

	assert.match(find('pause'), /pause/);
	assert.doesNotMatch(find('pause'), /zoom/);
	assert.match(find('zzzz'), /no key does "zzzz"/);
});

test('a problem box names the cause and what to do', () => {
	const scene = sceneWithProblem();
	const ui = uiOf(120, 40, {overlay: {type: 'problem', id: 'p', scroll: 0}});
	const text = textsOf(problemBox(scene.context(ui), {rect: {x: 0, y: 0, width: 120, height: 40}})).join('\n');
	assert.match(text, /Not allowed: pods\/exec/);
	assert.match(text, /why +\\x1b\[2J/);
	assert.match(text, /do +kubectl auth can-i/);
});

test('what to do may be several lines, and the YAML of a Role keeps its shape', () => {
	const scene = sceneWithProblem('why', 'check\nkind: Role\nrules:\n- apiGroups: [""]\n  resources: ["pods\x1b[2J"]');
	const ui = uiOf(120, 40, {overlay: {type: 'problem', id: 'p', scroll: 0}});
	const text = textsOf(problemBox(scene.context(ui), {rect: {x: 0, y: 0, width: 120, height: 40}})).join('\n');
	assert.match(text, /kind: Role +│.*\n.* rules: +│.*\n.* - apiGroups: \[""\].*\n.* {3}resources: \["pods\\x1b\[2J"\]/);
});

test('a terminal that is too small says how small, in one line', () => {
	const lines = textsOf(tooSmall(new Scene().context(uiOf(38, 9)), {rect: {x: 0, y: 0, width: 38, height: 9}}));
	assert.equal(lines[0]?.trimEnd(), 'tetratop: 38x9 is too small (40x10)');
	assert.equal(lines.length, 9);
});
