import assert from 'node:assert/strict';
import test from 'node:test';
import {Push} from '../../../source/modes/fleet/server-filter.js';
import type {Chip} from '../../../source/query/chip.js';
import {parseChips} from '../../../source/query/parse-chips.js';
import {initialState} from '../../../source/ui/state/initial.js';

function chips(text: string): readonly Chip[] {
	const parsed = parseChips(text);
	assert.ok(!('error' in parsed));
	return parsed.chips;
}

function screen(shown: readonly Chip[]) {
	return initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: false, chips: shown});
}

test("the agents run the target's chips from the first stream on, quoted and anchored, and the chips say so", () => {
	const target = chips('ns=default pod=x.wing');
	const push = new Push({}, false, () => target);
	assert.deepEqual(push.request(), {allow_list: [{namespace: ['default'], pod_regex: ['^x\\.wing$']}]});
	const {ui, stale} = push.update(screen([...target, ...chips('bin:curl')]));
	assert.equal(stale, false, 'the streams already run them');
	assert.deepEqual(
		ui.chips.map(({server}) => server),
		[true, true, false],
	);
	assert.equal(push.update(ui).ui, ui, 'a screen that is marked stays the same object');
});

test('a target chip that is taken away widens the streams again, once', () => {
	const target = chips('ns=default pod=xwing');
	const push = new Push({}, false, () => target);
	push.request();
	push.update(screen(target));
	const without = screen(target.slice(0, 1));
	assert.equal(push.update(without).stale, true);
	assert.equal(push.update(without).stale, false, 'who was told opens them anew, and is not told again');
	assert.deepEqual(push.request(), {allow_list: [{namespace: ['default']}]});
});

test('with --server-filter the agents run every chip that they can', () => {
	const push = new Push({}, true, () => []);
	assert.deepEqual(push.request(), {});
	const {ui, stale} = push.update(screen(chips('ns=payments arg:secret node:worker')));
	assert.equal(stale, true);
	assert.deepEqual(
		ui.chips.map(({server}) => server),
		[true, true, false],
	);
	assert.deepEqual(push.request().allow_list?.[0]?.namespace, ['payments']);
});

test('the flags hold beside the chips, and where both ask about one field nothing wanted is left out', () => {
	const push = new Push(
		{allow_list: [{namespace: ['default']}], deny_list: [{event_set: ['PROCESS_EXIT']}]},
		false,
		() => chips('ns=payments pod=xwing'),
	);
	assert.deepEqual(push.request(), {
		allow_list: [{namespace: ['default'], pod_regex: ['^xwing$']}],
		deny_list: [{event_set: ['PROCESS_EXIT']}],
	});
});

test('a chip that is turned off is asked of no agent, and the screen remembers that the streams were narrower', () => {
	const target = chips('ns=default');
	const push = new Push({}, false, () => target);
	push.request();
	const {ui} = push.update(screen(target));
	assert.equal(ui.wasNarrowed, true);
	const off = {...ui, chips: ui.chips.map(chip => ({...chip, off: true}))};
	const after = push.update(off);
	assert.equal(after.stale, true);
	assert.deepEqual(push.request(), {});
	assert.deepEqual([after.ui.chips[0]?.server, after.ui.wasNarrowed], [false, true]);
});
