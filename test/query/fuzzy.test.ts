import assert from 'node:assert/strict';
import process from 'node:process';
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
	assert.deepEqual(names('api', pod('capital', 9), pod('api-1')), ['api-1', 'capital']);
});

test('a slip of the fingers still finds the pod', () => {
	assert.deepEqual(names('tiefigther', pod('tiefighter'), pod('xwing'), pod('deathstar-6fb5')), ['tiefighter']);
});

test('letters far apart are a coincidence', () => {
	assert.ok(isFuzzyMatch('xwi', 'xwing'));
	assert.ok(isFuzzyMatch('dstar', 'deathstar-6fb5'));
	assert.ok(!isFuzzyMatch('xwi', 'xylophone-web-internal'));
	assert.ok(!isFuzzyMatch('xwi', 'deathstar'));
	assert.ok(!isFuzzyMatch('API', 'api'), 'a capital letter cares for case');
});

test('5 000 pods rank in under 8 ms a key', () => {
	const words = ['api', 'web', 'worker', 'nightly', 'payment', 'gateway', 'cache', 'search', 'report', 'auth'];
	const pods = Array.from({length: 5000}, (_, index) => {
		const first = words[index % 10]!;
		const second = words[Math.floor(index / 10) % 10]!;
		const hash = Math.imul(index + 1, 2_654_435_761) >>> 0;
		return pod(
			`${first}-${second}-${hash.toString(36)}-${(hash ^ 0x5b_d1_e9).toString(36).slice(0, 5)}`,
			index % 97 === 0 ? 1 : 0,
			index % 13,
		);
	});
	const keys = [
		'a',
		'ap',
		'api',
		'api-',
		'api-w',
		'api-we',
		'wrk',
		'nightlyrep',
		'gatewya',
		'zzz',
		'payments/api',
		'c4',
	];
	for (let warm = 0; warm < 5; warm++) {
		for (const key of keys) {
			rankPods(key, pods, 10);
		}
	}

	const medians = keys.map(key => {
		const times = Array.from({length: 9}, () => {
			// CPU, not the clock on the wall: other tests run beside this one.
			const start = process.cpuUsage();
			rankPods(key, pods, 10);
			return process.cpuUsage(start).user / 1000;
		}).sort((a, b) => a - b);
		return times[4]!;
	});
	assert.ok(Math.max(...medians) < 8, keys.map((key, index) => `${key} ${medians[index]!.toFixed(1)} ms`).join(', '));
});
