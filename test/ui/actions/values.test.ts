import assert from 'node:assert/strict';
import {test} from 'node:test';
import {kindOf} from '../../../source/ui/panes/pane-kinds.js';
import type {Value} from '../../../source/ui/panes/row-values.js';
import type {User} from '../user.js';
import {chipsOf, chooseRow, command, flashOf, menuOf, set, userOf} from './recorded-user.js';

function valuesUnder(user: User): readonly Value[] {
	return kindOf(user.ui).values(user.actionScene);
}

function valuesOf(user: User): Readonly<Record<string, string>> {
	return Object.fromEntries(valuesUnder(user).map(({field, value}) => [field, value]));
}

test('an alert gives its policy first, then where it happened', () => {
	const user = userOf();
	user.press('3');
	const [first] = valuesUnder(user);
	assert.equal(first?.field, 'pol');
	assert.deepEqual(valuesOf(user), {
		pol: 'file-monitoring-filtered',
		pod: 'tiefighter',
		ns: 'default',
		bin: '/usr/bin/head',
		c: 'spaceship',
		node: 'minikube',
	});
});

test('a process gives pod, binary, pid and node; a group the groups around it', () => {
	const user = chooseRow(userOf(), ({binary}) => binary === '/usr/bin/head');
	assert.equal(valuesOf(user)['bin'], '/usr/bin/head');
	assert.equal(valuesOf(user)['node'], 'minikube');
	assert.match(valuesOf(user)['pid'] ?? '', /^\d+$/);
	chooseRow(user, ({type}) => type === 'container');
	const {c, pod, ns, ...more} = valuesOf(user);
	assert.ok(c && pod && ns);
	assert.deepEqual(more, {});
	chooseRow(user, ({type}) => type === 'host');
	assert.deepEqual(valuesOf(user), {ns: ''});
});

test('an event gives its process, node and type; its detail the same', () => {
	const user = userOf();
	user.press('2', 'g');
	const inFeed = valuesOf(user);
	assert.equal(inFeed['node'], 'minikube');
	assert.match(inFeed['ev'] ?? '', /^process_/);
	user.press('enter');
	assert.equal(user.ui.focus, 'detail');
	assert.deepEqual(valuesOf(user), inFeed);
});

test('the detail of an alert or a process gives the values of that', () => {
	const user = userOf();
	user.press('3', 'enter');
	assert.equal(user.ui.focus, 'detail');
	assert.equal(valuesOf(user)['pol'], 'file-monitoring-filtered');
	assert.equal(valuesOf(user)['bin'], '/usr/bin/head');
	chooseRow(user, ({binary}) => binary === '/usr/bin/head');
	user.press('d');
	assert.equal(user.ui.detail.subject?.type, 'process');
	assert.equal(valuesOf(user)['node'], 'minikube');
	assert.equal(valuesOf(set(user, {detail: {...user.ui.detail, subject: undefined}}))['bin'], undefined);
});

test('the views give a policy and a node', () => {
	const user = userOf();
	user.press('4');
	assert.deepEqual(valuesOf(user), {pol: 'file-monitoring-filtered'});
	user.press('5');
	assert.deepEqual(valuesOf(user), {node: 'minikube'});
});

test('what has left the buffer gives no values', () => {
	const user = userOf();
	user.press('2', 'g', 'enter');
	set(user, {detail: {...user.ui.detail, subject: {type: 'event', seq: 1_000_000}}});
	assert.deepEqual(valuesOf(user), {});
});

test('= and ! offer the values as filters, and the chosen one becomes a chip of the main view', () => {
	const user = userOf();
	user.press('3', '=');
	assert.equal(menuOf(user).get('pod'), 'tiefighter');
	user.press('down', 'enter');
	assert.deepEqual(chipsOf(user), ['pod=tiefighter']);
	user.press('!', 'enter');
	assert.deepEqual(chipsOf(user), ['pod=tiefighter', '!pol=file-monitoring-filtered']);
	assert.equal(user.ui.view, 'main');
});

test('o limits to the node under the cursor, 0 takes away the namespaces, Enter in the nodes does as o', () => {
	const user = userOf();
	command(user, 'ns default');
	assert.deepEqual(chipsOf(user), ['ns=default']);
	user.press('2', 'g', 'o');
	assert.deepEqual(chipsOf(user), ['ns=default', 'node=minikube']);
	user.press('0');
	assert.deepEqual(chipsOf(user), ['node=minikube']);
	assert.match(flashOf(user), /all namespaces/);
	const other = userOf();
	other.press('5', 'enter');
	assert.deepEqual([chipsOf(other), other.ui.view], [['node=minikube'], 'main']);
});

test('Enter on a group of the tree limits all panes to it; a filter that is there is not added twice', () => {
	const user = chooseRow(userOf(), ({type}) => type === 'namespace');
	user.press('enter');
	const [chip = ''] = chipsOf(user);
	assert.match(chip, /^ns=/);
	chooseRow(user, ({type}) => type === 'namespace').press('enter');
	assert.deepEqual(chipsOf(user), [chip]);
});

test('with nothing under the cursor there is nothing to filter by or to copy', () => {
	const user = userOf();
	command(user, 'filter pod=nowhere');
	user.press('3', '=');
	assert.equal(user.ui.overlay, undefined);
	assert.match(flashOf(user), /nothing under the cursor/);
	user.press('o', 'C');
	assert.equal(user.ui.overlay, undefined);
	user.press('c');
	assert.deepEqual(user.effects, []);
});
