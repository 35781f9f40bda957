/** Nothing that is on the screen cannot be found: words of random rows are searched, and each row is among the hits. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';
import {chipOf} from '../../../source/query/chip.js';
import {matcherOf} from '../../../source/query/match.js';
import {ownWords} from '../../../source/query/raw-screen.js';
import {decodeFrame} from '../../../source/tetragon/decode-frame.js';
import {syscallArguments} from '../../../source/tetragon/describe/syscall-arguments.js';
import {syscallNames} from '../../../source/tetragon/describe/syscall-names.js';
import {unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import {plainRows} from '../../../source/ui/plain-screen.js';
import {aroundEvents} from '../../../source/ui/state/around-events.js';
import {framesOf, recordingNames} from '../../agent/recordings.js';
import {random} from '../../store/random.js';
import {chipsOf, userOf} from '../actions/recorded-user.js';
import {Scene} from '../panes/scene.js';
import {User} from '../user.js';

const look = {glyphs: unicodeGlyphs, program: {version: '0.1.0'}};
const many = process.env['TEST_LONG'] === undefined ? 4 : 200;

/** Whether an event says a text. */
function says(user: User, seq: number, value: string): boolean {
	const {store} = user.scene;
	const chip = chipOf([{field: 'text', comparison: 'contains', value, bare: true}], false);
	const feed = store.openFeed();
	const isHit = feed.matches(
		feed.indexOf(seq),
		matcherOf([chip], node => store.nodeName(node), aroundEvents(store)).event!,
	);
	store.closeFeed(feed);
	return isHit;
}

/** Words of the line of an event: what was cut is no word of it, and marks are none. */
function wordsOf(line: string): readonly string[] {
	return line
		.replace(/^│?▸/, '')
		.replace(/(\d\d:\d\d:\d\d\.\d{3})[*~]/, '$1 ')
		.replaceAll(/×\d+ /g, ' ')
		.split(/[\s│]+/)
		.filter(word => /[a-z0-9]/i.test(word) && !word.includes('…'));
}

/** As the same events come from a file. */
function asLines(recording: string): User {
	const scene = new Scene();
	const node = scene.node('minikube');
	for (const frame of framesOf(recording).slice(0, 400)) {
		scene.take(node, decodeFrame(frame, 'protobuf')!);
	}

	return new User(240, 40, scene);
}

function checkWords(user: User, name: string, next: () => number): void {
	user.ui = {...user.ui, columns: 2000, view: 'main', focus: 'events', zoom: true};
	user.ui = {...user.ui, events: {...user.ui.events, fold: false, follow: false, showProbes: true}};
	const {feed} = user.picture;
	for (let count = 0; count < many; count++) {
		const index = Math.floor(next() * feed.length);
		const row = feed.at(index);
		if (row?.type !== 'event') {
			continue;
		}

		user.ui = {...user.ui, cursors: {...user.ui.cursors, events: {id: row.seq, screenRow: 5}}};
		const line = plainRows(user.ui, user.picture, look).find(text => text.startsWith('│▸')) ?? '';
		assert.notEqual(line, '', name);
		for (const word of wordsOf(line)) {
			assert.ok(says(user, row.seq, word.toLowerCase()), `${name} ${row.seq}: ${word} in ${line}`);
		}
	}
}

test('each word of a row on the screen is found', () => {
	const next = random(Number(process.env['TEST_SEED'] ?? 13));
	for (const recording of recordingNames().filter(name => name !== 'fork-storm')) {
		checkWords(userOf(recording, 240), recording, next);
		checkWords(asLines(recording), `${recording} as lines`, next);
	}
});

test('every word that is written around the values of an event is known: no event with it is left undecoded', () => {
	const known = [ownWords, syscallArguments, ...Object.values(syscallNames)].join(' ').toLowerCase();
	const folder = new URL('../../../source/tetragon/describe/', import.meta.url);
	const missing = new Set<string>();
	for (const file of readdirSync(folder).filter(name => !name.startsWith('syscall-'))) {
		const source = readFileSync(new URL(file, folder), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
		for (const [, quoted = '', template = ''] of source.matchAll(/'([^'\n]*)'|`([^`]*)`/g)) {
			const literal = (quoted || template).replaceAll(/\$\{[^}]*\}/g, ' ');
			if (/^\.{1,2}\/|^node:/.test(literal)) {
				continue;
			}

			for (const [word] of literal.toLowerCase().matchAll(/[a-z_]{3,}/g)) {
				// The names of fields come from the table of the schema.
				if (!known.includes(word) && !word.endsWith('_arg')) {
					missing.add(word);
				}
			}
		}
	}

	assert.deepEqual([...missing], []);
});

test('/shadow and /file:shadow find who read /etc/shadow', () => {
	for (const [typed, chip] of [
		['/shadow', '"shadow"'],
		['/file:shadow', 'file:shadow'],
		['/"etc/shadow', '"etc/shadow"'],
	] as const) {
		const user = userOf('file-monitoring');
		const {total} = user.picture.feed;
		user.type(typed);
		user.press('enter');
		assert.deepEqual(chipsOf(user), [chip]);
		const {shown} = user.picture.feed;
		assert.ok(shown > 0 && shown < total, `${typed}: ${shown} of ${total}`);
		const {feed} = user.picture;
		for (let index = 0; index < feed.length; index++) {
			const row = feed.at(index);
			if (row?.type === 'event') {
				assert.match(JSON.stringify([user.scene.store.event(row.seq), row.process?.facts]), /shadow/);
			}
		}
	}
});

test('a bare word is the pod that has it in one piece, else a text; scattered letters do not beat a text', () => {
	for (const [typed, chip] of [
		['xwing', 'xwing'],
		['xwi', 'xwi'],
		['xwg', 'xwg'],
		['tracingpolicy', '"tracingpolicy"'],
		['nowhere-at-all', '"nowhere-at-all"'],
		['!tracingpolicy', '!"tracingpolicy"'],
		["'xwing", "'xwing"],
	] as const) {
		const user = userOf();
		user.type(`/${typed}`);
		const {text} = user.picture.candidates;
		user.press('enter');
		assert.deepEqual(chipsOf(user), [chip]);
		assert.equal(text?.isMeant, chip.includes('"'), typed);
	}
});

test('t:-5m is an instant from the moment at which the filter is made', () => {
	const user = userOf();
	user.type('/t:-5s');
	user.press('enter');
	assert.match(chipsOf(user)[0] ?? '', /^t:>\d{4}-\d\d-\d\dT[\d:.]+$/);
	const {shown, total} = user.picture.feed;
	assert.ok(shown > 0 && shown < total);
	user.scene.nowMs += 60_000;
	assert.equal(user.picture.feed.shown, shown);
});
