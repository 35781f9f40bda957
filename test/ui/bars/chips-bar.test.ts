import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Narrowing} from '../../../source/query/narrowing.js';
import type {UiState} from '../../../source/ui/state/state.js';
import {User} from '../user.js';

const pod: Narrowing = {text: '--pod ^tie', isAtAgent: true, hides: {by: 'start'}};

function user(columns = 120, change: Partial<UiState> = {}): User {
	const one = new User(columns, columns === 80 ? 24 : 40);
	one.scene.play(one.scene.node('a'), 'tutorial-exec');
	one.ui = {...one.ui, ...change};
	return one;
}

function filter(one: User, text: string): void {
	one.type(`/${text}`);
	one.press('enter');
}

/** Each way of the screen to hide events, by its keys, and its chip. */
const ways: Readonly<Record<string, readonly [(one: User) => void, RegExp]>> = {
	'a filter': [one => filter(one, 'ev:exit'), /│ ev:exit ✕/],
	'F on a process': [one => one.press('1', 't', 'F'), /│ F \S+ \d+ ✕/],
	'only alerts': [one => one.press('a'), /│ only alerts ✕/],
	'health probes': [one => one.press('P'), /│ probes hidden ✕/],
	'a flag': [
		one => {
			one.ui = {...one.ui, given: [pod]};
		},
		/│ --pod \^tie \[S\]/,
	],
};

for (const [name, [act, chip]] of Object.entries(ways)) {
	test(`${name} is a chip of line 2`, () => {
		for (const columns of [80, 120]) {
			const one = user(columns);
			assert.doesNotMatch(one.screen()[1] ?? '', chip);
			act(one);
			assert.match(one.screen()[1] ?? '', chip);
		}
	});
}

test('nothing is called shown of all while the agents withhold events', () => {
	for (const columns of [80, 120]) {
		const one = user(columns, {given: [pod]});
		const {total} = one.picture.feed;
		assert.match(one.screen()[1] ?? '', new RegExp(`${total} of ${total} asked for`));
		assert.doesNotMatch(one.screen()[1] ?? '', / shown/);
	}
	const replay = user(120, {given: [{...pod, isAtAgent: false}], mode: 'replay'});
	replay.scene.store.hide(0);
	assert.match(replay.screen()[1] ?? '', /asked for, 1 left out/);
});

test('what a stream was not asked for before is missing also when its chip is gone', () => {
	const one = user(120, {wasNarrowed: true});
	assert.match(one.screen()[1] ?? '', /asked for/);
});

test('on 80 columns the first chips are shown, and how many more there are', () => {
	const one = user(80);
	for (const text of ['ev:exec', 'ns:default', 'bin:curl', 'pod:xwing']) {
		filter(one, text);
	}
	assert.match(one.screen()[1] ?? '', /│ ev:exec ✕ │ ns:default ✕ │ \+2 │/);
});

test('a long chip is cut, and does not hide the count', () => {
	const one = user(80);
	filter(one, `pod:${'x'.repeat(90)}`);
	assert.match(one.screen()[1] ?? '', /│ pod:x+….*x ✕ │ 0 of \S+ shown/);
});

test('the list of the filters has every narrowing, and how it ends', () => {
	const one = user(120, {given: [pod]});
	one.press('P');
	filter(one, 'ev:exec');
	one.type(':filter');
	one.press('enter');
	const screen = one.screen().join('\n');
	assert.match(screen, /--pod \^tie +\[S\] +until the end/);
	assert.match(screen, /probes hidden +P ends it/);
	assert.match(screen, /▸ ev:exec/);
});
