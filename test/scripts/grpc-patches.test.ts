import assert from 'node:assert/strict';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {temporaryFolder} from '../program/temporary.js';
import {type Packages, printedBy} from './bundled-entry.js';
import type {Received} from './grpc-series.js';

const entry = fileURLToPath(new URL('grpc-series.ts', import.meta.url));
const folder = temporaryFolder();

async function received(packages: Packages): Promise<Readonly<Record<string, Received>>> {
	return JSON.parse(await printedBy(entry, folder, packages)) as Readonly<Record<string, Received>>;
}

/** The status of a connection that breaks depends on what Node reports first: its end, or the reset of the stream. */
function comparable({events}: Received): readonly string[] {
	const ofBreak = /^(status|error) (?:14.*Connection dropped|13.*Received RST_STREAM).*/;
	return events.map(event => event.replace(ofBreak, '$1 of a broken connection'));
}

/** The messages that must come: all, unless the reader leaves or the failure may overtake them. */
function expected(name: string, {sent, messages}: Received): readonly string[] {
	if (name.includes(', at once, ')) {
		return sent.slice(0, messages.length);
	}

	return name.endsWith('leaves') ? sent.slice(0, 5) : sent;
}

test('patched grpc-js delivers the messages that were sent, in order and when asked for, and ends as the plain one', async () => {
	const plain = await received('plain');
	const patched = await received('patched');
	assert.deepEqual(Object.keys(patched), Object.keys(plain));
	const all = Object.values(plain);
	assert.ok(all.flatMap(({messages}) => messages).length > 1000, 'the series has messages');
	assert.deepEqual(plain['odd pieces, call']?.events, ['metadata', 'status 0 ']);
	assert.deepEqual(plain['an error at the end, call']?.events, ['metadata', 'status 13 broken']);

	for (const [name, ofPlain] of Object.entries(plain)) {
		const ofPatched = patched[name]!;
		assert.deepEqual(comparable(ofPatched), comparable(ofPlain), name);
		assert.ok(!ofPatched.events.some(event => /^no/.test(event)), `${name}: ${ofPatched.events.join(', ')}`);
		assert.deepEqual(ofPlain.messages, expected(name, ofPlain), `${name}, plain`);
		assert.deepEqual(ofPatched.messages, expected(name, ofPatched), name);
	}
});
