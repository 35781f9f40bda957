import assert from 'node:assert/strict';
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {filesFor} from '../../../source/tetragon/past/export-files.js';
import {leftOutOf} from '../../../source/tetragon/past/export-settings.js';
import {localPast} from '../../../source/tetragon/past/local-past.js';
import {PastLines} from '../../../source/tetragon/past/past-lines.js';
import {textsFor} from '../../../source/tetragon/past/texts.js';

const rotated = ['06-05.263.log', '06-52.167.log.gz', '12-00.000.log'].map(end => `/x/tetragon-2026-11-28T04-${end}`);

function at(time: string) {
	return Date.parse(`2026-11-28T${time}Z`);
}

for (const [from, to, skip, end] of [
	['00:00:00', Number.POSITIVE_INFINITY, '', ''],
	['04:10:00', Number.POSITIVE_INFINITY, rotated[1], ''],
	['04:20:00', Number.POSITIVE_INFINITY, rotated[2], ''],
	// An event may be written a minute after its time.
	['04:07:30', Number.POSITIVE_INFINITY, rotated[0], ''],
	['00:00:00', at('04:05:00'), '', rotated[1]],
] as const) {
	test(`of rotated files those are read that can hold the span from ${from} to ${to}`, () => {
		assert.deepEqual(filesFor(rotated, {fromMs: at(from), toMs: to}), {skip: skip ?? '', end: end ?? ''});
	});
}

test('what the export leaves out is said in words', () => {
	const settings = new Map([
		['export-denylist', '{"health_check":true}\n{"namespace":["", "cilium", "kube-system"]}'],
		[
			'export-allowlist',
			'{"event_set":["PROCESS_EXEC", "PROCESS_EXIT", "PROCESS_KPROBE", "PROCESS_UPROBE", "PROCESS_TRACEPOINT", "PROCESS_LSM"]}',
		],
		['export-rate-limit', '500'],
		['field-filters', '{"fields":"process.exec_id","action":"EXCLUDE"}'],
		['redaction-filters', '{"redact":["--password=(\\\\S+)"]}'],
	]);
	assert.deepEqual(leftOutOf(settings), [
		'no health checks',
		'no host processes',
		'no namespace cilium',
		'no namespace kube-system',
		'no loader, throttle, usdt events',
		'at most 500 events a minute',
		'not all fields of an event',
		'arguments with *****: they are redacted',
	]);
	assert.deepEqual(
		leftOutOf(
			new Map([
				['export-rate-limit', '-1'],
				['export-denylist', 'no JSON\n[]'],
			]),
		),
		[],
	);
});

test('a target becomes texts that each of its lines has; where it cannot, every line is sent', () => {
	assert.deepEqual(textsFor([{namespace: ['default'], pod_regex: ['^x\\.wing$', '^tie$']}]), ['"x.wing"', '"tie"']);
	assert.deepEqual(textsFor([{namespace: ['default', 'a']}]), ['"default"', '"a"']);
	for (const filters of [
		undefined,
		[{labels: ['a=b']}],
		[{namespace: ['']}],
		[{namespace: ['a']}, {}],
		[{pod_regex: ['^a']}],
	]) {
		assert.deepEqual(textsFor(filters), []);
	}
});

test('lines are events however the bytes are cut, and a line without its end is none', () => {
	const file = fileURLToPath(new URL('../../fixtures/past/tetragon.log.gz', import.meta.url));
	const bytes = gunzipSync(readFileSync(file)).subarray(0, 200_000);
	const whole = {fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY};
	const lines = bytes.toString().split('\n').slice(0, -1);
	for (const size of [1000, 7919, 200_000]) {
		const reader = new PastLines(whole);
		const events = [];
		for (let from = 0; from < bytes.length; from += size) {
			events.push(...reader.push(bytes.subarray(from, from + size)));
		}

		assert.deepEqual(
			events.map(({line}) => line.toString()),
			lines,
		);
		assert.equal(reader.malformed, 0);
	}
});

test('on the node itself the file and its rotated ones are read', async t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tt-past-'));
	t.after(() => rmSync(folder, {recursive: true}));
	const fixtures = fileURLToPath(new URL('../../fixtures/past', import.meta.url));
	for (const name of ['tetragon-2026-11-28T04-06-05.263.log', 'tetragon-2026-11-28T04-06-52.167.log']) {
		copyFileSync(path.join(fixtures, `${name}.gz`), path.join(folder, `${name}.gz`));
	}

	const file = path.join(folder, 'tetragon.log');
	writeFileSync(file, gunzipSync(readFileSync(path.join(fixtures, 'tetragon.log.gz'))));
	const past = await localPast(file, folder)(AbortSignal.timeout(5000));
	let count = 0;
	for await (const batch of past.open(
		{fromMs: 0, toMs: Number.POSITIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY},
		[],
		AbortSignal.timeout(5000),
	)) {
		count += batch.length;
	}

	assert.equal(count, 1240);
	await assert.rejects(localPast(undefined)(AbortSignal.timeout(5000)), /the export of the agent is off|no past/);
});
