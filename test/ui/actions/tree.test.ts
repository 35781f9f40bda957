import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {User} from '../user.js';
import {chooseRow, flashOf, set, userOf} from './recorded-user.js';

function under(user: User): {readonly type: string; readonly folded: boolean; readonly depth: number} | undefined {
	return user.picture.tree.at(user.picture.tree.indexOf(String(user.ui.cursors.processes?.id)));
}

test('+ opens a row, - folds it, = turns it; a leaf does neither', () => {
	const user = chooseRow(userOf(), ({type}) => type === 'namespace');
	const id = user.ui.cursors.processes?.id;
	user.press('=');
	const wasFolded = under(user)?.folded;
	user.press('=');
	assert.equal(under(user)?.folded, !wasFolded);
	user.press('+');
	assert.equal(under(user)?.folded, false);
	user.press('-');
	assert.equal(under(user)?.folded, true);
	user.press('+');
	assert.equal(under(user)?.folded, false);
	assert.equal(user.ui.cursors.processes?.id, id);
	chooseRow(user, ({binary}) => binary === '/usr/bin/head');
	const before = user.ui;
	user.press('+', '=');
	assert.equal(user.ui.tree.folded, before.tree.folded);
});

test('- on a leaf or a folded row goes to its parent, up to the top', () => {
	const user = chooseRow(userOf(), ({binary}) => binary === '/usr/bin/head');
	const types: string[] = [];
	for (let press = 0; press < 12; press++) {
		user.press('-');
		types.push(`${under(user)?.type}`);
	}

	assert.deepEqual([...new Set(types)], ['process', 'container', 'pod', 'namespace']);
	const before = user.ui;
	user.press('-');
	assert.equal(user.ui, before, 'above the top there is nothing');
});

test('Backspace folds into the parent; at the top nothing happens', () => {
	const user = chooseRow(userOf(), ({binary}) => binary === '/usr/bin/head');
	user.press('backspace');
	assert.deepEqual([under(user)?.type, under(user)?.folded], ['process', true]);
	chooseRow(user, ({type}) => type === 'namespace');
	const before = user.ui;
	user.press('backspace');
	assert.equal(user.ui, before);
});

test('x folds all while anything is open, else opens all', () => {
	const user = chooseRow(userOf(), ({type}) => type === 'namespace');
	user.press('x');
	const folded = user.picture.tree.length;
	user.press('x');
	assert.ok(user.picture.tree.length > folded);
	user.press('x');
	assert.equal(user.picture.tree.length, folded);
});

test('an empty tree takes all its keys', () => {
	const user = set(userOf(), {focus: 'processes'});
	user.type('/pod=nowhere');
	user.press('enter', '1', '+', '-', '=', 'backspace', 'x');
	assert.match(flashOf(user), /Esc removes/);
});

test('t, H and K turn the flat list, host processes and the infrastructure', () => {
	const user = set(userOf(), {focus: 'processes'});
	user.press('t', 'H', 'K');
	assert.deepEqual([user.ui.tree.flat, user.ui.tree.showHost, user.ui.tree.showInfra], [true, true, true]);
	user.press('t', 'H', 'K');
	assert.deepEqual([user.ui.tree.flat, user.ui.tree.showHost, user.ui.tree.showInfra], [false, false, false]);
});

test('F follows a process and its children, again ends it; a group cannot be followed', () => {
	const user = chooseRow(userOf(), ({binary}) => binary === '/usr/bin/head');
	const id = user.ui.cursors.processes?.id;
	user.press('F');
	assert.equal(user.ui.tree.followProcess?.execId, id);
	assert.ok(user.picture.feed.shown < 78);
	user.press('F');
	assert.equal(user.ui.tree.followProcess, undefined);
	assert.match(flashOf(user), /no longer following/);
	chooseRow(user, ({type}) => type === 'namespace').press('F');
	assert.equal(user.ui.tree.followProcess, undefined);
	assert.match(flashOf(user), /F follows a process/);
});
