/** Effects over a real store and a real output; the screen around them is a record of what they changed. */
import assert from 'node:assert/strict';
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {baseServices} from '../../source/modes/terminal/services.js';
import {own} from '../../source/text/safe.js';
import {Effects, type Services} from '../../source/ui/effects.js';
import {unicodeGlyphs} from '../../source/ui/frame/glyphs.js';
import {type Theme, themes} from '../../source/ui/frame/theme.js';
import {TerminalOutput} from '../../source/ui/terminal/output.js';
import type {Session} from '../../source/ui/terminal/session.js';
import {userOf} from './actions/recorded-user.js';
import type {User} from './user.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-effects-'));
after(() => rmSync(folder, {recursive: true, force: true}));

type Stage = {
	readonly user: User;
	readonly effects: Effects;
	/** What was asked of the session, the screen and the services, in order. */
	readonly asked: string[];
	readonly written: () => string;
};

function stageWith(services: Partial<Services> = {}): Stage {
	const user = userOf();
	const asked: string[] = [];
	const file = path.join(folder, `terminal-${Math.random()}`);
	const descriptor = openSync(file, 'w');
	const terminal = {fd: descriptor, columns: 80, rows: 24, on() {}, off() {}};
	const output = new TerminalOutput({
		terminal: terminal as unknown as NonNullable<ConstructorParameters<typeof TerminalOutput>[0]>['terminal'] & object,
	});
	let theme: Theme = themes.default;
	const session = {
		suspend: () => asked.push('suspend'),
		redraw: () => asked.push('redraw'),
		setMouse: (isOn: boolean) => asked.push(`mouse ${isOn}`),
	} as unknown as Session;
	const effects = new Effects({
		store: user.scene.store,
		services: {
			...baseServices,
			now: () => user.scene.nowMs,
			reconnect: node => asked.push(`reconnect ${node}`),
			replay: change => asked.push(`replay ${change}`),
			...services,
		},
		output,
		screen: {
			scene: () => user.actionScene,
			setUi: ui => {
				user.ui = ui;
			},
			look: () => ({glyphs: unicodeGlyphs, theme, program: {version: '0'}}),
			setTheme: next => {
				theme = next;
				asked.push(`theme ${next.name}`);
			},
			setCharset: charset => asked.push(`charset ${charset}`),
			session: () => session,
			end: () => asked.push('end'),
		},
		mouse: false,
	});
	after(() => closeSync(descriptor));
	return {user, effects, asked, written: () => readFileSync(file, 'utf8')};
}

/** Waits until the flash, or the title of an open text, says it. */
async function said({user}: Stage, wanted: RegExp): Promise<void> {
	for (;;) {
		const {flash, overlay} = user.ui;
		const words = overlay?.type === 'text' ? `${overlay.title}\n${overlay.text}` : (flash?.text ?? '');
		if (wanted.test(words)) {
			return;
		}

		await new Promise(resolve => setImmediate(resolve));
	}
}

test('what the session and the mode do is asked of them', async () => {
	const stage = stageWith();
	for (const effect of [
		{type: 'quit'},
		{type: 'suspend'},
		{type: 'redraw'},
		{type: 'reconnect', node: 'a'},
		{type: 'mouse'},
		{type: 'mouse'},
		{type: 'theme'},
		{type: 'theme', name: 'mono'},
		{type: 'ascii', isOn: true},
		{type: 'ascii', isOn: false},
		{type: 'replay', change: 'faster'},
	] as const) {
		stage.effects.run(effect);
	}

	assert.deepEqual(
		stage.asked.filter(words => !words.startsWith('theme')),
		[
			'end',
			'suspend',
			'redraw',
			'reconnect a',
			'mouse true',
			'mouse false',
			'charset ascii',
			'charset unicode',
			'replay faster',
		],
	);
	const [turned, chosen] = stage.asked.filter(words => words.startsWith('theme'));
	assert.notEqual(turned, 'theme default');
	assert.equal(chosen, 'theme mono');
	await said(stage, /^theme mono$/);
});

test('copying writes OSC 52 and says what; what is too long is not written', async () => {
	const stage = stageWith();
	stage.effects.run({type: 'copy', text: 'a\u001B]0;b', what: own('a value')});
	await said(stage, /^copied: a value$/);
	assert.ok(stage.written().startsWith('\u001B]52;c;') && stage.written().endsWith('\u0007'));
	const before = stage.written();
	stage.effects.run({type: 'copy', text: 'x'.repeat(100_000), what: own('a value')});
	await said(stage, /too long for the clipboard/);
	assert.equal(stage.written(), before);
});

test('the store: acknowledge, mark, clear', () => {
	const stage = stageWith();
	assert.equal(stage.user.picture.kills.unacknowledged, 3);
	stage.effects.run({type: 'acknowledge', group: 'all'});
	assert.equal(stage.user.picture.kills.unacknowledged, 0);
	const {length} = stage.user.picture.feed;
	stage.effects.run({type: 'mark'});
	assert.equal(stage.user.picture.feed.length, length + 1);
	stage.effects.run({type: 'clear'});
	assert.equal(stage.user.picture.feed.shown, 0);
});

test('saving writes a file for the user alone, and never over another', async () => {
	const stage = stageWith();
	const file = path.join(folder, 'view.csv');
	stage.effects.run({type: 'save', path: file});
	await said(stage, /saved 79 lines to/);
	assert.equal(readFileSync(file, 'utf8').split('\n').length, 80);
	stage.effects.run({type: 'save', path: file});
	await said(stage, /not saved: .*exists; choose another name/);
	stage.effects.run({type: 'save', path: path.join(folder, 'no/such/folder')});
	await said(stage, /not saved: ENOENT/);
});

test('words of the mode are shown: a text opens, a refusal passes', async () => {
	const stage = stageWith({
		policyYaml: async name => `kind: ${name}`,
		record: async file => `recording to ${file}`,
	});
	stage.effects.run({type: 'show-log', node: 'a'});
	await said(stage, /the log is read through the API server|there is none here/);
	stage.effects.run({type: 'record', path: 'x.jsonl'});
	await said(stage, /recording to x\.jsonl/);
	stage.effects.run({type: 'own', isShown: true});
	await said(stage, /runs nothing on the nodes here/);
	stage.effects.run({type: 'show-policy', name: 'p', namespace: ''});
	await said(stage, /^TracingPolicy p\nkind: p$/);
	const shows = stageWith({showOwn: () => true});
	shows.effects.run({type: 'own', isShown: true});
	await said(shows, /own execs are shown/);
	shows.effects.run({type: 'own', isShown: false});
	await said(shows, /own execs are hidden/);
});

test('a policy is switched by the service alone; where some nodes failed the whole text opens', async () => {
	const change = {type: 'switch-policy', nodes: ['a'], name: 'p', namespace: '', mode: 'TP_MODE_ENFORCE'} as const;
	const readOnly = stageWith();
	readOnly.effects.run(change);
	await said(readOnly, /read-only: nothing was changed/);
	const stage = stageWith({switchPolicy: async ({name}) => `${name} is now enforced`});
	stage.effects.run(change);
	await said(stage, /^p is now enforced$/);
	const partly = stageWith({switchPolicy: async () => 'on 1 of 2 nodes.\nb: gone'});
	partly.effects.run(change);
	await said(partly, /^policy switched, not everywhere\non 1 of 2 nodes\.\nb: gone$/);
	const failing = stageWith({switchPolicy: async () => Promise.reject(new Error('no way'))});
	failing.effects.run(change);
	await said(failing, /^no way$/);
});

test('a time is sought in the replay, else in the buffer', () => {
	const stage = stageWith();
	stage.effects.run({type: 'seek', clock: '20:35:32'});
	const row = stage.user.picture.feed.rowOf(Number(stage.user.ui.cursors.events?.id ?? -1));
	assert.equal(new Date(row?.timeMs ?? 0).toISOString().slice(11, 19), '20:35:32');
	assert.equal(stage.user.ui.events.follow, false);
	const sought: number[] = [];
	const replay = stageWith({seek: timeMs => sought.push(timeMs) > 0});
	replay.effects.run({type: 'seek', clock: '20:35:32'});
	assert.equal(new Date(sought[0] ?? 0).toISOString().slice(11, 19), '20:35:32');
	assert.equal(replay.user.ui.events.follow, true);
});
