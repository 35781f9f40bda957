import assert from 'node:assert/strict';
import {test} from 'node:test';
import {widthOf} from '../../../source/text/width.js';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/ui/frame/glyphs.js';
import type {Line} from '../../../source/ui/frame/line.js';
import {helpPages, keyBar, keysMarkdown} from '../../../source/ui/keys/key-help.js';
import type {Scope} from '../../../source/ui/keys/key-table.js';
import {clashesOf, defaultKeymap, isKeyName, lookup, mergeKeys, reservedKeys} from '../../../source/ui/keys/keymap.js';

const {bindings} = defaultKeymap;
const scopes = [...new Set(bindings.map(binding => binding.scope))];

test('no two actions have the same key in the same scope', () => {
	assert.deepEqual(clashesOf(bindings), []);
});

test('every F-key has a twin that is none, since PuTTY, screen and Mac terminals eat them', () => {
	for (const {id, keys} of bindings) {
		if (!keys.some(key => /^(?:shift-)?f\d+$/.test(key))) {
			continue;
		}
		const all = bindings.filter(binding => binding.id === id).flatMap(binding => binding.keys);
		assert.ok(
			all.some(key => !/f\d+$/.test(key)),
			id,
		);
	}
});

test('keys of screen, tmux, telnet, ssh and flow control are left alone, and nothing needs Alt', () => {
	for (const {id, keys} of bindings) {
		for (const key of keys) {
			assert.ok(!reservedKeys.includes(key), `${id} ${key}`);
			assert.ok(!key.includes('alt-') && !/ctrl-.*shift-/.test(key), `${id} ${key}`);
			assert.ok(isKeyName(key), `${id} ${key}`);
		}
	}
});

test('a pane has its own meaning of a key before the global one', () => {
	assert.equal(lookup('processes', '='), 'fold-toggle');
	assert.equal(lookup('events', '='), 'only');
	assert.equal(lookup('events', 't'), 'time-format');
	assert.equal(lookup('processes', 't'), 'tree-flat');
	assert.equal(lookup('events', 'f5'), 'tree-flat');
	assert.equal(lookup('events', 's'), 'follow');
	assert.equal(lookup('events', 'G'), 'bottom');
	assert.equal(lookup('kills', 'G'), 'bottom');
	assert.equal(lookup('policies', 'm'), 'policy-mode');
	assert.equal(lookup('events', 'm'), 'mark');
	assert.equal(lookup('events', 'ctrl-k'), 'read-only');
	assert.equal(lookup('events', 'J'), undefined);
});

test('a keymap of the user cannot take Ctrl-c from quit', () => {
	const {keymap, errors} = mergeKeys({quit: ['X']});
	assert.deepEqual(errors, []);
	assert.equal(lookup('events', 'X', keymap), 'quit');
	assert.equal(lookup('events', 'Q', keymap), undefined);
	for (const scope of scopes) {
		assert.equal(lookup(scope, 'ctrl-c', keymap), 'quit', scope);
	}

	assert.match(mergeKeys({copy: ['ctrl-c']}).errors.join(), /keys\.copy: "ctrl-c" always is quit/);
	assert.deepEqual(mergeKeys({redraw: ['ctrl-l']}).errors, []);
});

test('a Cyrillic or Greek letter counts as the letter on the same key, but not in the prompt', () => {
	assert.equal(lookup('events', 'о'), 'down');
	assert.equal(lookup('events', 'З'), lookup('events', 'P'));
	assert.equal(lookup('events', 'κ'), 'up');
	assert.equal(lookup('prompt', 'о'), undefined);
});

test("a user's keys take the place of ours", () => {
	const {keymap, errors} = mergeKeys({pause: ['P', 'Ctrl-P'], 'toggle-probes': ['J']});
	assert.deepEqual(errors, []);
	assert.equal(lookup('events', 'P', keymap), 'pause');
	assert.equal(lookup('events', 'ctrl-p', keymap), 'pause');
	assert.equal(lookup('events', 'p', keymap), undefined);
	assert.equal(lookup('events', 'J', keymap), 'toggle-probes');
});

test('a conflict is refused with both names, and the keys stay as they were', () => {
	const {keymap, errors} = mergeKeys({filter: ['/', 'ctrl-f']});
	assert.equal(errors.length, 1);
	assert.match(errors[0] ?? '', /filter.*page-down|page-down.*filter/);
	assert.equal(keymap, defaultKeymap);
});

test('an unknown action, an unknown key and a reserved key are each said', () => {
	const {errors} = mergeKeys({pauze: ['p'], pause: ['crtl-p'], copy: ['Ctrl-B'], constructor: ['j']});
	assert.equal(errors.length, 4);
	assert.match(errors.join('\n'), /pauze/);
	assert.match(errors.join('\n'), /"crtl-p"/);
	assert.match(errors.join('\n'), /"Ctrl-B"/);
});

function barText(line: Line): string {
	return line.map(segment => segment.text).join('');
}

test('the key bar fills its width with whole entries and always says how to get back', () => {
	for (const scope of scopes) {
		for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
			for (let width = 0; width < 220; width++) {
				const text = barText(keyBar(scope, width, glyphs));
				assert.equal(widthOf(text), width, `${scope} ${width}`);
				if (width >= 16 && scope !== 'ask' && scope !== 'always') {
					assert.match(text, /(?:back|cancel|close) *$/, scope);
				}
			}
		}
	}
	assert.match(
		barText(keyBar('events', 80, asciiGlyphs)),
		/^ \? help {2}\/ filter {2}: cmd {2}Enter open {2}Tab pane {2}p pause/,
	);
});

test('the help of a scope holds every key that counts there, once', () => {
	for (const scope of [
		'processes',
		'events',
		'kills',
		'detail',
		'policies',
		'nodes',
	] as const satisfies readonly Scope[]) {
		const shown = helpPages(scope).flatMap(page => page.entries.map(entry => `${entry.keys} ${entry.help}`));
		assert.equal(new Set(shown).size, shown.length, scope);
		const words = shown.join('\n');
		assert.match(words, /p Z pause and resume/);
		assert.match(words, /Ctrl-s save the view/);
		assert.match(words, /\? F1 this help/);
		assert.doesNotMatch(words, /Ctrl-k/);
	}
	assert.match(JSON.stringify(helpPages('processes')), /fold or unfold/);
	assert.doesNotMatch(JSON.stringify(helpPages('events')), /fold into the parent/);
});

test('a search in the help keeps what a key or a word matches', () => {
	function found(find: string): string[] {
		return helpPages('events', find).flatMap(page => page.entries.map(entry => String(entry.help)));
	}

	assert.ok(found('P').includes('show or hide health probes'));
	assert.deepEqual(found('suspend'), ['suspend; fg brings it back']);
	assert.deepEqual(found('no such thing'), []);
});

test('docs/keys.md names every action that is not hidden', () => {
	const markdown = keysMarkdown();
	for (const {id, hidden} of bindings) {
		if (!hidden) {
			assert.match(markdown, new RegExp(`\\| ${id} \\|`));
		}
	}
	for (const line of markdown.split('\n').filter(each => each.startsWith('|'))) {
		assert.equal(line.replaceAll('\\|', '').split('|').length, 5, line);
	}
});

test('a key that would write says read-only in the key bar and the help, unless writing is allowed', () => {
	assert.match(barText(keyBar('policies', 200, asciiGlyphs)), / m read-only /);
	assert.match(barText(keyBar('policies', 200, asciiGlyphs, {allowWrite: true})), / m mode /);
	assert.match(JSON.stringify(helpPages('policies')), /"m","help":"read-only: start with --allow-write/);
	assert.match(JSON.stringify(helpPages('policies', '', {allowWrite: true})), /"m","help":"monitor or enforce/);
	assert.deepEqual(
		bindings.filter(({writes}) => writes).map(({id}) => id),
		['policy-mode'],
	);
});
