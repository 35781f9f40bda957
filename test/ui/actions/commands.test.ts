import assert from 'node:assert/strict';
import {test} from 'node:test';
import {commandTable} from '../../../source/ui/actions/commands.js';
import {chipsOf, command, flashOf, userOf} from './recorded-user.js';

test('each command without a screen of its own is one effect', () => {
	for (const [line, effect] of [
		['q', {type: 'quit'}],
		['exit', {type: 'quit'}],
		['save a.csv', {type: 'save', path: 'a.csv'}],
		['rec', {type: 'record', path: undefined}],
		['record a b.jsonl', {type: 'record', path: 'a b.jsonl'}],
		['clear', {type: 'clear'}],
		['mark', {type: 'mark'}],
		['plain', {type: 'plain-screen'}],
		['reconnect', {type: 'reconnect', node: undefined}],
		['12:04', {type: 'seek', clock: '12:04'}],
		['set theme=mono', {type: 'theme', name: 'mono'}],
		['set ascii=on', {type: 'ascii', isOn: true}],
		['set own=show', {type: 'own', isShown: true}],
	] as const) {
		const user = command(userOf(), line);
		assert.deepEqual(user.effects, [effect], line);
		assert.equal(user.ui.prompt, undefined);
	}
});

test('commands that make filters, and their mistakes', () => {
	const user = command(userOf(), 'pod xwing');
	command(user, 'ns "a b');
	command(user, 'filter bin=curl pid=1');
	assert.deepEqual(chipsOf(user), ['pod=xwing', 'ns="\\"a b"', 'bin=curl', 'pid=1']);
	for (const [line, words] of [
		['ns', /:ns needs a name/],
		['filter bin~[', /not a regular expression/],
		['save', /:save needs a file name/],
		['ctx prod', /cannot be changed live.*--context prod/],
		['ctx', /--context NAME/],
	] as const) {
		command(user, line);
		assert.match(flashOf(user), words);
		assert.equal(chipsOf(user).length, 4);
	}
});

test('commands that open a view go there, and :filter without a text lists the filters', () => {
	const user = command(userOf(), 'nodes');
	assert.equal(user.ui.view, 'nodes');
	command(user, 'policies');
	assert.equal(user.ui.view, 'policies');
	command(user, 'filter');
	assert.match(flashOf(user), /no filter is set/);
	command(user, 'pod xwing');
	command(user, 'filter');
	assert.equal(user.ui.overlay?.type, 'chips');
});

test(':set turns each switch by name, and says what it takes', () => {
	const user = userOf();
	for (const [line, read] of [
		['host=on', () => user.ui.tree.showHost],
		['infra on', () => user.ui.tree.showInfra],
		['flat=on', () => user.ui.tree.flat],
		['probes=off', () => !user.ui.events.showProbes],
		['fold=off', () => !user.ui.events.fold],
		['wrap=on', () => user.ui.events.wrap],
		['time=utc', () => user.ui.events.time === 'utc'],
		['bell=on', () => user.ui.bell],
	] as const) {
		assert.equal(read(), false, line);
		command(user, `set ${line}`);
		assert.equal(read(), true, line);
		assert.match(flashOf(user), /: (on|off|utc)$/);
	}

	command(user, 'set');
	assert.match(flashOf(user), /:set takes host, infra/);
	command(user, 'set constructor=on');
	assert.match(flashOf(user), /:set takes host, infra/);
	command(user, 'set wrap=maybe');
	assert.match(flashOf(user), /wrap is one of: on, off/);
});

test('no two commands share a name', () => {
	const names = commandTable.flatMap(({name, aliases = []}) => [name, ...aliases]);
	assert.equal(new Set(names).size, names.length);
});

test('Tab completes commands and what they take, fuzzy, and the grey rest is shown', () => {
	for (const [typed, line] of [
		['the', 'theme'],
		['theme hc', 'theme high-contrast'],
		['theme li', 'theme light'],
		['set wrap', 'set wrap=on'],
		['ns de', 'ns default'],
		['pod xw', 'pod xwing'],
		['node min', 'node minikube'],
		['mark', 'mark'],
		['filter bin', 'filter bin'],
	] as const) {
		const user = userOf();
		user.type(`:${typed}`);
		user.press('tab');
		assert.equal(user.ui.prompt?.editor.text, line, typed);
	}

	const user = userOf();
	user.type(':them');
	assert.ok(user.screen().some(row => /:theme +Tab: theme/.test(row)));
});

test(':help, :theme and :sort', () => {
	assert.equal(command(userOf(), 'help').ui.overlay?.type, 'help');
	assert.deepEqual(command(userOf(), 'theme mono').effects, [{type: 'theme', name: 'mono'}]);
	assert.deepEqual(command(userOf(), 'theme').effects, [{type: 'theme'}]);
	assert.match(flashOf(command(userOf(), 'theme pink')), /one of/);
	const user = userOf();
	user.press('1');
	assert.match(flashOf(command(user, 'sort pink')), /sorted by one of/);
	assert.equal(command(user, 'sort').ui.overlay?.type, 'menu');
});
