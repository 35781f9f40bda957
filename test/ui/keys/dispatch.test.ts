/** The dispatcher: what is done with a key while each thing is open. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {react} from '../../../source/ui/dispatch.js';
import {bindingOf, defaultKeymap, isTyping, mergeKeys} from '../../../source/ui/keys/keymap.js';
import {scopeOf} from '../../../source/ui/keys/scope.js';
import type {Overlay, UiState} from '../../../source/ui/state/state.js';
import {Scene} from '../panes/scene.js';
import {User} from '../user.js';

const {bindings} = defaultKeymap;

const overlays: Readonly<Record<Overlay['type'], Overlay>> = {
	help: {type: 'help', scroll: 0, search: undefined},
	problem: {type: 'problem', id: 'none', scroll: 0},
	text: {type: 'text', title: 'A text', text: 'words', scroll: 0},
	menu: {type: 'menu', title: 'A menu', items: [{id: 'do wrap', label: 'wrap'}], cursor: 0},
	chips: {type: 'chips', cursor: 0},
	ask: {type: 'ask', question: ['Really?'], yes: 'yes', action: '{}'},
};

/** A user for whom the scope's keys count, by what is open then. */
function userIn(scope: string): User {
	const user = new User();
	const {ui} = user;
	const changes: Readonly<Record<string, Partial<UiState>>> = {
		...Object.fromEntries(Object.values(overlays).map(overlay => [overlay.type, {overlay}])),
		'help-search': {overlay: {type: 'help', scroll: 0, search: 'pa'}},
		policies: {view: 'policies'},
		nodes: {view: 'nodes'},
		timeline: {timeline: {...ui.timeline, active: true}},
		processes: {focus: 'processes'},
		events: {focus: 'events'},
		kills: {focus: 'kills'},
		detail: {focus: 'detail'},
	};
	user.ui = {...ui, ...changes[scope]};
	if (scope === 'prompt') {
		user.press('/');
	}

	assert.equal(scopeOf(user.ui), scope);
	return user;
}

const scopes = [...new Set(bindings.map(({scope}) => scope))].filter(scope => scope !== 'always' && scope !== 'global');

test('every scope of the table can be reached', () => {
	assert.ok(scopes.length >= 15);
	for (const scope of scopes) {
		userIn(scope);
	}
});

for (const scope of scopes) {
	test(`${scope}: Ctrl-c quits, Ctrl-z suspends, Ctrl-l redraws`, () => {
		for (const [key, type] of [
			['ctrl-c', 'quit'],
			['ctrl-z', 'suspend'],
			['ctrl-l', 'redraw'],
		] as const) {
			const user = userIn(scope);
			const before = user.ui;
			user.press(key);
			assert.deepEqual(user.effects, [{type}], key);
			assert.equal(user.ui, before, 'nothing else changes');
		}
	});

	test(`${scope}: each of its keys does what the table says, under the table's name`, () => {
		for (const {id, keys} of bindings.filter(binding => binding.scope === scope)) {
			for (const name of keys.filter(key => key !== 'space' && (key.length > 1 || !isTyping(scope)))) {
				assert.equal(bindingOf(scope, name)?.id, id);
				const user = userIn(scope);
				assert.equal(react(user.actionScene, {type: 'key', name}, defaultKeymap).id, id, name);
			}
		}
	});
}

test('while a line is typed every letter is text, also one that the user has bound', () => {
	const {keymap} = mergeKeys({'prompt-accept': ['x'], down: ['y']});
	for (const scope of scopes.filter(isTyping)) {
		const user = userIn(scope);
		for (const name of ['p', 'A', 'R', ':', '1', 'x', 'y', 'о']) {
			const reaction = react(user.actionScene, {type: 'key', name, text: name}, keymap);
			assert.equal(reaction.id, 'type', `${scope} ${name}`);
			user.ui = reaction.ui;
		}

		assert.match(JSON.stringify(user.ui), /pAR:1xyо/);
	}
});

test('while a question or a list is open no key of the panes acts', () => {
	for (const scope of ['ask', 'menu', 'chips', 'problem', 'text', 'help']) {
		for (const key of ['p', 'A', 'R', ':', '1', 'tab', 'T']) {
			const user = userIn(scope);
			const before = user.ui;
			user.press(key);
			assert.deepEqual(user.effects, [], `${scope} ${key}`);
			assert.equal(user.ui, before, `${scope} ${key}`);
		}
	}
});

test('a search in the help: letters search, Backspace takes one back, Esc ends it, arrows scroll, Enter closes', () => {
	const user = new User(80, 24, new Scene());
	user.press('?', '/', 'p', 'a', 'q');
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 0, search: 'paq'});
	user.press('backspace', 'down');
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 1, search: 'pa'});
	user.press('esc');
	assert.deepEqual(user.ui.overlay, {type: 'help', scroll: 0, search: undefined});
	user.press('/', 'enter');
	assert.equal(user.ui.overlay, undefined);
});

test('a paste and an answer of the terminal are no keys', () => {
	const user = new User();
	const before = user.ui;
	user.give({type: 'paste', text: 'qqq'});
	user.give({type: 'position', x: 1, y: 1});
	assert.equal(user.ui, before);
	user.press('/');
	user.give({type: 'paste', text: 'bin=\ncurl'});
	assert.equal(user.ui.prompt?.editor.text, 'bin= curl');
});
