/** One recording in every form in which people have it gives the same events. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync, gzipSync, zstdCompressSync} from 'node:zlib';
import {RecordingReader} from '../../source/recording/reader.js';
import {sourcesOf} from '../../source/recording/source.js';
import type {Event} from '../../source/tetragon/event/event.js';
import {parseLine} from '../../source/tetragon/json/json-lines.js';

function fixture(name: string): string {
	return fileURLToPath(new URL(`../fixtures/wrapped/${name}`, import.meta.url));
}

const lines = gunzipSync(readFileSync(fixture('events.jsonl.gz')))
	.toString()
	.trimEnd()
	.split('\n');
const expected = lines.map(line => parseLine(line));
const objects = lines.map(line => JSON.parse(line) as Record<string, unknown>);
const at = '2026-11-23T20:35:19.280302784Z';
const esc = '\u001b';

type Read = {readonly events: Event[]; readonly reader: RecordingReader};

async function read(input: string | Buffer | readonly Buffer[], size = 1000): Promise<Read> {
	const bytes = Array.isArray(input) ? Buffer.concat(input) : Buffer.from(input as string);
	const chunks = Array.from({length: Math.ceil(bytes.length / size)}, (_, index) =>
		bytes.subarray(index * size, (index + 1) * size),
	);
	const reader = new RecordingReader(sourcesOf(['-'], Readable.from(chunks)));
	const events: Event[] = [];
	for await (const batch of reader.events()) {
		events.push(...batch.map(({event}) => event));
	}

	return {events, reader};
}

function each(wrap: (line: string, object: Record<string, unknown>, index: number) => unknown): string {
	return `${lines
		.map((line, index) => wrap(line, objects[index] ?? {}, index))
		.map(one => (typeof one === 'string' ? one : JSON.stringify(one)))
		.join('\n')}\n`;
}

function pretty(value: unknown): string {
	return JSON.stringify(value, undefined, 2);
}

/** A text in parts of so many characters. */
function cut(text: string, size: number): string[] {
	return text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
}

function keyValue(value: unknown): unknown {
	if (typeof value === 'string') {
		return {stringValue: value};
	}

	if (typeof value === 'number') {
		return {intValue: String(value)};
	}

	if (typeof value === 'boolean') {
		return {boolValue: value};
	}

	return Array.isArray(value)
		? {arrayValue: {values: value.map(keyValue)}}
		: {
				kvlistValue: {
					values: Object.entries(value as object).map(([key, inner]) => ({key, value: keyValue(inner)})),
				},
			};
}

function utf16(text: string): Buffer {
	return Buffer.from(`\ufeff${text}`, 'utf16le');
}

function tarHeader(name: string, size: number): Buffer {
	const header = Buffer.alloc(512);
	header.write(name, 0);
	header.write('0000644\0', 100);
	header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
	header.write('        ', 148);
	header.write('0', 156);
	header.write('ustar\x0000', 257);
	header.write(
		`${header
			.reduce((sum, byte) => sum + byte, 0)
			.toString(8)
			.padStart(6, '0')}\0 `,
		148,
	);
	return header;
}

function tar(members: Readonly<Record<string, Buffer>>): Buffer {
	const parts = Object.entries(members).flatMap(([name, bytes]) => [
		tarHeader(name, bytes.length),
		bytes,
		Buffer.alloc((512 - (bytes.length % 512)) % 512),
	]);
	return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const kubernetes = {host: 'minikube', pod_name: 'tetragon-x7k2p', namespace_name: 'kube-system'};
const plain = `${lines.join('\n')}\n`;

const forms: Readonly<Record<string, string | Buffer>> = {
	'plain lines': plain,
	'keys in the order of the alphabet': each((_line, object) =>
		Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1))),
	),
	'jq .': objects.map(pretty).join('\n'),
	'jq -C .': objects
		.map(object =>
			pretty(object)
				.replaceAll(/"[^"]*"(?=:)/g, `${esc}[34;1m$&${esc}[0m`)
				.replaceAll('{', `${esc}[1;39m{`),
		)
		.join('\n'),
	'jq -s .': pretty(objects),
	'an array on one line': JSON.stringify(objects),
	'an array, an element a line': `[\n${lines.join(',\n')}\n]\n`,
	'no newline between': lines.join(''),
	'an array of texts': JSON.stringify(lines),
	'Docker json-file': each(line => ({log: `${line}\n`, stream: 'stdout', time: at})),
	'Docker json-file in parts of 500': each(line =>
		cut(`${line}\n`, 500)
			.map(log => JSON.stringify({log, stream: 'stdout', time: at}))
			.join('\n'),
	),
	CRI: each(line => `${at} stdout F ${line}`),
	'CRI in parts, with another stream between': each(line =>
		cut(line, 700)
			.map((part, index, all) => `${at} stdout ${index === all.length - 1 ? 'F' : 'P'} ${part}`)
			.join(`\n${at} stderr F level=info msg=hello\n`),
	),
	'kubectl logs --prefix': each(line => `[pod/tetragon-x7k2p/export-stdout] ${line}`),
	'kubectl logs --prefix --timestamps': each(line => `[pod/tetragon-x7k2p/export-stdout] ${at} ${line}`),
	'kubectl logs --timestamps': each(line => `${at} ${line}`),
	stern: each(line => `${esc}[36mtetragon-x7k2p${esc}[0m ${esc}[36mexport-stdout${esc}[0m ${line}`),
	'stern -o json': each(message => ({
		message,
		nodeName: 'minikube',
		namespace: 'kube-system',
		podName: 'tetragon-x7k2p',
		containerName: 'export-stdout',
	})),
	'stern -o ppextjson': each((_line, message) =>
		pretty({message, nodeName: 'minikube', podName: 'tetragon-x7k2p', containerName: 'export-stdout'}),
	),
	'docker compose logs': each(line => `tetragon-1  | ${line}`),
	'journalctl -o json': each(MESSAGE => ({__REALTIME_TIMESTAMP: '1785000000000000', _HOSTNAME: 'minikube', MESSAGE})),
	'journalctl -o json with bytes': each(line => ({_HOSTNAME: 'minikube', MESSAGE: [...Buffer.from(line)]})),
	'journalctl -o short': each(line => `Nov 23 20:35:19 minikube tetragon[123]: ${line}`),
	'journalctl -o json-pretty': each(MESSAGE => pretty({__REALTIME_TIMESTAMP: '1785000000000000', MESSAGE})),
	syslog: each(line => `<134>1 ${at} minikube tetragon 123 - - ${line}`),
	'Fluent Bit, log': each(line => ({date: 1785000000.5, log: line, kubernetes})),
	'Fluent Bit, log and log_processed': each((line, object) => ({log: `${line}\n`, log_processed: object, kubernetes})),
	'Fluent Bit, log_processed': each((_line, object) => ({log_processed: object, kubernetes})),
	'Fluent Bit, merged': each((_line, object) => ({stream: 'stdout', logtag: 'F', ...object, kubernetes})),
	'Fluent Bit, stdout': each(
		(_line, object, index) => `[${index}] tetragon: [[1785000000.5, {}], ${JSON.stringify(object)}]`,
	),
	'Fluent Bit, lines of CRI': each(line => ({log: `${at} stdout F ${line}`, kubernetes})),
	Vector: each(message => ({
		message,
		source_type: 'kubernetes_logs',
		kubernetes: {pod_node_name: 'minikube'},
		timestamp: at,
	})),
	Filebeat: each(message => ({'@timestamp': at, message, agent: {type: 'filebeat'}, host: {name: 'minikube'}})),
	'Filebeat, decoded': each((message, json) => ({'@timestamp': at, message, json, host: {name: 'minikube'}})),
	'aws logs get-log-events': pretty({
		events: lines.map(message => ({timestamp: 1785000000000, message, ingestionTime: 1785000001000})),
		nextForwardToken: 'f/1',
	}),
	'aws logs get-log-events --output text': each(line => `EVENTS\t1785000001000\t${line}\t1785000000000`),
	'aws logs tail': each(line => `2026-11-23T20:35:19.280000+00:00 kube/tetragon-x7k2p ${line}`),
	'CloudWatch Container Insights': each(line => ({message: JSON.stringify({log: line, kubernetes})})),
	'CloudWatch Logs Insights': JSON.stringify({
		status: 'Complete',
		results: lines.map(value => [
			{field: '@timestamp', value: at},
			{field: '@message', value},
			{field: '@ptr', value: 'CmEKJgoiMTIz'},
		]),
	}),
	'CloudWatch to Firehose': cut(lines.join('\n'), 1e9)
		.flatMap(text => text.split('\n'))
		.map(message =>
			JSON.stringify({messageType: 'DATA_MESSAGE', logEvents: [{id: '1', timestamp: 1785000000000, message}]}),
		)
		.join(''),
	'Splunk HEC': each((_line, event) => ({time: 1785000000.1, host: 'minikube', sourcetype: 'cilium:tetragon', event})),
	'Splunk HEC, texts': each(event => ({time: 1785000000.1, host: 'minikube', event})),
	'Splunk HEC, no newlines': lines.map(event => JSON.stringify({host: 'minikube', event})).join(''),
	'Splunk export': each((line, _object, offset) => ({preview: false, offset, result: {_raw: line, host: 'minikube'}})),
	'Splunk results': JSON.stringify({preview: false, results: lines.map(_raw => ({_raw, _time: at}))}),
	'Splunk CSV': each(line => `"${line.replaceAll('"', '""')}","${at}",minikube`),
	'Elasticsearch hits': JSON.stringify({
		took: 1,
		hits: {total: {value: 78}, hits: objects.map(_source => ({_index: 'a', _source}))},
	}),
	'Elasticsearch hits, texts and fields': pretty({
		hits: {hits: lines.map(message => ({_id: '1', _source: {message}, fields: {message: [message]}}))},
	}),
	elasticdump: each(message => ({_index: 'a', _source: {'@timestamp': at, message}})),
	'gcloud logging read': pretty(
		objects.map((jsonPayload, index) => ({insertId: String(index), jsonPayload, timestamp: at})),
	),
	'Cloud Logging, textPayload': each(textPayload => ({textPayload, resource: {labels: {node_name: 'minikube'}}})),
	Wazuh: each((_line, data) => ({
		timestamp: '2026-08-28T02:33:27.000+0000',
		rule: {level: 12},
		agent: {name: 'm'},
		data,
	})),
	Loki: JSON.stringify({
		status: 'success',
		data: {
			resultType: 'streams',
			result: [{stream: {node_name: 'minikube'}, values: lines.map(line => ['1785000000000000000', line])}],
		},
	}),
	'logcli -o jsonl': each(line => ({labels: {container: 'export-stdout'}, line, timestamp: at})),
	'logcli -o default': each(line => `${at} {container="export-stdout", namespace="kube-system"} ${line}`),
	'logcli -o raw': plain,
	'Grafana Explore': pretty(lines.map(line => ({line, timestamp: '1785000000000000000', fields: {}}))),
	'Grafana Explore, text': each(line => `${at}\t${line}`),
	'OTLP, texts': each(stringValue => ({
		resourceLogs: [
			{
				resource: {attributes: [{key: 'k8s.node.name', value: {stringValue: 'minikube'}}]},
				scopeLogs: [{logRecords: [{timeUnixNano: '1785000000000000000', body: {stringValue}}]}],
			},
		],
	})),
	'OTLP, maps': each((_line, object) => ({resourceLogs: [{scopeLogs: [{logRecords: [{body: keyValue(object)}]}]}]})),
	'Azure Log Analytics': each(LogMessage => ({TimeGenerated: at, Computer: 'minikube', LogMessage})),
	Datadog: each((_line, object) => ({id: '1', content: {timestamp: at, host: 'minikube', attributes: object}})),
	'Kafka, JSON in JSON in JSON': each(line => ({value: JSON.stringify({payload: JSON.stringify({msg: line})})})),
	'UTF-16': utf16(plain.replaceAll('\n', '\r\n')),
	zstd: zstdCompressSync(plain),
	'gzip in a tar in gzip': gzipSync(
		tar({
			'sysdump/pods.yaml': Buffer.from('kind: List\nitems: []\n'),
			'sysdump/pods.json': Buffer.from(pretty({kind: 'List', items: [{metadata: {name: 'process_exec'}}]})),
			'sysdump/tetragon.log.gz': gzipSync(plain),
		}),
	),
};

for (const [name, input] of Object.entries(forms)) {
	test(`${name}: the same events, and no line is lost`, async () => {
		for (const size of [1000, 1_000_000]) {
			const {events, reader} = await read(input, size);
			assert.equal(reader.malformed?.first[0]?.why, name.startsWith('CRI in parts') ? 'it is not JSON' : undefined);
			assert.deepEqual(reader.problems, []);
			assert.equal(events.length, expected.length);
			const others = events.map(({time, node_name: node}) => ({time, node}));
			assert.deepEqual(
				others,
				expected.map(event => ({time: event?.time, node: event?.node_name})),
			);
			const isMerged = name === 'Fluent Bit, merged';
			assert.deepEqual(
				isMerged ? events.map(({process_exec: exec}) => exec) : events,
				isMerged ? expected.map(event => event?.process_exec) : expected,
			);
		}
	});
}

for (const ending of ['xz', 'bz2']) {
	test(`${ending} is unpacked`, async () => {
		const reader = new RecordingReader(sourcesOf([fixture(`events.jsonl.${ending}`)]));
		const events: Event[] = [];
		for await (const batch of reader.events()) {
			events.push(...batch.map(({event}) => event));
		}

		assert.deepEqual(events, expected);
		const packed = readFileSync(fixture(`events.jsonl.${ending}`));
		const {reader: ofCut} = await read(packed.subarray(0, packed.length / 2));
		assert.match(ofCut.problems[0]?.why ?? '', /cut off/);
	});
}

test('the form is named once, with its events', async () => {
	assert.deepEqual([...(await read(forms['Docker json-file'] ?? '')).reader.forms], [['Docker json-file', 78]]);
	assert.deepEqual([...(await read(plain)).reader.forms], []);
});

test('the envelope says node and time where the event does not', async () => {
	const bare = JSON.stringify({process_exec: {process: {pid: 1}}});
	const texts = [
		JSON.stringify({log: bare, stream: 'stdout', time: at, kubernetes: {host: 'worker-1'}}),
		JSON.stringify({__REALTIME_TIMESTAMP: '1785000000000000', _HOSTNAME: 'worker-2', MESSAGE: bare}),
		`[pod/tetragon-a/export-stdout] ${at} ${bare}`,
		JSON.stringify({time: 1785000000.25, host: 'worker-3', event: {process_exec: {process: {pid: 1}}}}),
		JSON.stringify({data: {result: [{stream: {node_name: 'worker-4'}, values: [['1785000000000000001', bare]]}]}}),
	];
	const {events} = await read(texts.join('\n'));
	assert.deepEqual(
		events.map(({node_name: node, time}) => [node, time]),
		[
			['worker-1', at],
			['worker-2', '2026-07-25T17:20:00Z'],
			['tetragon-a', at],
			['worker-3', '2026-07-25T17:20:00.250Z'],
			['worker-4', '2026-07-25T17:20:00.000000001Z'],
		],
	);
});

test('objects that are no events are counted as such, never shown as events of a newer agent', async () => {
	const others = [
		'{"kubernetes":{"host":"a"}}',
		'{"level":"info","msg":"x","time":"2026-11-23T00:00:00Z"}',
		'{"test":{},"a":1}',
	];
	const {events, reader} = await read([...others, lines[0]].join('\n'));
	assert.deepEqual([events.length, reader.malformed?.count], [1, others.length]);
	const newer = {process_new: {process: {pid: 1}}, node_name: 'n', time: at};
	assert.equal((await read(JSON.stringify(newer))).events.length, 1);
});

test('what a process has in its arguments is no event', async () => {
	const injected = JSON.stringify({process_exec: {process: {pid: 666}}});
	const event = {
		process_kprobe: {
			process: {pid: 1, arguments: injected},
			args: [{string_arg: injected}, {process_credentials_arg: {}}, objects[0]],
		},
		time: at,
	};
	for (const text of [
		JSON.stringify(event),
		pretty(event),
		pretty([event]),
		JSON.stringify({log: JSON.stringify(event)}),
	]) {
		const {events} = await read(text);
		assert.ok(
			events.every(({process_kprobe: kprobe}) => kprobe?.process?.pid === 1),
			text,
		);
	}
});

test('a torn line costs itself only, in any place and in any form', async () => {
	for (let at = 3; at < 900; at += 50) {
		const torn = (lines[3] ?? '').slice(0, at);
		const {events, reader} = await read(`${lines[0]}\n${torn}\n${lines[1]}\n${lines[2]}\n`);
		assert.deepEqual([events.length, reader.malformed?.count, reader.malformed?.first[0]?.line], [3, 1, 2], torn);
	}
});

test('an array of any length takes the memory of its longest element', async () => {
	const element = `${lines[0]},\n`;
	const count = Math.ceil((24 * 1024 * 1024) / element.length);
	const {events} = await read(`{"hits":{"hits":[${element.repeat(count)}${lines[0]}]}}`, 100_000);
	assert.equal(events.length, count + 1);
});
