/** The reports of `tetratop kills`: the form that docs/schema.md promises, and the words of the screen. */
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {reportSchema, schemaName} from '../../source/modes/replay/kill-report.js';
import {recordingsFolder} from '../agent/recordings.js';
import {runProgram} from '../program/program.js';

type Schema = {
	readonly type?: string;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
};

/** The part of JSON schema that the schema uses. */
function mistakes(value: unknown, schema: Schema, place = ''): string[] {
	if (schema.const !== undefined || schema.enum !== undefined) {
		return (schema.enum ?? [schema.const]).includes(value) ? [] : [`${place} is ${JSON.stringify(value)}`];
	}

	switch (schema.type) {
		case 'array': {
			return Array.isArray(value)
				? value.flatMap((one, index) => mistakes(one, schema.items ?? {}, `${place}[${index}]`))
				: [`${place} is no list`];
		}

		case 'object': {
			const object = value as Readonly<Record<string, unknown>>;
			const missing = (schema.required ?? [])
				.filter(name => !(name in object))
				.map(name => `${place}.${name} is missing`);
			const others = Object.keys(object)
				.filter(name => schema.properties?.[name] === undefined)
				.map(name => `${place}.${name} is not in the schema`);
			const inner = Object.entries(object).flatMap(([name, one]) =>
				mistakes(one, schema.properties?.[name] ?? {}, `${place}.${name}`),
			);
			return [...missing, ...others, ...inner];
		}

		case 'integer': {
			return Number.isInteger(value) ? [] : [`${place} is ${JSON.stringify(value)}`];
		}

		default: {
			return typeof value === schema.type ? [] : [`${place} is ${JSON.stringify(value)}`];
		}
	}
}

const file = path.join(recordingsFolder, 'file-enforce/events.jsonl.gz');
const past = fileURLToPath(new URL('../fixtures/past', import.meta.url));

type Report = Readonly<Record<string, string>> & {readonly chain: ReadonlyArray<Readonly<Record<string, string>>>};

async function reports(...words: readonly string[]): Promise<Report[]> {
	const {stdout} = await runProgram(['kills', '-o', 'json', ...words]);
	return stdout
		.trimEnd()
		.split('\n')
		.filter(line => line !== '')
		.map(line => JSON.parse(line) as Report);
}

test('each report is of the schema, with state, proof, chain and what to run next', async () => {
	const all = await reports('--input-file', file);
	assert.equal(all.length, 3);
	for (const report of all) {
		assert.deepEqual(mistakes(report, reportSchema() as Schema), []);
		assert.deepEqual([report['schema'], report['state'], report['exit_signal']], [schemaName, 'KILLED', 'SIGKILL']);
		assert.match(report['proof'] ?? '', /^exit .* signal SIGKILL, \d+ ms after the call/);
		assert.ok(report.chain.length > 1);
	}
});

test('a real agent killed sixteen times, and the files have them all', async () => {
	const all = await reports('--input-file', `${past}/tetragon*`);
	assert.equal(all.length, 16);
	assert.ok(all.every(report => report['binary'] === '/usr/bin/cat' || report['object'] === '/etc/shadow'));
	const some = await reports('--input-file', `${past}/tetragon*`, '--since', '2026-11-28T04:06:20Z');
	assert.ok(some.length > 0 && some.length < 16);
});

test('the exit code says whether one of the named states was seen', async () => {
	for (const [states, code] of [
		['killed', 3],
		['would,unseen', 0],
		['denied,killed', 3],
	] as const) {
		const ended = await runProgram(['kills', '--input-file', file, '--fail-on', states]);
		assert.deepEqual([ended.code, ended.stderr], [code, ''], states);
	}
});

test('what --redact names is in no form of the report', async () => {
	for (const form of ['text', 'json', 'csv']) {
		const {stdout} = await runProgram(['kills', '--input-file', file, '-o', form, '--redact', '/etc/(shadow|bar)']);
		assert.match(stdout, /\/etc\/\*\*\*/);
		assert.doesNotMatch(stdout, /shadow|\/bar/);
	}
});

test('no foreign byte of a JSON report acts, and the report says the same', async t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-kills-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	const acting = '\u009b2J\u202e\u2028';
	const plain = gunzipSync(readFileSync(file)).toString();
	const hostile = path.join(folder, 'hostile.jsonl');
	writeFileSync(hostile, plain.replaceAll('"arguments":"/etc/shadow"', `"arguments":"/etc/shadow${acting}"`));
	const {stdout} = await runProgram(['kills', '--input-file', hostile, '-o', 'json']);
	assert.doesNotMatch(stdout, /[\u0080-\u009f\u202e\u2028]/);
	assert.ok(
		stdout
			.trimEnd()
			.split('\n')
			.some(line => JSON.stringify(JSON.parse(line)).includes(acting)),
	);
});
