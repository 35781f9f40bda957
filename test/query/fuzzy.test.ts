import assert from 'node:assert/strict';
import test from 'node:test';
import {rankPods} from '../../source/query/fuzzy.js';
import {isFuzzyMatch} from '../../source/query/fuzzy-match.js';

function pod(name: string, kills = 0, recent = 0) {
	return {namespace: 'default', pod: name, kills, recent};
}

function names(pattern: string, ...pods: Array<ReturnType<typeof pod>>) {
	return rankPods(pattern, pods, 20).map(({pod}) => pod);
}

test('exact before prefix before start of a word before one piece before gaps', () => {
	assert.deepEqual(names('api', pod('xa-p-i'), pod('capital'), pod('web-api-1'), pod('api-7d9f'), pod('api')), [
		'api',
		'api-7d9f',
		'web-api-1',
		'capital',
		'xa-p-i',
	]);
});

test('among equals a pod with kills goes first, then the busiest', () => {
	assert.deepEqual(names('api', pod('api-a'), pod('api-b', 0, 50), pod('api-c', 2)), ['api-c', 'api-b', 'api-a']);
	assert.deepEqual(names('', pod('a'), pod('b', 0, 3), pod('c', 1)), ['c', 'b', 'a']);
});

test('a better match is not overtaken by kills', () => {
	assert.deepEqual(names('api', pod('web-api', 9), pod('api-1')), ['api-1', 'web-api']);
	assert.deepEqual(names('api', pod('capital', 5000), pod('web-api')), ['web-api', 'capital']);
	assert.deepEqual(names('api', pod('capital', 9), pod('api-1')), ['api-1', 'capital']);
});

test('thousands of kills and of events are still in order', () => {
	assert.deepEqual(names('api', pod('api-a', 2000), pod('api-b', 3000)), ['api-b', 'api-a']);
	assert.deepEqual(names('api', pod('api-a', 0, 70_000), pod('api-b', 0, 80_000)), ['api-b', 'api-a']);
});

test('where letters match with gaps, the closer match goes first, wherever it is in the name', () => {
	const close = `${'z'.repeat(60)}tie-f`;
	assert.deepEqual(names('tief', pod('t1i2e3f'), pod(close)), [close, 't1i2e3f']);
});

test('equals are in the order of their names', () => {
	assert.deepEqual(names('api', pod('api-b'), pod('api-c'), pod('api-a')), ['api-a', 'api-b', 'api-c']);
	const [first] = rankPods(
		'api',
		[
			{...pod('api'), namespace: 'b'},
			{...pod('api'), namespace: 'a'},
		],
		20,
	);
	assert.equal(first?.namespace, 'a');
});

test('blanks around the word do not count, and a slash asks for the namespace too', () => {
	assert.deepEqual(names(' ab ', pod('ab'), pod('web')), ['ab']);
	assert.deepEqual(names('default/a', pod('api'), pod('web')), ['api']);
	assert.deepEqual(names('payments/api', pod('api')), []);
	assert.deepEqual(names('d/tiefigther', pod('tiefighter')), [], 'no slip is looked for with a slash');
});

test('no more than the limit is returned', () => {
	assert.equal(rankPods('api', [pod('api-1'), pod('api-2'), pod('api-3')], 2).length, 2);
	assert.equal(rankPods('', [pod('api-1'), pod('api-2'), pod('api-3')], 2).length, 2);
});

test('a slip of the fingers still finds the pod', () => {
	assert.deepEqual(names('tiefigther', pod('tiefighter'), pod('xwing'), pod('deathstar-6fb5')), ['tiefighter']);
});

test('letters far apart are a coincidence', () => {
	assert.ok(isFuzzyMatch('xwi', 'xwing'));
	assert.ok(isFuzzyMatch('dstar', 'deathstar-6fb5'));
	assert.ok(isFuzzyMatch('xwi', 'a-very-long-beginning-x-w-i'));
	assert.ok(!isFuzzyMatch('xwi', 'xylophone-web-internal'));
	assert.ok(!isFuzzyMatch('xwi', 'deathstar'));
	assert.ok(!isFuzzyMatch('API', 'api'), 'a capital letter cares for case');
});

test('a slip shares at least half of the pairs of letters', () => {
	assert.deepEqual(names('api', pod('apx')), ['apx']);
	assert.deepEqual(names('api', pod('aqi')), []);
});

test('a slip is found anywhere in a name', () => {
	const long = `${'a-long-beginning-of-a-name-'.repeat(3)}tiefighter`;
	assert.deepEqual(names('tiefigther', pod(long)), [long]);
});

test('among names that are equally near, kills go first, then the busiest, and no more than asked for', () => {
	const pods = [pod('tiefighter-a'), pod('tiefighter-b', 0, 5), pod('tiefighter-c', 1), pod('tiefighter-d', 2)];
	assert.deepEqual(names('tiefigther', ...pods), ['tiefighter-d', 'tiefighter-c', 'tiefighter-b', 'tiefighter-a']);
	assert.equal(rankPods('tiefigther', pods, 2).length, 2);
	assert.equal(rankPods('tiefigther', [pod('xx-tiefigther'), ...pods], 2).length, 2);
});

test('of very many near names those that share the most are scored', () => {
	const half = Array.from({length: 300}, (_, index) => pod(`tiefig-${String(index).padStart(3, '0')}`, 9, 9));
	assert.equal(rankPods('tiefigther', [...half, pod('tiefighter')], 5)[0]?.pod, 'tiefighter');
});
